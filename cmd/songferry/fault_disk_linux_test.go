package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

const diskSize = "8m"

// smallDisk mounts a disk of its own for a test.
func smallDisk(t *testing.T) (path string) {
	t.Helper()
	path = t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size="+diskSize); errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a disk")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return path
}

// fill leaves no room on a disk, and returns what takes it.
func fill(t *testing.T, disk string) (ballast string) {
	t.Helper()
	f, err := os.Create(filepath.Join(disk, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(f, zeroes{})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk has no end: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// onDisk is an installation with Alice and her published list, all of it on a disk of its own.
func onDisk(t *testing.T) (i *installation, music *subsonictest.Server, list string, disk string) {
	t.Helper()
	disk = smallDisk(t)
	i, music, list = withPublished(t, "SONGFERRY_DATA="+disk, keptInFile)
	return i, music, list, disk
}

// The disk is full for a while. The bridge says so, once and in words, answers what it can, and when there is room again it goes on
// by itself and has lost nothing.
func TestAFullDiskIsToldAndOutlived(t *testing.T) {
	t.Parallel()
	i, music, list, disk := onDisk(t)
	d := i.serve()
	ballast := fill(t, disk)
	songs := i.editUntilFull(music, list)

	if s := i.run("playlist", "edit", "--account", "alice", "--title", "Longer", "Road trip"); s.code != 1 || !strings.Contains(s.err, "the disk is full") {
		t.Errorf("a command exits with %d and says %q", s.code, s.err)
	}
	if s := i.run("healthcheck"); s.code != 1 || !strings.Contains(s.err, "the disk is full") {
		t.Errorf("healthcheck exits with %d and says %q", s.code, s.err)
	}
	for address, want := range map[string]int{"/livez": 200, "/@alice_road_trip": 200, "/@alice_road_trip.jspf": 200} {
		if code, _, err := get(i.url+address, ""); code != want || err != nil {
			t.Errorf("meanwhile %s answers %d, %v", address, code, err)
		}
	}
	for range 100 { // while the jobs go on failing
		i.awaitReadyz(http.StatusServiceUnavailable, "the disk is full")
	}

	songs = append(songs, music.AddSong(station))
	music.SetPlaylist(list, songs...)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	i.awaitOutlived()
	d.stop()
	i.logged(`"the database cannot be used" job=`, 1, 2)
	i.logged(`level=ERROR`, 1, 4)
	i.logged(`msg="not ready"`, 1, 4)
	i.logged(`"the database works again"`, 1, 2)
}

func TestOnAFullDiskABridgeDoesNotStart(t *testing.T) {
	t.Parallel()
	i, _, _, disk := onDisk(t)
	ballast := fill(t, disk)
	if s := i.run("serve"); s.code != 1 || !strings.Contains(s.err, "full") || strings.Count(s.err, "\n") != 1 {
		t.Errorf("it exits with %d and says %q", s.code, s.err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	i.serve().stop()
}

// readOnly makes what stands at path unchangeable, for root too.
func readOnly(t *testing.T, path string) {
	t.Helper()
	err := errors.Join(syscall.Mount(path, path, "", syscall.MS_BIND, ""), syscall.Mount("", path, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

func TestAReadOnlyDiskOrDatabaseIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for what, path := range map[string]string{"disk": "", "database": "songferry.db"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			i, _, _, disk := onDisk(t)
			readOnly(t, filepath.Join(disk, path))
			for _, command := range [][]string{{"serve"}, {"playlist", "publish", "--account", "alice", "--audience", "private", "Road trip"}} {
				if s := i.run(command...); s.code != 1 || !strings.Contains(s.err, "cannot be written: see that the disk is not read-only") || strings.Count(s.err, "\n") != 1 {
					t.Errorf("songferry %v exits with %d and says %q", command, s.code, s.err)
				}
			}
			if s := i.run("doctor"); s.code == 0 || !strings.Contains(s.out, "read-only") {
				t.Errorf("doctor exits with %d and says %q", s.code, s.out)
			}
		})
	}
}
