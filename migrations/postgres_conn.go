package migrations

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConn is a connection that says when it was lost. One goroutine at a time has it.
type postgresConn struct {
	*stdlib.Conn
	meter   *meter
	standby bool // its server may not be written to any more, but another one may
}

// writing is the number of the advisory lock that a transaction holds, "songferr" read as one.
const writing = 0x736f6e6766657272

// manyValues is from how many values on a query is planned for the values it has.
const manyValues = 64

// CheckNamedValue lets text through as PostgreSQL takes it: in UTF-8, without a NUL. What was not so is found nowhere, since nothing
// like it was ever kept.
func (c *postgresConn) CheckNamedValue(v *driver.NamedValue) error {
	if text := reflect.ValueOf(v.Value); text.Kind() == reflect.String {
		v.Value = validText(text.String())
	}
	return c.Conn.CheckNamedValue(v)
}

func validText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// endlessTime bounds what somebody wants done although nobody waits for it, in a context that does not end: the last words of a job
// that is told to stop, to a server that hangs. SQLite's busy_timeout is as long.
const endlessTime = 5 * time.Second

func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Done() != nil {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, endlessTime)
}

func (c *postgresConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	defer c.meter.since(time.Now())
	limit, cancel := bounded(ctx)
	defer cancel()
	r, err := c.Conn.ExecContext(limit, here(query), args)
	return r, c.explained(ctx, err)
}

// here makes a statement PostgreSQL's: what stands in /*! and */ is said to it only. To SQLite it is a comment.
func here(query string) string {
	before, rest, found := strings.Cut(query, "/*!")
	if !found {
		return query
	}
	said, after, _ := strings.Cut(rest, "*/")
	return before + said + here(after)
}

// QueryContext has a query for one of many values planned each time. A plan for whatever values compares each row with each of them:
// that such a list may be hashed the server knows only when it sees the values.
func (c *postgresConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if len(args) >= manyValues {
		args = append([]driver.NamedValue{{Value: pgx.QueryExecModeCacheDescribe}}, args...)
	}
	limit, cancel := bounded(ctx)
	begun := time.Now()
	r, err := c.Conn.QueryContext(limit, here(query), args)
	if err != nil {
		cancel()
		c.meter.since(begun)
		return nil, c.explained(ctx, err)
	}
	return postgresRows{r.(*stdlib.Rows), c, begun, ctx, cancel}, nil
}

func (c *postgresConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	defer c.meter.since(time.Now())
	limit, cancel := bounded(ctx)
	begun, err := c.Conn.BeginTx(limit, opts)
	if err != nil {
		cancel()
		return nil, c.explained(ctx, err)
	}
	tx := postgresTx{begun, c, ctx, cancel}
	if opts.ReadOnly {
		return tx, nil
	}
	if _, err := c.Conn.ExecContext(limit, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, writing), nil); err != nil {
		return nil, errors.Join(c.explained(ctx, err), tx.Rollback())
	}
	return tx, nil
}

func (c *postgresConn) Ping(ctx context.Context) error {
	limit, cancel := bounded(ctx)
	defer cancel()
	return c.explained(ctx, c.Conn.Ping(limit))
}

// answerTime is how long a server may take to say that it is there. Whoever then waits for no end may ask on several connections.
const answerTime = time.Second

// ResetSession asks a connection that has rested whether its server is still there.
func (c *postgresConn) ResetSession(ctx context.Context) error {
	if ctx.Done() == nil {
		limit, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		ctx = limit
	}
	return c.Conn.ResetSession(ctx)
}

// IsValid is false for a connection that is of no use to anybody else: the next one may lead to the server that took over.
func (c *postgresConn) IsValid() bool { return !c.standby }

// explained adds ErrServer to an error with which a connection was lost, unless who asked has given up. What the network says then is
// what it says of any other program's connections. Whether the last statement was done nobody knows.
func (c *postgresConn) explained(ctx context.Context, err error) error {
	var said *pgconn.PgError
	switch {
	case err == nil, err == driver.ErrBadConn, ctx.Err() != nil:
		return err
	case errors.As(err, &said):
		c.standby = c.standby || said.Code == "25006"
		return err
	case c.Conn.Conn().IsClosed():
		return fmt.Errorf("%w: %w", ErrServer, err)
	}
	return err
}

type postgresRows struct {
	*stdlib.Rows
	conn   *postgresConn
	begun  time.Time
	ctx    context.Context
	cancel context.CancelFunc
}

func (r postgresRows) Next(into []driver.Value) error {
	err := r.Rows.Next(into)
	if err == io.EOF {
		return err
	}
	return r.conn.explained(r.ctx, err)
}

func (r postgresRows) Close() error {
	defer r.cancel()
	defer r.conn.meter.since(r.begun)
	return r.Rows.Close()
}

type postgresTx struct {
	driver.Tx
	conn   *postgresConn
	ctx    context.Context
	cancel context.CancelFunc
}

func (t postgresTx) Commit() error {
	defer t.cancel()
	defer t.conn.meter.since(time.Now())
	return t.conn.explained(t.ctx, t.Tx.Commit())
}

func (t postgresTx) Rollback() error {
	defer t.cancel()
	return t.Tx.Rollback()
}
