package subsonicbridge_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// One song is on two albums of the playlist: a decision about one of the rows is none against the other.
func TestADecisionAboutOneRowLeavesAnothersAlone(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	first, second := w.server.AddSong(take("Live at Home")), w.server.AddSong(take("Acoustic"))
	onAlbum := func(album string, d int) playlists.Track {
		t := track("Amber")
		t.Album, t.Duration = album, t.Duration+d
		return t
	}
	c, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: "Two",
		Tracks: []playlists.Track{onAlbum("Early", 0), onAlbum("Late", 1)}})
	w.must(err)
	w.follow(c.Playlist)
	w.mirror()
	key := func(i int) string {
		rows, err := w.bridge.Review(t.Context(), w.bob.ID, "", true)
		w.must(err)
		return rows[i].Key
	}
	w.must(w.bridge.Choose(t.Context(), w.bob.ID, key(0), first))
	w.mirror()
	w.expect("Amber (Live at Home)", "Amber (Live at Home)")
	w.must(w.bridge.Choose(t.Context(), w.bob.ID, key(1), second))
	w.mirror()
	w.expect("Amber (Live at Home)", "Amber (Acoustic)")
}

// newSampler is a home where bob chose Amber from another album than the one that the resolver would take.
func newSampler(t *testing.T) (c choosing, other playlists.Track, chosen string) {
	t.Helper()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	other = track("Amber")
	other.Album = "Sampler"
	chosen = w.server.AddSong(other)
	w.server.Rescan()
	c = choosing{w, w.follow(w.alice("Amber", "Birch"))}
	w.mirror()
	w.must(w.bridge.Choose(t.Context(), w.bob.ID, c.row().Key, chosen))
	w.mirror()
	if r := c.row(); r.Song == nil || r.Song.Album != "Sampler" {
		t.Fatalf("%+v", r)
	}
	return c, other, chosen
}

// A disk is away for a while: the same recording from another album does not take the chosen file's place for good.
func TestAChosenFileThatComesBackIsTheChosenOneAgain(t *testing.T) {
	t.Parallel()
	c, other, chosen := newSampler(t)
	c.server.RemoveSong(chosen)
	c.rescan()
	if r := c.row(); r.Decided != subsonicbridge.Lost {
		t.Errorf("another stands in its place: %+v", r)
	}
	c.server.AddSong(other)
	c.rescan()
	if r := c.row(); r.Song == nil || r.Song.Album != "Sampler" {
		t.Errorf("%+v %+v", r, r.Song)
	}
}

func TestAChosenFileIsRetagged(t *testing.T) {
	t.Parallel()
	c, other, chosen := newSampler(t)
	c.server.Retag(chosen, func(t *playlists.Track) { t.Album, t.Duration = "Gold", t.Duration+3 })
	c.rescan()
	c.server.AddSong(other) // as it was
	c.rescan()
	if r := c.row(); r.Song == nil || r.Song.ID != chosen {
		t.Errorf("%+v %+v", r, r.Song)
	}
}

// Rows that an older version wrote have no key until their list is worked on again.
func TestReviewLeavesOutRowsWithoutAKey(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"))
	_, err := w.db.ExecContext(t.Context(), `UPDATE subsonic_resolutions SET track_key = '', title_key = ''`)
	w.must(err)
	rows, err := w.bridge.Review(t.Context(), w.bob.ID, "", true)
	w.must(err)
	if len(rows) != 0 {
		t.Errorf("%+v", rows)
	}
}

// Two curators say one song a little differently: the decision about one shows in the other's list at once.
func TestADecisionShowsInEveryListAtOnce(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"))
	other := track("Amber")
	other.Duration++
	c, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource + "0", Name: "Slow",
		Tracks: []playlists.Track{track("Birch"), other}})
	w.must(err)
	second := w.follow(c.Playlist)
	w.mirror()
	w.choose("Amber (Acoustic)")
	for _, x := range []playlists.Want{w.want, second} {
		if r := w.result(x); r.Found != 2 {
			t.Errorf("%s has %d of %d", r.Name, r.Found, r.Total)
		}
	}
}

// However many tracks an account wants, each can be named.
func TestEveryTrackCanBeNamed(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"))
	for n := 2; n < 25_000; n *= 2 {
		_, err := w.db.ExecContext(t.Context(), `INSERT INTO subsonic_resolutions (want_id, place, item, track, track_key, decided_by, class, song_id, score, why, candidates)
			SELECT want_id, place + $1, item, track, 'f00d', decided_by, class, song_id, score, why, candidates FROM subsonic_resolutions`, n)
		w.must(err)
	}
	_, err := w.db.ExecContext(t.Context(), `UPDATE subsonic_resolutions SET track_key = 'abcdef' WHERE place = (SELECT MAX(place) FROM subsonic_resolutions)`)
	w.must(err)
	rows, err := w.bridge.ReviewTrack(t.Context(), w.bob.ID, "abc")
	w.must(err)
	if len(rows) != 1 || rows[0].Key != "abcdef" {
		t.Errorf("%d rows", len(rows))
	}
	for _, key := range []string{"_bcd", "%", "abd"} {
		if rows, err := w.bridge.ReviewTrack(t.Context(), w.bob.ID, key); len(rows) != 0 || err != nil {
			t.Errorf("%q finds %d rows, %v", key, len(rows), err)
		}
	}
}
