//go:build postgres

package main

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

// serversDisk mounts a small disk for the tests' server, and returns the address of a database on it.
func serversDisk(t *testing.T) (disk, address string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	admin, err := sql.Open("pgx", os.Getenv(migrationstest.Postgres))
	must(err)
	defer admin.Close()
	var data string
	must(admin.QueryRow(`SHOW data_directory`).Scan(&data))
	about, err := os.Stat(data)
	must(err)
	disk, err = os.MkdirTemp("", "songferry-disk-")
	must(err)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=32m"); errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a disk")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(syscall.Unmount(disk, syscall.MNT_DETACH), os.Remove(disk)); err != nil {
			t.Error(err)
		}
	})
	must(os.Chown(disk, int(about.Sys().(*syscall.Stat_t).Uid), -1))
	_, err = admin.Exec(`CREATE TABLESPACE small LOCATION '` + disk + `'`)
	must(err)
	_, err = admin.Exec(`CREATE DATABASE small TABLESPACE small`)
	must(err)
	t.Cleanup(func() {
		admin, err := sql.Open("pgx", os.Getenv(migrationstest.Postgres))
		must(err)
		defer admin.Close()
		_, err = admin.Exec(`DROP DATABASE small WITH (FORCE)`)
		must(err)
		_, err = admin.Exec(`DROP TABLESPACE small`)
		must(err)
	})
	u, err := url.Parse(os.Getenv(migrationstest.Postgres))
	must(err)
	u.Path = "/small"
	db, err := migrations.Open(t.Context(), u.String(), migrations.Upgrade)
	must(err)
	must(db.Close())
	return disk, u.String()
}

// The server's disk is full for a while (SQLSTATE 53100). It is told as of a file, and nothing is lost.
func TestAServersFullDiskIsToldAndOutlived(t *testing.T) {
	t.Parallel()
	disk, address := serversDisk(t)
	i, music, list := withPublished(t, "SONGFERRY_DATABASE="+address)
	d := i.serve()
	ballast := fill(t, disk)
	songs := i.editUntilFull(music, list)
	if code, _, err := get(i.url+"/@alice_road_trip", ""); code != http.StatusOK || err != nil {
		t.Errorf("meanwhile the page answers %d, %v", code, err)
	}
	songs = append(songs, music.AddSong(station))
	music.SetPlaylist(list, songs...)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	i.awaitOutlived()
	d.stop()
}
