package migrations

import (
	"context"
	"database/sql/driver"
	"time"

	"modernc.org/sqlite"
)

// maxStatements bounds the statements that a connection keeps: a few kilobytes each.
const maxStatements = 128

// connector opens connections that keep their statements. For SQLite inside the process, reading the text of a
// statement takes longer than running it.
type connector struct {
	driver sqliteDriver
	name   string
}

// connectorOf is for the database of a name in SQLite's own form.
func connectorOf(name string) connector {
	return connector{sqliteDriver{&sqlite.Driver{}, &meter{}}, name}
}

type sqliteDriver struct {
	*sqlite.Driver
	*meter
}

func (c connector) Driver() driver.Driver { return c.driver }

func (c connector) Connect(context.Context) (driver.Conn, error) {
	made, err := c.driver.Open(c.name)
	if err != nil {
		return nil, err
	}
	return &conn{sqliteConn: made.(sqliteConn), meter: c.driver.meter, idle: map[string]sqliteStmt{}}, nil
}

// sqliteConn is what modernc.org/sqlite's connections can do, but for running a text at once: database/sql then prepares
// every text, and closes it afterwards.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is a connection with the statements that nobody uses at the moment, by their texts. One goroutine at a time has it.
type conn struct {
	sqliteConn
	meter *meter
	idle  map[string]sqliteStmt
}

func (c *conn) Prepare(text string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), text)
}

// PrepareContext takes an idle statement, or makes one: while rows are being read the same text may be run again.
func (c *conn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	if s, ok := c.idle[text]; ok {
		delete(c.idle, text)
		return &stmt{s, c, text}, nil
	}
	defer c.meter.since(time.Now())
	made, err := c.sqliteConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &stmt{made.(sqliteStmt), c, text}, nil
}

func (c *conn) Close() error {
	for _, s := range c.idle {
		_ = s.Close() // closing the connection says whether something went wrong
	}
	return c.sqliteConn.Close()
}

// stmt goes back to its connection when it is closed.
type stmt struct {
	sqliteStmt
	conn *conn
	text string
}

func (s *stmt) Close() error {
	var one error
	if other, ok := s.conn.idle[s.text]; ok {
		one = other.Close()
	} else if len(s.conn.idle) >= maxStatements {
		one = s.conn.closeAny()
	}
	s.conn.idle[s.text] = s.sqliteStmt
	return one
}

// closeAny makes room. Which one it hits is left to chance, which treats none worse for ever.
func (c *conn) closeAny() error {
	for text, s := range c.idle {
		delete(c.idle, text)
		return s.Close()
	}
	return nil
}
