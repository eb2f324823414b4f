package main

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// The checker is worth what it finds: each of these does one wrong, looks whether that is found, and undoes it.
func TestTheCheckerFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	checkEstates(t, alice.estate(), bob.estate())

	exec := func(statement string) {
		t.Helper()
		if _, err := bob.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	copied, _ := bob.music.PlaylistNamed("bob", "Road trip · alice")
	for _, wrong := range []struct {
		do, undo func()
		found    string
	}{
		{func() { exec(`UPDATE subsonic_mirrors SET lease = 5`) }, func() { exec(`UPDATE subsonic_mirrors SET lease = 0`) }, "a lease of the dead"},
		{func() { exec(`UPDATE wants SET ended = 5`) }, func() { exec(`UPDATE wants SET ended = 0`) }, "a source that nobody wants"},
		{func() { exec(`UPDATE readers SET seq = seq - 1`) }, func() { exec(`UPDATE readers SET seq = seq + 1`) }, "a reader behind the journal's end"},
		{func() { exec(`UPDATE journal SET seq = seq + 9 WHERE seq = (SELECT MAX(seq) FROM journal)`) },
			func() { exec(`UPDATE journal SET seq = seq - 9 WHERE seq = (SELECT MAX(seq) FROM journal)`) }, "a hole in the journal"},
		{func() { exec(`UPDATE handles SET public_id = 'x', account_id = ''`) },
			func() { exec(`UPDATE handles SET public_id = '', account_id = (SELECT id FROM accounts)`) }, "a handle that leads nowhere"},
		{func() { exec(`UPDATE subsonic_mirrors SET temp_name = 'x'`) }, func() { exec(`UPDATE subsonic_mirrors SET temp_name = ''`) }, "a write of a copy that has not ended"},
		{func() {
			exec(`INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created) VALUES ('x', 'x', 'x', 1, 0, '', 1)`)
		},
			func() { exec(`DELETE FROM deliveries`) }, "a delivery of nothing"},
		{func() { exec(`UPDATE revisions SET name = 'Other'`) }, func() { exec(`UPDATE revisions SET name = 'Road trip'`) }, "is not the newest of"},
		{func() { bob.music.SetPlaylist(copied.ID, copied.Songs[0]) }, func() { bob.music.SetPlaylist(copied.ID, copied.Songs...) }, "the row says"},
		{func() { bob.music.AddPlaylist("bob", "Songferry is writing x", copied.Songs...) },
			func() {
				l, _ := bob.music.PlaylistNamed("bob", "Songferry is writing x")
				bob.music.DeletePlaylist(l.ID)
			}, "the unfinished list"},
	} {
		wrong.do()
		found, err := bob.estate().wrong(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		more, err := notCarried(t.Context(), alice.estate(), bob.estate())
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(append(found, more...), "; "); !strings.Contains(all, wrong.found) {
			t.Errorf("instead of %q it finds %q", wrong.found, all)
		}
		wrong.undo()
	}
	checkEstates(t, alice.estate(), bob.estate())
}

func TestAnOlderVersionAfterANewerIsFound(t *testing.T) {
	t.Parallel()
	a, b, c, d := edition{"a", "1"}, edition{"b", "1"}, edition{"b", "2"}, edition{"a", "2"}
	for _, came := range [][]edition{nil, {a}, {b, a, c}, {a, d, c}, {a, a, c}} {
		if lacking([]edition{a, b, c}, came) == "" {
			t.Errorf("%v is taken for right", came)
		}
	}
	for _, came := range [][]edition{{c}, {a, c}, {a, b, c}} {
		if f := lacking([]edition{a, b, c}, came); f != "" {
			t.Errorf("%v: %s", came, f)
		}
	}
}
