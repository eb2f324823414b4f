package migrationstest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
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
	idle []string // addresses of empty ones
}

// inPostgres returns the address of an empty database that no other test uses.
func inPostgres(t testing.TB, server string) string {
	t.Helper()
	databases.mu.Lock()
	defer databases.mu.Unlock()
	var address string
	if n := len(databases.idle); n > 0 {
		address, databases.idle = databases.idle[n-1], databases.idle[:n-1]
	} else {
		made, err := makeDatabase(server)
		if err != nil {
			t.Fatal(err)
		}
		address = made
	}
	t.Cleanup(func() {
		if err := wipe(address); err != nil {
			t.Error(err)
			return
		}
		databases.mu.Lock()
		defer databases.mu.Unlock()
		databases.idle = append(databases.idle, address)
	})
	return address
}

func makeDatabase(server string) (address string, err error) {
	name := "test_" + strings.ToLower(rand.Text())
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	if err := run(server, `CREATE DATABASE `+name); err != nil {
		return "", err
	}
	u.Path = "/" + name
	db, err := migrations.Open(context.Background(), u.String(), migrations.Upgrade)
	if err != nil {
		return "", err
	}
	return u.String(), errors.Join(db.Close(), run(u.String(), keepSeeds))
}

// keepSeeds copies what the migrations wrote.
const keepSeeds = `DO $$ DECLARE t TEXT; BEGIN
	CREATE SCHEMA seeds;
	FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE format('CREATE TABLE seeds.%1$I AS TABLE public.%1$I', t);
	END LOOP;
END $$`

// emptied ends what still uses a database, and leaves in it what the migrations wrote.
const emptied = `DO $$ DECLARE t TEXT; BEGIN
	PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
	FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE format('DELETE FROM public.%1$I', t);
		EXECUTE format('INSERT INTO public.%1$I SELECT * FROM seeds.%1$I', t);
	END LOOP;
END $$`

func wipe(address string) error { return run(address, emptied) }

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
