package migrations

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"time"
)

// Busy returns how long statements have run, been read, and transactions begun and been kept, in a database that Open opened: of all
// its connections together, so that it may grow by more than a second in one. Waiting counts: for another's transaction, for
// PostgreSQL's answers, and between rows for who reads them.
func Busy(db *sql.DB) time.Duration {
	if d, ok := db.Driver().(interface{ busy() time.Duration }); ok {
		return d.busy()
	}
	return 0
}

// meter counts the time that a database's connections are at work.
type meter struct{ spent atomic.Int64 } // ns

func (m *meter) busy() time.Duration   { return time.Duration(m.spent.Load()) }
func (m *meter) since(begun time.Time) { m.spent.Add(int64(time.Since(begun))) }

// metered are rows that are read until they are closed.
type metered struct {
	sqliteRows
	meter *meter
	begun time.Time
}

func (r metered) Close() error {
	defer r.meter.since(r.begun)
	return r.sqliteRows.Close()
}

// sqliteRows is what is asked of modernc.org/sqlite's.
type sqliteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	defer s.conn.meter.since(time.Now())
	return s.sqliteStmt.ExecContext(ctx, args)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	begun := time.Now()
	rows, err := s.sqliteStmt.QueryContext(ctx, args)
	if err != nil {
		s.conn.meter.since(begun)
		return nil, err
	}
	return metered{rows.(sqliteRows), s.conn.meter, begun}, nil
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	defer c.meter.since(time.Now())
	tx, err := c.sqliteConn.BeginTx(ctx, opts)
	return meteredTx{tx, c.meter}, err
}

type meteredTx struct {
	driver.Tx
	meter *meter
}

func (t meteredTx) Commit() error {
	defer t.meter.since(time.Now())
	return t.Tx.Commit()
}
