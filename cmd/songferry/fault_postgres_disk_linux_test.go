//go:build postgres

package main

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
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
	i, music, list := onServer(t, address)
	d := i.serve()
	ballast := fill(t, disk)
	songs := []string{music.AddSong(boats)}
	for range 400 { // what fits into the pages that there are fits once
		songs = append(songs, songs[0])
		music.SetPlaylist(list, songs...)
		if code, _, _ := get(i.url+"/readyz", ""); code != http.StatusOK {
			break
		}
	}
	i.awaitReadyz(http.StatusServiceUnavailable, "the disk is full: make room")
	if code, _, err := get(i.url+"/@alice_road_trip", ""); code != http.StatusOK || err != nil {
		t.Errorf("meanwhile the page answers %d, %v", code, err)
	}
	songs = append(songs, music.AddSong(station))
	music.SetPlaylist(list, songs...)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	i.awaitReadyz(http.StatusOK, "ready")
	await(t, "the last edit to be published", func() error {
		_, text, err := get(i.url+"/@alice_road_trip", "")
		if err == nil && !strings.Contains(text, "夜の駅") {
			err = errors.New("it is not on the page")
		}
		return err
	})
	d.stop()
}
