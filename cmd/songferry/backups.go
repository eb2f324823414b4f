package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

// keepBackups is how many backups are kept, the newest.
const keepBackups = 5

// backupFolder is where backups are.
func (s Settings) backupFolder() string { return filepath.Join(s.Data, "backups") }

// backUp writes a backup of the database beside the others, and drops the oldest beyond keepBackups.
func (b *bridge) backUp(ctx context.Context) error {
	if !b.backing.TryLock() {
		return playlists.Problemf(playlists.Unavailable, nil, "A backup is being made already.")
	}
	defer b.backing.Unlock()
	folder := b.settings.backupFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "The folder for backups cannot be made in the data folder.")
	}
	path := filepath.Join(folder, "songferry-"+time.Now().UTC().Format("20060102-150405")+".db")
	if err := migrations.Backup(ctx, b.db, path); err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "The backup could not be written. Perhaps the disk is full.")
	}
	return dropOldBackups(folder)
}

func dropOldBackups(folder string) error {
	all, err := filepath.Glob(filepath.Join(folder, "songferry-*.db"))
	if err != nil {
		return err
	}
	slices.Sort(all) // by their times
	for _, path := range all[:max(len(all)-keepBackups, 0)] {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// storage tells how large the database is, and how much room there is beside it.
func (b *bridge) storage() (web.Storage, error) {
	path, err := b.settings.databasePath()
	if err != nil {
		return web.Storage{}, err
	}
	var s web.Storage
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
