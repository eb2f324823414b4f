package subsonicbridge_test

import (
	"testing"

	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// A person changes the rule while a list is being worked on by the old one.
func TestARuleThatChangesMeanwhileHolds(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddSong(take("Live"))
	w.own("Birch")
	want := w.follow(w.alice("Amber", "Birch"))
	w.must(w.bridge.SetPolicy(t.Context(), w.bob.ID, match.AnyVersion))
	changed := false
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, func(done, total int) {
		if !changed && total == 2 && done == 2 {
			changed = true
			w.must(w.bridge.SetPolicy(t.Context(), w.bob.ID, match.SameRecording))
		}
	})
	w.must(err)
	w.mirror()
	w.expect("Birch")
}

// What an older resolver took for the track is no reason to keep it.
func TestWhatOlderRulesFoundHoldsNoMore(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	for _, earlier := range []string{
		`UPDATE subsonic_decisions SET rules = '1 recording', class = 'exact', song_id = (SELECT MAX(song_id) FROM subsonic_songs), song_key = (SELECT track_key FROM subsonic_songs ORDER BY song_id DESC LIMIT 1)`,
		`UPDATE subsonic_mirrors SET rules = '1 recording'`,
	} {
		_, err := w.db.ExecContext(t.Context(), earlier)
		w.must(err)
	}
	w.resolved(want)
	w.expect("Amber", "Birch")
}
