// Package archive keeps a whole bridge in one file: its database, the key that opens the secrets in it, and what it is of. The
// file is a .tar.gz or, with a password, that in age's format (age-encryption.org), so that tar and age open it without us.
package archive

import (
	"errors"
	"time"
)

// About is what an archive says of itself. It is the first entry, so that what is too new is refused before it is unpacked.
type About struct {
	Format  int       `json:"format"` // of the archive; this program writes and reads 1
	Made    time.Time `json:"made"`
	Version string    `json:"version"` // of the program that made it
	Schema  int64     `json:"schema"`  // of the database
	Address string    `json:"address"` // public address of the bridge, "" if it had none
}

const format = 1

// The entries, in this order. Nothing else in an archive is looked at.
const (
	aboutName    = "about.json"
	keyName      = "songferry.key"
	databaseName = "songferry.db"
)

// Bounds of the small entries, and of what follows the last, in bytes.
const maxAbout, maxKey, maxPadding = 64 << 10, 4 << 10, 1 << 20

var (
	// ErrPassword: the archive is encrypted, and no password or another was given.
	ErrPassword = errors.New("the archive is encrypted with another password")
	// ErrFormat: it is no archive, a damaged one, or one of a later format.
	ErrFormat = errors.New("this is not an archive that this program can read, or a damaged one")
)
