//go:build postgres

package migrations_test

import (
	"database/sql"
	"errors"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

// asAdmin runs a statement in the database at address.
func asAdmin(t *testing.T, address, text string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// aRole makes a role with no rights but those it is made with, and returns the address of a database for it.
func aRole(t *testing.T, database, with string) (address string) {
	t.Helper()
	role := "role_" + strings.TrimPrefix(database, "test_")
	asAdmin(t, os.Getenv(migrationstest.Postgres), `CREATE ROLE `+role+` LOGIN `+with)
	return changed(t, func(u *url.URL) { u.User, u.Path = url.User(role), "/"+database })
}

func TestARoleOrAServerThatRefusesIsToldInWords(t *testing.T) {
	t.Parallel()
	refused := func(address string, want error) {
		t.Helper()
		if _, err := migrations.Open(t.Context(), address, migrations.Upgrade); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	database := created(t)
	inside := changed(t, func(u *url.URL) { u.Path = "/" + database })
	asAdmin(t, inside, `REVOKE CREATE ON SCHEMA public FROM PUBLIC`) // as PostgreSQL 15 has it
	refused(aRole(t, database, ``), migrations.ErrReadOnlyRole)
	reader := created(t)
	address := aRole(t, reader, ``)
	asAdmin(t, address, `SELECT 1`)
	asAdmin(t, os.Getenv(migrationstest.Postgres), `ALTER DATABASE `+reader+` SET default_transaction_read_only = on`)
	refused(address, migrations.ErrReadOnlyRole)
	crowded := created(t)
	refused(aRole(t, crowded, `CONNECTION LIMIT 0`), migrations.ErrCrowded)
	refused(answering(t, &pgproto3.ErrorResponse{Severity: "FATAL", Code: "28P01", Message: `password authentication failed for user "songferry"`}), migrations.ErrLogin)
	refused(answering(t, &pgproto3.ErrorResponse{Severity: "FATAL", Code: "57P03", Message: "the database system is starting up"}), migrations.ErrServer)
	old := answering(t, &pgproto3.AuthenticationOk{}, &pgproto3.ParameterStatus{Name: "server_version", Value: "9.6.24"}, &pgproto3.ReadyForQuery{TxStatus: 'I'})
	refused(old, migrations.ErrPostgresOld)
}

// answering is the address of a server that says the same to everybody who connects.
func answering(t *testing.T, said ...pgproto3.BackendMessage) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			go answer(conn, said)
		}
	}()
	return "postgres://songferry:wrong@" + l.Addr().String() + "/songferry?sslmode=disable"
}

func answer(conn net.Conn, said []pgproto3.BackendMessage) {
	defer conn.Close()
	server := pgproto3.NewBackend(conn, conn)
	if _, err := server.ReceiveStartupMessage(); err != nil {
		return // it has hung up
	}
	for _, s := range said {
		server.Send(s)
	}
	if server.Flush() == nil {
		_, _ = server.Receive() // until it hangs up
	}
}

// A server that has become a standby is left, so that the next connection may lead to another one.
func TestAConnectionToAStandbyIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	db := opened(t, migrationstest.File(t))
	db.SetMaxOpenConns(1)
	backend := func() (pid int) {
		t.Helper()
		if err := db.QueryRow(`SELECT pg_backend_pid()`).Scan(&pid); err != nil {
			t.Fatal(err)
		}
		return pid
	}
	before := backend()
	if again := backend(); again != before {
		t.Errorf("a connection that is well is left: %d, then %d", before, again)
	}
	if _, err := db.Exec(`SET default_transaction_read_only = on`); err != nil {
		t.Fatal(err)
	}
	if err := increase(t, db); !errors.Is(migrations.Trouble(err), migrations.ErrReadOnlyRole) {
		t.Errorf("a transaction on a standby: %v", err)
	}
	if backend() == before {
		t.Error("the standby is asked again")
	}
	if err := increase(t, db); err != nil {
		t.Error(err)
	}
}

// A connection that somebody ends while a transaction is at work is the server's trouble, and the next transaction has another one.
func TestAConnectionThatIsEndedIsTheServersTrouble(t *testing.T) {
	t.Parallel()
	address := migrationstest.File(t)
	db := opened(t, address)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // its connection is gone
	if _, err := tx.Exec(`UPDATE counters SET n = 7 WHERE name = 'journal'`); err != nil {
		t.Fatal(err)
	}
	asAdmin(t, address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'songferry'`)
	if err := tx.Commit(); !errors.Is(migrations.Trouble(err), migrations.ErrServer) {
		t.Errorf("it was ended: %v", err)
	}
	if err := increase(t, db); err != nil {
		t.Error(err)
	}
	var n int
	if err := db.QueryRow(`SELECT n FROM counters WHERE name = 'journal'`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
}
