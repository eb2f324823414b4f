package migrations

import (
	"errors"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What keeps a database from working, beside ErrDamaged. All but that pass by themselves once somebody has mended the cause.
var (
	ErrFull     = errors.New("the disk is full: make room, and everything goes on by itself")
	ErrReadOnly = errors.New("the database cannot be written: see that the disk is not read-only, and that the data folder and all in it belong to the user that runs Songferry")
	ErrLocked   = errors.New("another program has locked the database: end that program, and everything goes on by itself")
	ErrDisk     = errors.New("the disk with the database cannot be read or written: see whether it is full, was taken away or fails")
)

// Trouble returns which of these, or ErrDamaged, is the cause of an error of the database or of a file; nil for none.
func Trouble(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return ErrFull
	case errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresTrouble(pg.Code)
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) || errors.Is(err, ErrServer) {
		return ErrServer
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code() & 0xff { // the rest says more than anybody can act on
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrLocked
	case sqlite3.SQLITE_IOERR:
		return ErrDisk
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	}
	return nil
}

// ErrServer: the database is not in a file of ours, and its server does not answer.
var ErrServer = errors.New("the PostgreSQL server does not answer, or lets nobody in: see that it runs and that SONGFERRY_DATABASE names it; a Songferry that runs already goes on by itself")

// ErrCrowded: others have all of its connections.
var ErrCrowded = errors.New("the PostgreSQL server has no connection left: raise max_connections there, or end what takes them, and everything goes on by itself")

// postgresTrouble is Trouble for an error that PostgreSQL names by a code (its appendix A).
func postgresTrouble(code string) error {
	switch code {
	case "53100":
		return ErrFull
	case "25006", "42501":
		return ErrReadOnlyRole
	case "53300":
		return ErrCrowded
	case "28000", "28P01", "3D000":
		return ErrLogin
	case "55P03", "40P01", "57014":
		return ErrLocked
	case "58030":
		return ErrDisk
	case "XX001", "XX002":
		return ErrDamaged
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57":
		return ErrServer
	}
	return nil
}

// What PostgreSQL refuses for good, until somebody changes a setting.
var (
	ErrReadOnlyRole = errors.New("the PostgreSQL database cannot be written: see that its role owns the database and may write, and that the server is no standby")
	ErrLogin        = errors.New("the PostgreSQL server knows no such role, password or database: see what SONGFERRY_DATABASE says")
)
