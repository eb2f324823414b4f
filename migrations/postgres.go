package migrations

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// oldestPostgres is the oldest major version of PostgreSQL that works, and is still maintained.
const oldestPostgres = 13

// ErrPostgresOld: the server is of a version that nobody maintains.
var ErrPostgresOld = fmt.Errorf("the PostgreSQL server is too old: Songferry needs version %d or newer", oldestPostgres)

// ErrPostgresAddress: what SONGFERRY_DATABASE says cannot be read. The address itself is a secret.
var ErrPostgresAddress = errors.New("the address of the PostgreSQL database cannot be read: it looks like postgres://user:password@host:5432/name")

// IsPostgres reports whether a database is named by the address of one in PostgreSQL.
func IsPostgres(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// maxPostgres bounds the connections of a process, which are made as they are needed: a server has 100 by default, for all.
const maxPostgres = 16

// openPostgres opens a database that any number of processes may have open. Of those that start at once one upgrades its schema, and
// the others wait.
func openPostgres(ctx context.Context, address string, m Mode) (*sql.DB, error) {
	db, err := connectPostgres(address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxPostgres)
	db.SetMaxIdleConns(maxPostgres)
	if err := upgradePostgres(ctx, db, m); err != nil {
		if cause := Trouble(err); cause != nil {
			err = fmt.Errorf("%w: %w", cause, err)
		}
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.Close())
	}
	return db, nil
}

func connectPostgres(address string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil { // which repeats the address
		return nil, ErrPostgresAddress
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "songferry"
	}
	return sql.OpenDB(postgresConnector{stdlib.GetConnector(*config)}), nil
}

// snapshot returns a number that differs from those before once a transaction was committed: a hash of which transactions are over.
// (The place in the log that is written ahead will not do: a transaction is in it before others see what it did.)
func snapshot(ctx context.Context, db *sql.DB) (int64, error) {
	var over string
	if err := db.QueryRowContext(ctx, `SELECT pg_current_snapshot()::text`).Scan(&over); err != nil {
		return 0, err
	}
	h := fnv.New64a()
	h.Write([]byte(over))
	return int64(h.Sum64()), nil
}

func upgradePostgres(ctx context.Context, db *sql.DB, m Mode) error {
	var release int
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int / 10000`).Scan(&release); err != nil {
		return err
	}
	if release < oldestPostgres {
		return ErrPostgresOld
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithAllowOutofOrder(true), goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err := version(ctx, provider); err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	if m != Upgrade {
		return ErrOlder
	}
	_, err = provider.Up(ctx)
	return err
}

// postgresConnector opens connections whose transactions exclude each other, as those of SQLite do: what a transaction has read is
// still true when it writes.
type postgresConnector struct{ driver.Connector }

func (c postgresConnector) Driver() driver.Driver { return postgresDriver{c.Connector.Driver()} }

func (c postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return postgresConn{made.(*stdlib.Conn)}, nil
}

// postgresDriver tells dialectOf what a database is.
type postgresDriver struct{ driver.Driver }

type postgresConn struct{ *stdlib.Conn }

// writing is the number of the advisory lock that a transaction holds, "songferr" read as one.
const writing = 0x736f6e6766657272

// CheckNamedValue lets text through as PostgreSQL takes it: in UTF-8, without a NUL. What was not so is found nowhere, since nothing
// like it was ever kept.
func (c postgresConn) CheckNamedValue(v *driver.NamedValue) error {
	if text := reflect.ValueOf(v.Value); text.Kind() == reflect.String {
		v.Value = validText(text.String())
	}
	return c.Conn.CheckNamedValue(v)
}

func validText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// manyValues is from how many values on a query is planned for the values it has.
const manyValues = 64

// QueryContext has a query for one of many values planned each time. A plan for whatever values compares each row with each of them:
// that such a list may be hashed the server knows only when it sees the values.
func (c postgresConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) >= manyValues {
		args = append([]driver.NamedValue{{Value: pgx.QueryExecModeCacheDescribe}}, args...)
	}
	return c.Conn.QueryContext(ctx, query, args)
}

func (c postgresConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.BeginTx(ctx, opts)
	if err != nil || opts.ReadOnly {
		return tx, err
	}
	if _, err := c.Conn.ExecContext(ctx, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, writing), nil); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

// Size returns how many bytes a database in PostgreSQL takes there.
func Size(ctx context.Context, db *sql.DB) (n int64, err error) {
	return n, db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
}

// copyToFile makes a SQLite file at path, which is there and empty, of a database in PostgreSQL.
func copyToFile(ctx context.Context, db *sql.DB, path string) error {
	file, err := Open(ctx, path, Upgrade)
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, db, file), file.Close()) // which empties the write-ahead log into it
}
