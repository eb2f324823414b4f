package main

import (
	"bytes"
	"database/sql"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// awaitReadyz waits until /readyz answers so.
func (i *installation) awaitReadyz(status int, says string) {
	i.t.Helper()
	await(i.t, "readyz to say "+says, func() error {
		code, text, err := get(i.url+"/readyz", "")
		if err == nil && (code != status || !strings.Contains(text, says)) {
			err = errors.New(text)
		}
		return err
	})
}

// logged checks how often the log has a line.
func (i *installation) logged(line string, least, most int) {
	i.t.Helper()
	if n := strings.Count(i.readLog(), line); n < least || n > most {
		i.t.Errorf("the log says %d times %q, want %d to %d", n, line, least, most)
	}
}

// scribbled returns a database of which some pages hold something else.
func scribbled(database []byte) []byte {
	const page = 4096
	damaged := slices.Clone(database)
	for at := len(damaged) / 2 / page * page; at < len(damaged)*3/4; at += page {
		for n := range 64 {
			damaged[at+n] ^= 0xff
		}
	}
	return damaged
}

// Whatever has become of the database, the bridge does not start on it, leaves it as it is, and says what to do; and that helps.
func TestADamagedDatabaseIsRefusedAndRestored(t *testing.T) {
	t.Parallel()
	i := installed(t, keptInFile)
	backup := filepath.Join(t.TempDir(), "backup.tar.gz")
	i.must("backup", "-o", backup)
	path := filepath.Join(i.data, "songferry.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, database := range map[string][]byte{
		"cut off": whole[:len(whole)/2], "its head lost": append(make([]byte, 8192), whole[8192:]...),
		"scribbled on": scribbled(whole), "something else": []byte("<html>Not found</html>\n"), "emptied": {},
	} {
		if err := os.WriteFile(path, database, 0o600); err != nil {
			t.Fatal(err)
		}
		if s := i.run("serve"); s.code != 1 || !strings.Contains(s.err, "restore a backup with `songferry restore") || strings.Count(s.err, "\n") != 1 {
			t.Errorf("%s: it exits with %d and says %q", what, s.code, s.err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, database) {
			t.Errorf("%s: the file was changed, %v", what, err)
		}
		i.must("restore", "--replace", backup)
		i.serve().stop()
		if list := i.playlists("alice"); len(list) != 1 || list[0].Audience != "public" {
			t.Errorf("%s: after the restore there is %+v", what, list)
		}
	}
}

// The disk forgets while the bridge runs: that is told, not only at the next start.
func TestADatabaseThatIsDamagedMeanwhileIsTold(t *testing.T) {
	t.Parallel()
	i := installed(t, keptInFile)
	d := i.serve()
	path := filepath.Join(i.data, "songferry.db")
	i.must("playlist", "edit", "--account", "alice", "--title", "Longer", "Road trip")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{0xff}, len(whole)-4096), 4096)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	// What the bridge has in memory is still right. Another process that writes makes it look again.
	await(t, "readyz to say so", func() error {
		i.run("account", "list")
		code, text, err := get(i.url+"/readyz", "")
		if err == nil && (code != http.StatusServiceUnavailable || !strings.Contains(text, "the database is damaged: restore a backup")) {
			err = errors.New(text)
		}
		return err
	})
	d.kill()
	i.logged(`msg="the database cannot be used"`, 1, 2)
	for _, rest := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + rest); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil { // whoever looks at what the test leaves can read it
		t.Error(err)
	}
}

// lockDatabase keeps others from writing to a bridge's database until the returned function is called.
func (i *installation) lockDatabase() (unlock func()) {
	i.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(i.data, "songferry.db")+"?_txlock=immediate&_pragma=busy_timeout(30000)")
	if err != nil {
		i.t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		i.t.Fatal(err)
	}
	return func() {
		i.t.Helper()
		if err := errors.Join(tx.Rollback(), db.Close()); err != nil {
			i.t.Error(err)
		}
	}
}

func TestALockedDatabaseIsToldAndOutlived(t *testing.T) {
	t.Parallel()
	i := installed(t, keptInFile)
	i.settings = append(i.settings, "SONGFERRY_POLL_INTERVAL=200ms")
	unlock := i.lockDatabase()
	if s := i.run("serve"); s.code != 1 || !strings.Contains(s.err, "another program has locked the database: end that program") || strings.Count(s.err, "\n") != 1 {
		t.Errorf("it exits with %d and says %q", s.code, s.err)
	}
	unlock()

	d := i.serve()
	unlock = i.lockDatabase()
	i.awaitReadyz(http.StatusServiceUnavailable, "another program has locked the database")
	if code, _, err := get(i.url+"/@alice_road_trip", ""); code != http.StatusOK || err != nil {
		t.Errorf("meanwhile the page answers %d, %v", code, err)
	}
	unlock()
	i.awaitReadyz(http.StatusOK, "ready")
	d.stop()
	i.logged(`msg="the database cannot be used"`, 1, 2)
	i.logged(`"the database works again"`, 1, 2)
}

// A disk that has become read-only fails every write, and no reading.
func TestADatabaseThatBecomesReadOnlyIsTold(t *testing.T) {
	t.Parallel()
	p := newPersonBehind(t, "alice", subsonictest.Navidrome, fronts{inFile: true}, harbour)
	p.music.AddPlaylist("alice", "Road trip", p.ids("Harbour Lights")...)
	p.publish("Road trip", playlists.Public)
	write := func(pragma string) {
		t.Helper()
		p.db.SetMaxOpenConns(1) // so that the next one is it
		if _, err := p.db.ExecContext(t.Context(), pragma); err != nil {
			t.Fatal(err)
		}
	}
	write(`PRAGMA query_only = 1`)
	for _, j := range p.jobs() {
		if j.name == "poll" {
			c := newCrew(j, newBell())
			c.pulse = p.pulse
			for range 3 {
				if _, err := c.work(t.Context()); !errors.Is(migrations.Trouble(err), migrations.ErrReadOnly) {
					t.Fatalf("poll: %v", err)
				}
			}
			if err := p.ready(t.Context()); !strings.Contains(playlists.Say(err), "cannot be written: see that the disk is not read-only") {
				t.Errorf("ready says %v", err)
			}
			write(`PRAGMA query_only = 0`)
			if n, err := c.work(t.Context()); n == 0 || err != nil || p.ready(t.Context()) != nil {
				t.Errorf("when it may be written again: %d, %v, %v", n, err, p.ready(t.Context()))
			}
		}
	}
}
