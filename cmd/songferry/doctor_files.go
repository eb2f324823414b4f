package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/songferry/songferry/migrations"
)

// lowSpace is the room on a disk under which there is cause to worry, in bytes.
const lowSpace = 200 << 20

// examineFiles looks at the data folder: who may read it, whether the database is whole, how much room is left, how old the
// newest backup is.
func (s *Settings) examineFiles(ctx context.Context, note noter) {
	if err := s.makeDataFolder(); err != nil {
		note.problem("folder", err)
		return
	}
	note("folder", well, "%s can be written.", s.Data)
	s.examineKey(note)
	path, err := s.database()
	if err != nil {
		note.problem("database", err)
		return
	}
	if !migrations.IsPostgres(path) { // whoever opens one in PostgreSQL says what is wrong
		s.examineDatabase(ctx, path, note)
	}
	s.examineBackups(note)
}

func (s *Settings) examineKey(note noter) {
	about, err := os.Stat(s.keyPath())
	switch {
	case os.IsNotExist(err):
		return // openBridge says whether it is missed
	case err != nil:
		note("key", notWell, "%s cannot be read: %v.", s.keyPath(), err)
	case isOpen(about):
		note("key", notWell, "Others on this machine may read %s, which opens everybody's saved logins. Run: chmod 600 %s", s.keyPath(), s.keyPath())
	default:
		note("key", well, "Only this user may read %s.", s.keyPath())
	}
}

// isOpen reports whether others on this machine may read a file. Windows does not say so by its mode.
func isOpen(about os.FileInfo) bool {
	return runtime.GOOS != "windows" && about.Mode().Perm()&0o077 != 0
}

func (s *Settings) examineDatabase(ctx context.Context, path string, note noter) {
	// While a daemon writes, what is in its log may not be in the file: a copy is looked at.
	schema, err := checkCopy(ctx, path, s.Data)
	if err != nil {
		note.problem("database", explainOpen(err))
		return
	}
	note("database", well, "It is whole, and of schema %d.", schema)
	free, err := freeSpace(filepath.Dir(path))
	switch about, err2 := os.Stat(path); {
	case err != nil || err2 != nil || free == 0:
		note("disk", unsure, "How much room is left cannot be seen.")
	case free < lowSpace || free < 2*about.Size():
		note("disk", notWell, "Only %s are left in %s. Make room: a full disk stops everything, and backups and upgrades need room first.", size(free), filepath.Dir(path))
	default:
		note("disk", well, "%s are free, and the database takes %s.", size(free), size(about.Size()))
	}
}

// size writes a number of bytes, such as 164 kB.
func size(bytes int64) string { return humanize.Bytes(uint64(max(bytes, 0))) }

// checkCopy checks a copy of the database at path, in folder meanwhile.
func checkCopy(ctx context.Context, path, folder string) (int64, error) {
	aside, err := os.MkdirTemp(folder, ".doctor-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(aside)
	copied := filepath.Join(aside, "copy.db")
	if err := migrations.BackupFile(ctx, path, copied); err != nil {
		return 0, err
	}
	return migrations.Check(ctx, copied)
}

func (s *Settings) examineBackups(note noter) {
	newest, err := newestBackup(s.backupFolder())
	switch {
	case err != nil:
		note.problem("backups", err)
	case newest.IsZero():
		note("backups", unsure, "There is none in %s. Run: songferry backup", s.backupFolder())
	case s.BackupInterval > 0 && time.Since(newest) > 2*s.BackupInterval:
		note("backups", notWell, "The newest is of %s, though one is due every %s. The log of `songferry serve` says why.", newest.Format("2 January, 15:04"), s.BackupInterval)
	default:
		note("backups", well, "The newest is of %s UTC. Keep copies on another machine.", newest.Format("2 January, 15:04"))
	}
}
