package subsonicbridge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func (w *home) gaps(only ...playlists.ID) subsonicbridge.Gaps {
	w.Helper()
	g, err := w.bridge.Gaps(w.Context(), w.bob.ID, only...)
	w.must(err)
	return g
}

// expectGaps checks which titles are missing, in order.
func (w *home) expectGaps(g subsonicbridge.Gaps, titles ...string) {
	w.Helper()
	var got []string
	for _, r := range g.Rows {
		got = append(got, r.Track.Title)
	}
	if !slices.Equal(got, titles) {
		w.Errorf("missing are %v, want %v", got, titles)
	}
}

// file records a playlist that bob imports once.
func (w *home) file(name string, tracks ...playlists.Track) playlists.Want {
	w.Helper()
	w.clock.pass(time.Second)
	c, _, err := w.store.Record(w.Context(), playlists.Playlist{Origin: playlists.File, Owner: w.bob.ID, Name: name, Tracks: tracks})
	w.must(err)
	return w.want(playlists.Want{Playlist: c.Playlist, Mode: playlists.Once, Pinned: c.Revision})
}

func TestACopyLacksWhatTheLibraryDoesNotHaveAsLongAsItIsWanted(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	followed := w.follow(w.alice("Amber", "Birch", "Cedar"))
	if g := w.gaps(); g.Unread != 1 || g.Copies != 0 || len(g.Rows) != 0 {
		t.Errorf("before it was read: %+v", g)
	}
	w.mirror()
	imported := w.file("Wishes", tracks("Dahlia")...) // nothing of it is here, so there is no list
	w.mirror()

	g := w.gaps()
	w.expectGaps(g, "Dahlia", "Birch", "Cedar")
	if g.Copies != 2 || g.Unread != 0 || g.Cut || g.Rows[0].Playlist.Name != "Wishes" || g.Rows[1].Playlist.Name != "Road trip · Alice" ||
		g.Rows[0].Why.Kind != missing.NoArtist || g.Rows[0].Check {
		t.Errorf("%+v", g)
	}
	w.expectGaps(w.gaps(imported.ID), "Dahlia")

	w.own("Birch")
	w.poll()
	w.mirror()
	w.expectGaps(w.gaps(followed.ID), "Cedar")

	w.server.DeletePlaylist(w.theList().ID)
	w.alice("Amber", "Birch", "Cedar", "Ember")
	w.mirror()
	w.must(w.store.EndWant(t.Context(), imported))
	w.expectGaps(w.gaps())
}

func TestAGapSaysWhatComesNearAndWhatThePersonSaid(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	live := track("Amber")
	live.Title, live.Album = "Amber (live)", "On tour"
	w.server.AddSong(live)
	w.file("Wishes", tracks("Amber", "Birch")...)
	w.mirror()
	g := w.gaps()
	w.expectGaps(g, "Amber", "Birch")
	if r := g.Rows[0]; !r.Check || r.Why.Kind != missing.OtherVersion || r.Why.Title != live.Title {
		t.Errorf("%+v", r)
	}
	review, err := w.bridge.Review(t.Context(), w.bob.ID, "", false)
	w.must(err)
	w.must(w.bridge.Choose(t.Context(), w.bob.ID, review[0].Key, ""))
	w.mirror()
	if r := w.gaps().Rows[0]; r.Check || r.Why.Kind != missing.Declined {
		t.Errorf("after the person said that it is none: %+v", r)
	}
	w.must(w.bridge.Choose(t.Context(), w.bob.ID, review[0].Key, review[0].Candidates[0].Song.ID))
	w.mirror()
	w.expectGaps(w.gaps(), "Birch")
	w.server.RemoveSong(review[0].Candidates[0].Song.ID)
	w.own("Cedar") // a library with no songs would not be believed
	w.poll()
	w.mirror()
	if r := w.gaps().Rows[0]; !r.Check || r.Why.Kind != missing.Lost {
		t.Errorf("after the chosen song was lost: %+v", r)
	}
}

func TestAGapKnowsWhenItsArtistComes(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Birch")
	other := track("Amber")
	other.Title, other.Album = "Something quite unlike it", "Another"
	w.file("Wishes", tracks("Amber")...)
	w.mirror()
	for _, kind := range []missing.Kind{missing.NoArtist, missing.NoSong} {
		if g := w.gaps(); len(g.Rows) != 1 || g.Rows[0].Why.Kind != kind {
			t.Errorf("%+v, want the reason %q", g, kind)
		}
		w.server.AddSong(other)
		w.server.Rescan()
		w.poll()
		w.mirror()
	}
}

// TestOfVeryManyGapsTheNewestAreRead: three playlists as long as they may be, and nothing of them is here.
func TestOfVeryManyGapsTheNewestAreRead(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	for _, title := range words(3) {
		w.file(title, track(title))
	}
	w.mirror()
	_, err := w.db.ExecContext(t.Context(), `WITH RECURSIVE more (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM more WHERE place < $1)
		INSERT INTO subsonic_resolutions (want_id, place, item, track, decided_by, class, song_id, score, why, candidates)
		SELECT r.want_id, more.place, r.item, r.track, r.decided_by, r.class, r.song_id, r.score, r.why, r.candidates FROM subsonic_resolutions r CROSS JOIN more`,
		playlists.MaxTracks-1)
	w.must(err)
	g := w.gaps()
	if len(g.Rows) != 50_000 || !g.Cut || g.Copies != 3 || g.Rows[0].Track.Title != "Cedar" || g.Rows[49_999].Track.Title != "Amber" {
		t.Errorf("%d rows, cut %v, of %d copies", len(g.Rows), g.Cut, g.Copies)
	}
	if n, wanting := missing.Count(missing.Group(g.Rows).Get); n != 3 || wanting != 3 {
		t.Errorf("%d tracks, wanted by %d playlists", n, wanting)
	}
}
