package subsonicbridge_test

import (
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// choosing is a home where bob has two takes of one song, and alice's playlist means one of them.
type choosing struct {
	*home
	want playlists.Want
}

// take is a recording of "Amber" that the resolver does not take for the song itself.
func take(version string) playlists.Track {
	t := track("Amber")
	t.Title, t.Duration = "Amber ("+version+")", t.Duration+40
	return t
}

func newChoosing(t *testing.T, d subsonictest.Dialect, library ...playlists.Track) choosing {
	t.Helper()
	w := newHome(t, d)
	for _, song := range library {
		w.server.AddSong(song)
	}
	w.own("Birch")
	c := choosing{w, w.follow(w.alice("Amber", "Birch"))}
	w.mirror()
	return c
}

// row returns what stands for "Amber" in the whole review.
func (c choosing) row() subsonicbridge.ReviewRow {
	c.Helper()
	rows, err := c.bridge.Review(c.Context(), c.bob.ID, "", true)
	c.must(err)
	i := slices.IndexFunc(rows, func(r subsonicbridge.ReviewRow) bool { return r.Track.Title == "Amber" })
	if i < 0 {
		c.Fatalf("no row of Amber in %+v", rows)
	}
	return rows[i]
}

// choose makes bob choose the song with a title; "" is none.
func (c choosing) choose(title string) {
	c.Helper()
	id := ""
	if title != "" {
		found, err := c.bridge.FindSongs(c.Context(), c.bob.ID, title)
		c.must(err)
		i := slices.IndexFunc(found, func(s subsonicbridge.Song) bool { return s.Title == title })
		if i < 0 {
			c.Fatalf("the server finds %+v for %q", found, title)
		}
		id = found[i].ID
	}
	c.must(c.bridge.Choose(c.Context(), c.bob.ID, c.row().Key, id))
	c.mirror()
}

// rescan lets a day pass, after which every library is read anew.
func (c choosing) rescan() {
	c.Helper()
	c.server.Rescan()
	c.clock.pass(25 * time.Hour)
	c.poll()
	c.mirror()
}

func TestAPersonsChoiceStands(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Live at Home"), take("Acoustic"))
	w.expect("Birch")
	w.choose("Amber (Acoustic)")
	w.expect("Amber (Acoustic)", "Birch")
	w.server.AddSong(track("Amber")) // the very song: the resolver would take it
	w.rescan()
	w.expect("Amber (Acoustic)", "Birch")
	if r := w.row(); r.Decided != subsonicbridge.ByPerson || r.Song == nil || r.Song.Title != "Amber (Acoustic)" {
		t.Errorf("the row is %+v", r)
	}
	w.must(w.bridge.Unchoose(t.Context(), w.bob.ID, w.row().Key))
	w.mirror()
	w.expect("Amber", "Birch")
}

func TestASureMatchCanBeCorrected(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, track("Amber"), take("Demo"))
	w.expect("Amber", "Birch")
	w.choose("Amber (Demo)")
	w.expect("Amber (Demo)", "Birch")
}

func TestNoneOfTheseStands(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Gonic, track("Amber"))
	w.expect("Amber", "Birch")
	w.choose("")
	w.expect("Birch")
	w.server.AddSong(track("Amber"))
	w.rescan()
	w.expect("Birch")
	if r := w.row(); r.Decided != subsonicbridge.ByPerson || r.Class != match.Missing || r.Song != nil {
		t.Errorf("the row is %+v", r)
	}
}

func TestAChoiceSurvivesARenumbering(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(h *home) {
		h.server.AddSong(take("Acoustic"))
		h.own("Birch")
		w := choosing{h, h.follow(h.alice("Amber", "Birch"))}
		w.mirror()
		w.choose("Amber (Acoustic)")
		w.server.Renumber()
		w.rescan()
		w.expect("Amber (Acoustic)", "Birch")
	})
}

// Another server rounds durations in another way and shows other albums.
func TestAChoiceSurvivesAMoveToAnotherServer(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"), take("Live"))
	w.choose("Amber (Acoustic)")

	there := newHome(t, subsonictest.Gonic)
	for _, song := range []playlists.Track{take("Live"), take("Acoustic"), track("Birch")} {
		song.Duration++
		song.Album += " (Deluxe Edition)"
		there.server.AddSong(song)
	}
	_, err := w.bridge.Connect(t.Context(), w.bob.ID, there.url, "bob", "bob's password")
	w.must(err)
	w.mirror()
	there.expect("Amber (Acoustic)", "Birch")
}

// The song that was chosen is deleted: another is not put in its place, the person is asked, and when it is back all is
// as it was.
func TestALostChoiceIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"))
	w.choose("Amber (Acoustic)")
	w.server.RemoveSong(w.row().Song.ID)
	w.server.AddSong(track("Amber"))
	w.rescan()
	w.expect("Birch")
	if r := w.row(); r.Decided != subsonicbridge.Lost || r.Class != match.Review || len(r.Candidates) == 0 {
		t.Errorf("the row is %+v", r)
	}
	w.server.AddSong(take("Acoustic"))
	w.rescan()
	w.expect("Amber (Acoustic)", "Birch")
}

// The curator's server says the same track in other words; it is still the track that bob decided about.
func TestAChoiceSurvivesTheCuratorsRetagging(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"))
	w.choose("Amber (Acoustic)")
	for _, change := range []func(*playlists.Track){
		func(t *playlists.Track) { t.Duration++ },
		func(t *playlists.Track) { t.Number, t.Year = 7, 1997 },
		func(t *playlists.Track) { t.Album = "Amber and other songs" },
		func(t *playlists.Track) { t.MBID = "5f2b4a3c-1111-4c59-8f8a-0a6cf2b6e001" },
		func(t *playlists.Track) { t.Artist = "Amber Players, The" },
	} {
		all := tracks("Amber", "Birch")
		change(&all[0])
		_, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: "Road trip", Tracks: all})
		w.must(err)
		w.mirror()
		w.expect("Amber (Acoustic)", "Birch")
	}
}

// Four movements of one name are four tracks: a decision about one is none about another.
func TestAChoiceIsAboutOneTrackOfItsName(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	movement := func(number int) playlists.Track {
		return playlists.Track{Title: "Allegro", Artist: "The Strings", Album: "Four Seasons", Number: number, Duration: 200 + 60*number}
	}
	other := movement(3)
	other.Title = "Presto"
	spare := w.server.AddSong(other)
	seasons, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: "Seasons",
		Tracks: []playlists.Track{movement(1), movement(2), movement(3)}})
	w.must(err)
	w.follow(seasons.Playlist)
	w.mirror()
	rows, err := w.bridge.Review(t.Context(), w.bob.ID, "", true)
	w.must(err)
	w.must(w.bridge.Choose(t.Context(), w.bob.ID, rows[2].Key, spare))
	w.mirror()
	rows, err = w.bridge.Review(t.Context(), w.bob.ID, "", true)
	w.must(err)
	for i, r := range rows {
		if chosen := r.Decided == subsonicbridge.ByPerson; chosen != (i == 2) {
			t.Errorf("movement %d: %+v", i+1, r)
		}
	}
}

func TestADecisionNeedsATrackAndASongThatAreThere(t *testing.T) {
	t.Parallel()
	w := newChoosing(t, subsonictest.Navidrome, take("Acoustic"))
	key := w.row().Key
	for what, err := range map[string]error{
		"no such track":       w.bridge.Choose(t.Context(), w.bob.ID, "0123", ""),
		"no such song":        w.bridge.Choose(t.Context(), w.bob.ID, key, "no such id"),
		"somebody else's row": w.bridge.Choose(t.Context(), "somebody", key, ""),
		"nothing to undo":     w.bridge.Unchoose(t.Context(), w.bob.ID, key),
	} {
		if playlists.CodeOf(err) != playlists.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.expect("Birch")
}
