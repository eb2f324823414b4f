package migrations

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// How long a server or the way to it may be silent before a connection is given up: nobody is to wait for ever.
const (
	connectTime = 10 * time.Second // to be let in, unless the address says otherwise (connect_timeout)
	silentTime  = 30 * time.Second // until what was sent must have arrived; a silent peer is asked as long whether it is there
)

// lockTime is how long a statement waits for what another program has locked.
const lockTime = time.Minute

// connectPostgres opens nothing yet: connections are made when they are needed. Their statements wait so long for a lock.
func connectPostgres(address string, lock time.Duration) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil { // which repeats the address
		return nil, ErrPostgresAddress
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "songferry"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	config.DialFunc = (&net.Dialer{
		Timeout:         config.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silentTime / 3, Interval: silentTime / 6, Count: 4},
		Control:         boundSilence,
	}).DialContext
	return sql.OpenDB(postgresConnector{stdlib.GetConnector(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error { return prepare(ctx, conn, lock) })), &meter{}}), nil
}

// prepare readies a connection, of a server that is not too old for what we say to it, or closes it.
func prepare(ctx context.Context, conn *pgx.Conn, lock time.Duration) error {
	err := ErrPostgresOld
	if major := leadingNumber(conn.PgConn().ParameterStatus("server_version")); major == 0 || major >= oldestPostgres {
		err = boundWaiting(ctx, conn, lock)
	}
	if err != nil {
		err = errors.Join(err, conn.Close(ctx)) // nobody else does
	}
	return err
}

// leadingNumber is what a text such as "17.2 (Debian 17.2-1)" begins with, 0 for none.
func leadingNumber(text string) (n int) {
	_, _ = fmt.Sscanf(text, "%d", &n) // 0 says that there is none
	return n
}

// boundWaiting has the server end what would keep others from writing: a transaction whose program is gone or hangs. It is a
// statement, since poolers refuse most of what an address may set.
func boundWaiting(ctx context.Context, conn *pgx.Conn, lock time.Duration) error {
	_, err := conn.Exec(ctx, `SELECT set_config('idle_in_transaction_session_timeout', '5min', false), set_config('lock_timeout', $1, false),
		set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '4', false),
		set_config('tcp_user_timeout', '30s', false)`, strconv.FormatInt(lock.Milliseconds(), 10))
	return err
}

// postgresConnector opens connections whose transactions exclude each other, as those of SQLite do: what a transaction has read is
// still true when it writes.
type postgresConnector struct {
	driver.Connector
	meter *meter
}

func (c postgresConnector) Driver() driver.Driver {
	return postgresDriver{c.Connector.Driver(), c.meter}
}

func (c postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	limit, cancel := bounded(ctx)
	defer cancel()
	made, err := c.Connector.Connect(limit)
	if err != nil {
		return nil, err
	}
	return &postgresConn{Conn: made.(*stdlib.Conn), meter: c.meter}, nil
}

// postgresDriver tells dialectOf what a database is.
type postgresDriver struct {
	driver.Driver
	*meter
}
