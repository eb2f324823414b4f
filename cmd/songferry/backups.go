package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/archive"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

// The name of a backup is its time, in UTC, so that names in order are backups in order.
const (
	backupPrefix = "songferry-"
	backupTime   = "20060102-150405"
	backupEnd    = ".tar.gz"
	encryptedEnd = ".age" // after backupEnd
)

// backupPassword is the setting with which backups are encrypted and restored, unless another password is typed.
const backupPassword = "SONGFERRY_BACKUP_PASSWORD"

// backupFolder is where backups are.
func (s Settings) backupFolder() string { return filepath.Join(s.Data, "backups") }

// BackupOnce makes a backup when the newest is older than the interval, or there is none, and an account to be saved.
func (b *bridge) BackupOnce(ctx context.Context) (int, error) {
	if b.settings.BackupInterval <= 0 {
		return 0, nil
	}
	newest, err := newestBackup(b.settings.backupFolder())
	if err != nil || time.Since(newest) < b.settings.BackupInterval {
		return 0, err
	}
	if accounts, err := b.store.Accounts(ctx); err != nil || len(accounts) == 0 {
		return 0, err
	}
	return 1, b.backUp(ctx, "")
}

// newestBackup returns when the newest backup was made, the zero time if there is none.
func newestBackup(folder string) (newest time.Time, err error) {
	all, err := backupsIn(folder)
	if err != nil || len(all) == 0 {
		return newest, err
	}
	return madeAt(all[len(all)-1]), nil
}

// madeAt reads the time in a backup's name, the zero time if there is none.
func madeAt(name string) time.Time {
	stem := strings.TrimPrefix(filepath.Base(name), backupPrefix)
	at, err := time.Parse(backupTime, stem[:min(len(stem), len(backupTime))])
	if err != nil {
		return time.Time{}
	}
	return at
}

// backupsIn returns the paths of all backups, the oldest first.
func backupsIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // none was made yet
	}
	var all []string
	for _, e := range entries {
		if isBackup(e.Name()) && !madeAt(e.Name()).IsZero() {
			all = append(all, filepath.Join(folder, e.Name()))
		}
	}
	return all, err
}

func isBackup(name string) bool {
	return strings.HasPrefix(name, backupPrefix) && strings.HasSuffix(strings.TrimSuffix(name, encryptedEnd), backupEnd)
}

// backUp writes a backup beside the others, and drops the oldest. password encrypts it; "" leaves that to the settings.
func (b *bridge) backUp(ctx context.Context, password string) error {
	if !b.backing.TryLock() {
		return playlists.Problemf(playlists.Unavailable, nil, "A backup is being made already.")
	}
	defer b.backing.Unlock()
	folder := b.settings.backupFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "The folder for backups cannot be made in the data folder.")
	}
	if password == "" {
		var err error
		if password, err = secret(backupPassword); err != nil {
			return err
		}
	}
	if err := dropUnfinished(folder); err != nil {
		return err
	}
	path := filepath.Join(folder, backupPrefix+time.Now().UTC().Format(backupTime)+backupEnd)
	if password != "" {
		path += encryptedEnd
	}
	if err := b.backUpTo(ctx, path, password); err != nil {
		return err
	}
	return dropOldBackups(folder, b.settings.BackupKeep)
}

// backUpTo writes a backup to a new file at path. When it fails there is none.
func (b *bridge) backUpTo(ctx context.Context, path, password string) error {
	if err := b.roomFor(path); err != nil {
		return err
	}
	part := path + "." + string(playlists.NewID()) + ".part" // another process may back up in the same second
	f, err := os.OpenFile(filepath.Clean(part), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = errors.Join(b.archive(ctx, f, filepath.Dir(path), password), f.Sync(), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}
	if err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "The backup could not be written. Perhaps the disk is full, or the folder is not yours.")
	}
	return nil
}

// roomFor fails when a backup at path, and the copy of the database that it is made of, would fill the disk.
func (b *bridge) roomFor(path string) error {
	have, err := b.storage()
	if err != nil {
		return err
	}
	free, err := freeSpace(filepath.Dir(path))
	if err == nil && free > 0 && free < 2*have.Database {
		return playlists.Problemf(playlists.Unavailable, nil, "A backup needs more room than the disk has left. Make some, or keep fewer backups (SONGFERRY_BACKUP_KEEP).")
	}
	return nil // a folder that is not there is found when the file is opened
}

// archive writes a backup to w. The copy of the database that it is made of is in folder meanwhile.
func (b *bridge) archive(ctx context.Context, w io.Writer, folder, password string) error {
	key, err := os.ReadFile(b.settings.keyPath())
	if err != nil {
		return err
	}
	schema, err := migrations.Schema(ctx, b.db)
	if err != nil {
		return err
	}
	about := archive.About{Made: time.Now().UTC().Truncate(time.Second), Version: version(), Schema: schema}
	if o := b.origin(); o != nil {
		about.Address = o.String()
	}
	copied := filepath.Join(folder, ".songferry-"+string(playlists.NewID())+".db")
	if err := migrations.Backup(ctx, b.db, copied); err != nil {
		return err
	}
	f, err := os.Open(copied)
	if err != nil {
		return err
	}
	return errors.Join(archive.Write(w, about, key, f, password), f.Close(), os.Remove(copied))
}

// dropOldBackups leaves the newest.
func dropOldBackups(folder string, keep int) error {
	all, err := backupsIn(folder)
	if err != nil {
		return err
	}
	for _, path := range all[:max(len(all)-max(keep, 1), 0)] {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // another process may have been faster
			return err
		}
	}
	return nil
}

// unfinishedTime is longer than a backup takes.
const unfinishedTime = 12 * time.Hour

// dropUnfinished removes what a process left that died over a backup: a copy of the database, which is not encrypted.
func dropUnfinished(folder string) error {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "."+backupPrefix) && !(strings.HasPrefix(e.Name(), backupPrefix) && strings.HasSuffix(e.Name(), ".part")) {
			continue
		}
		about, failure := e.Info()
		if failure == nil && time.Since(about.ModTime()) > unfinishedTime {
			failure = os.Remove(filepath.Join(folder, e.Name()))
		}
		if !errors.Is(failure, os.ErrNotExist) {
			err = errors.Join(err, failure)
		}
	}
	return err
}

// listBackups lists them for the pages, the newest first.
func (b *bridge) listBackups() (list []web.Backup, err error) {
	all, err := backupsIn(b.settings.backupFolder())
	for _, path := range slices.Backward(all) {
		about, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // dropped this moment
		}
		if err != nil {
			return nil, err
		}
		list = append(list, web.Backup{Path: path, Made: madeAt(path), Size: about.Size()})
	}
	return list, err
}

// storage tells how large the database is, and how much room there is beside it.
func (b *bridge) storage() (web.Storage, error) {
	path, err := b.settings.database()
	if err != nil {
		return web.Storage{}, err
	}
	var s web.Storage
	if migrations.IsPostgres(path) {
		if s.Database, err = migrations.Size(context.Background(), b.db); err != nil {
			return s, err
		}
		s.Free, err = freeSpace(b.settings.Data) // where backups go
		return s, err
	}
	for _, ending := range []string{"", "-wal"} {
		about, err := os.Stat(path + ending)
		if err == nil {
			s.Database += about.Size()
		} else if !os.IsNotExist(err) {
			return s, err
		}
	}
	s.Free, err = freeSpace(filepath.Dir(path))
	return s, err
}
