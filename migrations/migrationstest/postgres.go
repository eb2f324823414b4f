package migrationstest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for what is not a test's own work

	"github.com/songferry/songferry/migrations"
)

// Postgres names the environment variable that has tests use PostgreSQL: the address of a database whose role may make others. They
// stay there, so the server should be one that is thrown away.
const Postgres = "SONGFERRY_TEST_POSTGRES"

// databases are those that this process made in PostgreSQL. To make one takes longer than most stories, to empty it does not.
var databases struct {
	mu   sync.Mutex
	idle []database // empty ones
}

// database is one for tests. The connection that empties it stays: a new one first learns what all the tables are.
type database struct {
	address string
	admin   *sql.DB
}

// inPostgres returns the address of an empty database that no other test uses.
func inPostgres(t testing.TB, server string) string {
	t.Helper()
	databases.mu.Lock()
	defer databases.mu.Unlock()
	var d database
	if n := len(databases.idle); n > 0 {
		d, databases.idle = databases.idle[n-1], databases.idle[:n-1]
	} else {
		made, err := makeDatabase(server)
		if err != nil {
			t.Fatal(err)
		}
		d = made
	}
	t.Cleanup(func() {
		if _, err := d.admin.Exec(emptied); err != nil {
			t.Errorf("empty test database: %v", err)
			return
		}
		databases.mu.Lock()
		defer databases.mu.Unlock()
		databases.idle = append(databases.idle, d)
	})
	return d.address
}

func makeDatabase(server string) (database, error) {
	address, err := createDatabase(server)
	if err != nil {
		return database{}, err
	}
	db, err := migrations.Open(context.Background(), address, migrations.Upgrade)
	if err != nil {
		return database{}, err
	}
	admin, err := sql.Open("pgx", address)
	if err != nil {
		return database{}, errors.Join(err, db.Close())
	}
	_, err = admin.Exec(keepSeeds)
	return database{address, admin}, errors.Join(err, db.Close())
}

// createDatabase makes a database without tables, and returns its address.
func createDatabase(server string) (address string, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	name := "test_" + strings.ToLower(rand.Text())
	u.Path = "/" + name
	return u.String(), run(server, `CREATE DATABASE `+name)
}

// Bare returns the address of a database in PostgreSQL that has no tables.
func Bare(t testing.TB) string {
	t.Helper()
	address, err := createDatabase(os.Getenv(Postgres))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// keepSeeds copies what the migrations wrote.
const keepSeeds = `DO $$ DECLARE t TEXT; BEGIN
	CREATE SCHEMA seeds;
	FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE format('CREATE TABLE seeds.%1$I AS TABLE public.%1$I', t);
	END LOOP;
END $$`

// emptied ends what still uses a database, and leaves in it what the migrations wrote. Most tables have never had a row.
const emptied = `DO $$ DECLARE t TEXT; BEGIN
	PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 LOOP
		EXECUTE format('DELETE FROM public.%1$I', t);
		EXECUTE format('INSERT INTO public.%1$I SELECT * FROM seeds.%1$I', t);
	END LOOP;
END $$`

func run(address, text string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	_, err = db.Exec(text)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("test database: %w", err)
	}
	return nil
}
