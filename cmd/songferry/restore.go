package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/archive"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

type restoreCommand struct {
	File         string `arg:"" help:"The backup, - for the standard input; or a copy of the database that an upgrade left (songferry.db.vN)."`
	PasswordFile string `placeholder:"FILE" help:"The password of an encrypted backup is in this file. Or set SONGFERRY_BACKUP_PASSWORD."`
	Replace      bool   `help:"There is a bridge in the data folder already: move it aside."`
}

func (restoreCommand) Help() string {
	return "Stop `songferry serve` first. The backup is looked through before anything in the data folder changes. What was there is not deleted but moved into a folder beside it."
}

// Run puts the database and the key of a backup where the settings say.
func (c restoreCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	password, err := passwordFor(t, c.PasswordFile)
	if err != nil {
		return err
	}
	path, err := s.database()
	if err != nil {
		return err
	}
	if migrations.IsPostgres(path) {
		return playlists.Problemf(playlists.Invalid, nil, "A backup cannot be restored into PostgreSQL directly: restore it into a folder, without SONGFERRY_DATABASE, and move it with `songferry migrate --from sqlite --to postgres`.")
	}
	if err := s.makeDataFolder(); err != nil {
		return err
	}
	alone, err := s.keepOut(path)
	if err != nil {
		return err
	}
	aside := filepath.Join(s.Data, ".restore-"+string(playlists.NewID()))
	if err := os.Mkdir(aside, 0o700); err != nil {
		return err
	}
	err = c.restore(ctx, *s, path, aside, password, t)
	return errors.Join(err, os.RemoveAll(aside), alone.Close())
}

// restore unpacks into the folder aside, and moves what it found from there when it is sound.
func (c restoreCommand) restore(ctx context.Context, s Settings, path, aside, password string, t terminal) error {
	u, err := c.unpack(aside, password, t.In)
	if err != nil {
		return explainArchive(err)
	}
	if _, err := migrations.Check(ctx, u.Database); err != nil {
		return explainOpen(err)
	}
	replaced, err := c.makeRoom(s, path, u.Key)
	if err != nil {
		return err
	}
	if err := errors.Join(moveKey(u.Key, s.keyPath()), os.Rename(u.Database, path)); err != nil {
		return fmt.Errorf("put the backup into the data folder: %w", err)
	}
	if replaced != "" {
		fmt.Fprintf(t.Out, "What was here before is in %s now.\n", replaced)
	}
	if u.About.Made.IsZero() {
		fmt.Fprintln(t.Out, "The copy of the database is back. Start `songferry serve` of the version that made it.")
		return nil
	}
	fmt.Fprintf(t.Out, "This bridge is what it was on %s UTC. Start `songferry serve`.\n", u.About.Made.UTC().Format("2 January 2006, 15:04"))
	if u.About.Address != "" && u.About.Address != s.URL {
		fmt.Fprintf(t.Out, "Its address is %s, and must lead here.\n", u.About.Address)
	}
	return nil
}

// unpack unpacks the backup, or copies a database that is one by itself: then Key is "".
func (c restoreCommand) unpack(folder, password string, in io.Reader) (u archive.Unpacked, err error) {
	if c.File != "-" {
		f, err := openInput(c.File)
		if err != nil {
			return u, err
		}
		defer f.Close()
		in = f
	}
	const sqlite = "SQLite format 3\x00"
	r := bufio.NewReader(in)
	if start, _ := r.Peek(len(sqlite)); string(start) != sqlite { // whatever is shorter is no archive either
		return archive.Unpack(r, folder, password)
	}
	u.Database = filepath.Join(folder, "copy.db")
	f, err := os.OpenFile(u.Database, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return u, err
	}
	_, err = io.Copy(f, r)
	return u, errors.Join(err, f.Sync(), f.Close())
}

func explainArchive(err error) error {
	switch {
	case errors.Is(err, archive.ErrPassword):
		return playlists.Problemf(playlists.Invalid, err, "The backup is encrypted, and this is not its password, or none was given. Give it with --password-file FILE, or set %s.", backupPassword)
	case errors.Is(err, archive.ErrFormat):
		return playlists.Problemf(playlists.Invalid, err, "This is not a backup that this Songferry can read, or it is damaged. Nothing was changed.")
	}
	return err
}

// makeRoom moves what a backup would replace into a folder of the data folder, and returns it; "" when there was nothing. A copy
// of the database alone leaves the key where it is.
func (c restoreCommand) makeRoom(s Settings, path, key string) (string, error) {
	going := existing(path, path+"-wal", path+"-shm")
	if key == "" {
		if len(existing(s.keyPath())) == 0 {
			return "", playlists.Problemf(playlists.Invalid, nil, "This is a copy of the database alone, and its key file %s is missing. Restore a backup, which has both.", s.keyPath())
		}
	} else if !sameFile(key, s.keyPath()) {
		going = append(going, existing(s.keyPath())...)
	}
	if len(going) == 0 {
		return "", nil
	}
	if !c.Replace {
		return "", playlists.Problemf(playlists.Invalid, nil, "There is a bridge in %s already. Give --replace to move it aside, or set SONGFERRY_DATA to another folder.", s.Data)
	}
	folder, err := os.MkdirTemp(s.Data, "replaced-"+time.Now().UTC().Format(backupTime)+"-*") // two in one second are two
	if err != nil {
		return "", err
	}
	for _, file := range going {
		if err := os.Rename(file, filepath.Join(folder, filepath.Base(file))); err != nil {
			return "", playlists.Problemf(playlists.Invalid, err, "%s cannot be moved aside. Move it yourself, and restore again.", file)
		}
	}
	return folder, nil
}

// existing returns those of the files that there are.
func existing(files ...string) (are []string) {
	for _, file := range files {
		if _, err := os.Lstat(file); err == nil {
			are = append(are, file)
		}
	}
	return are
}

// moveKey puts a key where it belongs, perhaps on another disk. One that is there already is the same.
func moveKey(from, to string) error {
	if from == "" || sameFile(from, to) {
		return nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	_, err = seal.LoadKey(to)
	return err
}

// sameFile reports whether both files are there and hold the same.
func sameFile(a, b string) bool {
	one, err := os.ReadFile(a)
	other, err2 := os.ReadFile(b)
	return err == nil && err2 == nil && bytes.Equal(one, other)
}
