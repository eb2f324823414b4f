package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// Alice's machine burns. What she has is a backup, made while the bridge ran. On an empty machine with it her bridge goes on,
// and no follower sees a difference.
func TestARestoredBridgeGoesOnAsIfNothingHadBeen(t *testing.T) {
	t.Parallel()
	j := newJourney(t, subsonictest.Navidrome, nil)
	j.revive()
	list := j.alice.music.AddPlaylist("alice", firstName, j.alice.ids(firstTitles)...)
	published := j.publish("public", firstName)
	j.does(j.bob, "follow", "--account", "bob", published.Handle)
	j.await("the first copy", func() error { return j.bobHas(firstName, firstTitles) })
	j.await("the Accept", func() error { return j.bob.have(1, `SELECT COUNT(*) FROM subscriptions WHERE state = 'accepted'`) })
	j.becomeQuiet()
	before := actorOf(t, published.URL)

	backup := filepath.Join(t.TempDir(), "everything.age")
	password := "SONGFERRY_BACKUP_PASSWORD=correct horse"
	j.alice.mustWith([]string{password}, "backup", "-o", backup)
	j.alice.kill()
	burn(t, j.alice.data)

	j.alice.mustWith([]string{password}, "restore", backup)
	j.revive()
	j.await("Alice's page", func() error {
		if after := actorOf(t, published.URL); after != before {
			return errors.New("the actor is another: " + after)
		}
		return nil
	})
	j.alice.music.SetPlaylist(list, j.alice.ids(editedTitles)...)
	j.alice.music.Rename(list, editedName)
	j.await("the edit to arrive", func() error { return j.bobHas(editedName, editedTitles) })
	j.becomeQuiet()
	j.checkFollowing()

	j.publish("private", published.ID)
	j.await("the copy to be unlinked", func() error {
		return j.bob.have(1, `SELECT COUNT(*) FROM subsonic_mirrors m JOIN wants w ON w.id = m.want_id WHERE m.state = 'no longer linked' AND w.ended > 0`)
	})
	j.becomeQuiet()
	j.checkWithdrawn(published)
	j.checkAll()
}

// actorOf returns the actor of a playlist as machines read it, with its keys.
func actorOf(t *testing.T, url string) string {
	t.Helper()
	_, body, err := get(url, "application/activity+json")
	if err != nil {
		return err.Error()
	}
	return body
}

// burn empties a folder.
func burn(t *testing.T, folder string) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o700)); err != nil {
		t.Fatal(err)
	}
}

func TestARestoreLosesNothing(t *testing.T) {
	t.Parallel()
	i := installed(t)
	backup := filepath.Join(t.TempDir(), "b.tar.gz")
	i.must("backup", "-o", backup)
	refused := func(says string, args ...string) {
		t.Helper()
		if s := i.run(args...); s.code != 1 || !strings.Contains(s.err, says) {
			t.Errorf("songferry %s: %d %q", strings.Join(args, " "), s.code, s.err)
		}
	}
	refused("There is a file "+backup, "backup", "-o", backup)
	refused("There is a bridge in "+i.data+" already. Give --replace", "restore", backup)

	d := i.serve()
	refused("A Songferry is at work in "+i.data, "restore", "--replace", backup)
	d.stop()

	damaged, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	damaged[len(damaged)/2] ^= 1
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("damaged. Nothing was changed.", "restore", "--replace", broken)

	i.must("playlist", "publish", "--account", "alice", "--audience", "private", "Road trip") // after the backup
	said := i.must("restore", "--replace", backup)
	if !strings.Contains(said, "What was here before is in "+i.data+"/replaced-") || !strings.Contains(said, "This bridge is what it was on ") {
		t.Errorf("%q", said)
	}
	if list := i.playlists("alice"); len(list) != 1 || list[0].Audience != "public" {
		t.Errorf("%+v", list)
	}
	if left, _ := filepath.Glob(filepath.Join(i.data, "replaced-*", "songferry.db")); len(left) != 1 {
		t.Errorf("of the database that was there is left: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(i.data, ".restore*")); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}

// Without its key file a database is worth little, and with a new one nothing in it could ever be opened: better to say so.
func TestALostKeyIsNotReplacedInSilence(t *testing.T) {
	t.Parallel()
	i := installed(t)
	i.damaged = true
	key := filepath.Join(i.data, "songferry.key")
	if err := os.Rename(key, key+".away"); err != nil {
		t.Fatal(err)
	}
	if s := i.run("account", "list"); s.code != 1 || !strings.Contains(s.err, "The key file "+key+" is missing. Restore a backup") {
		t.Errorf("%d %q", s.code, s.err)
	}
	other := install(t)
	other.serve().stop() // makes a key
	foreign, err := os.ReadFile(filepath.Join(other.data, "songferry.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, foreign, 0o600); err != nil {
		t.Fatal(err)
	}
	if s := i.run("account", "list"); s.code != 1 || !strings.Contains(s.err, "The key file does not belong to this database: it opens none of the saved logins") {
		t.Errorf("%d %q", s.code, s.err)
	}
	other.damaged = true
	if err := errors.Join(os.Remove(filepath.Join(other.data, "songferry.key")), os.Rename(key+".away", filepath.Join(other.data, "songferry.key"))); err != nil {
		t.Fatal(err)
	}
	if s := other.run("serve"); s.code != 1 || !strings.Contains(s.err, "it opens none of the signing keys. All processes need the same one.") {
		t.Errorf("before anything is connected: %d %q", s.code, s.err)
	}
}

// The databases that earlier programs left are restored from their backups, each by one command, and used.
func TestBackupsOfEarlierProgramsAreRestored(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob("../../migrations/testdata/frozen/*-alice.tar.gz")
	if err != nil || len(all) < 10 {
		t.Fatal(all, err)
	}
	for _, backup := range []string{all[0], all[len(all)/2], all[len(all)-1]} {
		i := install(t, "SONGFERRY_URL=") // of the backup is another's
		i.must("restore", backup)
		i.must("migrate")
		if list := i.playlists("alice"); len(list) != 1 || list[0].Audience != "public" || list[0].Name != "Road trip" {
			t.Errorf("%s: %+v", backup, list)
		}
	}
}

// Backups are made by themselves, once there is something to lose.
func TestADaemonBacksItselfUp(t *testing.T) {
	t.Parallel()
	i := installed(t)
	i.settings = append(i.settings, "SONGFERRY_BACKUP_INTERVAL=24h")
	i.serve()
	await(t, "a backup", func() error {
		newest, err := newestBackup(filepath.Join(i.data, "backups"))
		if err == nil && time.Since(newest) > time.Minute {
			err = errors.New("there is none yet")
		}
		return err
	})
}
