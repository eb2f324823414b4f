package migrations

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// Changes tells whether anything was committed to a database, by this or another process.
type Changes struct {
	mu     sync.Mutex
	conn   driver.Conn
	number sqliteStmt
	row    [1]driver.Value

	server *sql.DB // PostgreSQL; nil for SQLite
}

// maxWatching bounds the connections to PostgreSQL on which a process asks for numbers.
const maxWatching = 2

// WatchChanges opens a connection of its own to a database as Open names it. What is asked of the SQLite file at path means something
// on one connection only, which does not notice what it does itself. It does without database/sql, since it asks for each answer
// that is kept.
func WatchChanges(ctx context.Context, path string) (*Changes, error) {
	if IsPostgres(path) {
		server, err := connectPostgres(path, lockTime)
		if err != nil {
			return nil, err
		}
		server.SetMaxOpenConns(maxWatching)
		server.SetMaxIdleConns(maxWatching)
		return &Changes{server: server}, nil
	}
	made, err := connectorOf(address(path) + "?mode=ro&_pragma=busy_timeout(5000)").Connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("watch database %s: %w", path, err)
	}
	number, err := made.(*conn).sqliteConn.PrepareContext(ctx, `PRAGMA data_version`)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("watch database %s: %w", path, err), made.Close())
	}
	return &Changes{conn: made, number: number.(sqliteStmt)}, nil
}

// Number returns one that differs from all before once something was committed.
func (c *Changes) Number() (int64, error) {
	if c.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), connectTime)
		defer cancel()
		return snapshot(ctx, c.server)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// It takes microseconds. A context that can end would cost a goroutine, and more than that.
	rows, err := c.number.QueryContext(context.Background(), nil)
	if err != nil {
		return 0, err
	}
	err = rows.Next(c.row[:])
	n, ok := c.row[0].(int64)
	if err = errors.Join(err, rows.Close()); err == nil && !ok {
		err = fmt.Errorf("the version of the data is a %T", c.row[0])
	}
	return n, err
}

// Close ends watching.
func (c *Changes) Close() error {
	if c.server != nil {
		return c.server.Close()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(c.number.Close(), c.conn.Close())
}
