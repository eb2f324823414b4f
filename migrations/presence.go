package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

// Presence counts this process among those at work on a database, until it is closed or the process dies: a lock on a file beside that
// of the database, or one that PostgreSQL takes from a connection that ends.
type Presence struct {
	file *flock.Flock // nil in PostgreSQL
	db   *sql.DB      // with one connection, nil in SQLite
}

// ErrNoLocks: the database's folder has no file locks, as on some network file systems, so nobody knows who is at work there.
var ErrNoLocks = errors.New("the database's folder has no file locks")

// ErrAtWork: a Songferry is at work on the database.
var ErrAtWork = errors.New("a Songferry is at work on the database")

// Join counts this process among those at work on a database, named as for Open. If there is nobody else, alone is called before
// anybody can join. The caller closes what is returned, also when alone failed.
func Join(ctx context.Context, name string, alone func(context.Context) error) (*Presence, error) {
	if IsPostgres(name) {
		return joinPostgres(ctx, name, alone)
	}
	p := &Presence{file: lockOf(name)}
	first, err := p.file.TryLock()
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrNoLocks, err)
	}
	if first {
		if err := alone(ctx); err != nil {
			return p, err
		}
		if err := p.file.Unlock(); err != nil {
			return p, err
		}
	}
	_, err = p.file.TryRLockContext(ctx, 10*time.Millisecond)
	return p, err
}

func lockOf(path string) *flock.Flock { return flock.New(path+".lock", flock.SetPermissions(0o600)) }

// present is the number of the advisory lock that everybody at work shares.
const present = writing + 1

// joinPostgres asks on a connection of its own. When that is lost later, whoever joins before the next HoldOnce may think that we are
// dead, and take what we have in hand: then we lose it, as everybody who loses a lease.
func joinPostgres(ctx context.Context, address string, alone func(context.Context) error) (*Presence, error) {
	db, err := connectPostgres(address, lockTime)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // a lock is its connection's
	p := &Presence{db: db}
	var first bool
	if err := db.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(present)).Scan(&first); err != nil {
		return p, err
	}
	if first {
		if err := alone(ctx); err != nil {
			return p, err
		}
	}
	if _, err := db.ExecContext(ctx, `SELECT pg_advisory_lock_shared($1)`, int64(present)); err != nil || !first {
		return p, err
	}
	_, err = db.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(present))
	return p, err
}

// HoldOnce counts this process again if the connection was lost that did so, and returns 1 then.
func (p *Presence) HoldOnce(ctx context.Context) (int, error) {
	if p == nil || p.db == nil {
		return 0, nil
	}
	var held bool
	err := p.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())`).Scan(&held)
	if held || err != nil {
		return 0, err
	}
	_, err = p.db.ExecContext(ctx, `SELECT pg_advisory_lock_shared($1)`, int64(present))
	return 1, err
}

// KeepOut keeps others from the SQLite file at path until what it returns is closed, or fails with ErrAtWork. Where there are no file
// locks nobody is kept out.
func KeepOut(path string) (*Presence, error) {
	p := &Presence{file: lockOf(path)}
	if is, err := p.file.TryLock(); err == nil && !is {
		return nil, ErrAtWork
	}
	return p, nil
}

// Close ends it.
func (p *Presence) Close() error {
	if p.db != nil {
		return p.db.Close()
	}
	return p.file.Unlock()
}
