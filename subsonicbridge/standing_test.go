package subsonicbridge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// resolved brings a want in line and returns how many of its tracks were looked for.
func (w *home) resolved(x playlists.Want) (n int) {
	w.Helper()
	_, err := w.bridge.MirrorWant(w.Context(), x.ID, func(_, total int) { n = total })
	w.must(err)
	return n
}

// later makes the library be read anew before anything else.
func (w *home) later() {
	w.Helper()
	w.server.Rescan()
	w.poll()
}

func TestOnlyRowsThatAChangeCanAffectAreResolvedAgain(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	titles := slices.DeleteFunc(words(22), func(title string) bool { return title == "Ember" || title == "Umber" }) // too like Amber
	ids := w.own(titles[:10]...)
	want := w.follow(w.alice(titles...))
	if n := w.resolved(want); n != 20 {
		t.Errorf("at first %d of 20 were looked for", n)
	}
	if n := w.resolved(want); n != 0 {
		t.Errorf("%d were looked for though nothing changed", n)
	}
	w.alice(append(titles, "Yarrow")...)
	if n := w.resolved(want); n != 1 {
		t.Errorf("%d were looked for after one was added to the playlist", n)
	}
	w.own(titles[15], "Something that nobody wants")
	w.later()
	if n := w.resolved(want); n != 1 {
		t.Errorf("%d were looked for after one was added to the library", n)
	}
	w.server.RemoveSong(ids[0])
	w.later()
	if n := w.resolved(want); n != 1 {
		t.Errorf("%d were looked for after one was lost", n)
	}
	w.expect(append(append([]string{}, titles[1:10]...), titles[15])...)
}

// What nothing has changed is not written again either: a library that changes wakes every list.
func TestRowsThatStandAreNotWrittenAgain(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.mirror()
	written := func() (n int) {
		w.must(w.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM subsonic_resolutions WHERE item <> 'as it was'`).Scan(&n))
		_, err := w.db.ExecContext(t.Context(), `UPDATE subsonic_resolutions SET item = 'as it was'`)
		w.must(err)
		return n
	}
	written()
	w.own("Something that nobody wants")
	w.later()
	w.resolved(want)
	if n := written(); n != 0 {
		t.Errorf("%d rows were written though nothing changed", n)
	}
	for what, change := range map[string]func(){
		"another order": func() { w.alice("Birch", "Amber", "Cedar") },
		"one is gone":   func() { w.alice("Birch", "Amber") },
		"a song comes":  func() { w.alice("Amber", "Dahlia"); w.mirror(); written(); w.own("Dahlia"); w.later() },
	} {
		change()
		w.resolved(want)
		if written() == 0 {
			t.Errorf("%s: nothing was written", what)
		}
	}
}

func TestNewMusicFillsTheGapsOfEveryList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	w.own("Amber", "Birch", "Cedar")
	first := w.follow(w.alice("Amber", "Heather", "Indigo"))
	other, _, err := w.store.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource + "0", Name: "Slow",
		Tracks: tracks("Birch", "Cedar", "Heather")})
	w.must(err)
	second := w.follow(other.Playlist)
	w.mirror()
	w.own("Heather", "Indigo")
	w.clock.pass(25 * time.Hour)
	w.poll()
	w.mirror()
	for _, x := range []playlists.Want{first, second} {
		if r := w.result(x); r.Found != 3 || r.Total != 3 {
			t.Errorf("%s: %d of %d", r.Name, r.Found, r.Total)
		}
	}
}

func TestAnotherRuleResolvesEverythingAgain(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddSong(take("Live"))
	w.own("Birch")
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	w.expect("Birch")
	w.must(w.bridge.SetPolicy(t.Context(), w.bob.ID, match.AnyVersion))
	if n := w.resolved(want); n != 2 {
		t.Errorf("%d were looked for", n)
	}
	w.expect("Amber (Live)", "Birch")
	w.must(w.bridge.SetPolicy(t.Context(), w.bob.ID, match.SameRecording))
	w.mirror()
	w.expect("Birch")
}

// Whatever happens to library and playlist, of what surely is the same nothing is missed and nothing stays.
func TestWhatStandsIsWhatWouldBeFound(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			newChaos(t, seed).play(8)
		})
	}
}

func TestNothingIsLeftAloneForLong(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	w.clock.pass(8 * 24 * time.Hour)
	w.later()
	if n := w.resolved(want); n != 2 {
		t.Errorf("after a week %d were looked for", n)
	}
	if n := w.resolved(want); n != 0 {
		t.Errorf("then %d", n)
	}
}

// chaos is a library and a playlist of similar songs that change at random.
type chaos struct {
	*home
	dice  *rand.Rand
	songs []string
	rows  []playlists.Track
	want  playlists.Want
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{home: newHome(t, subsonictest.Navidrome), dice: rand.New(rand.NewPCG(seed, 1))}
	for range 60 {
		c.buy()
	}
	for range 40 {
		c.rows = append(c.rows, c.any())
	}
	c.want = c.follow(c.publish())
	return c
}

// any returns one of a few hundred tracks that are easily confused.
func (c *chaos) any() playlists.Track {
	pick := func(from []string) string { return from[c.dice.IntN(len(from))] }
	t := playlists.Track{
		Title:    pick(words(12)) + pick([]string{"", "", " Road", " (Live)", " (Remix)", " Pt. 2"}),
		Artist:   "The " + pick(words(4)) + pick([]string{"", " Band", " feat. Violet"}),
		Album:    pick([]string{"Best of", "Early", "Late", ""}),
		Duration: 180 + 4*c.dice.IntN(3),
	}
	if c.dice.IntN(4) == 0 {
		t.MBID = fmt.Sprintf("5f2b4a3c-1111-4c59-8f8a-0a6cf2b6e0%02d", c.dice.IntN(20))
	}
	return t
}

func (c *chaos) buy() { c.songs = append(c.songs, c.server.AddSong(c.any())) }

func (c *chaos) publish() playlists.ID {
	c.Helper()
	r, _, err := c.store.Record(c.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: "Any", Tracks: c.rows})
	c.must(err)
	return r.Playlist
}

// play changes something and compares, so many times.
func (c *chaos) play(rounds int) {
	c.Helper()
	for range rounds {
		switch c.dice.IntN(4) {
		case 0, 1:
			c.buy()
		case 2:
			i := c.dice.IntN(len(c.songs))
			c.server.RemoveSong(c.songs[i])
			c.songs = append(c.songs[:i], c.songs[i+1:]...)
		case 3:
			c.rows[c.dice.IntN(len(c.rows))] = c.any()
			c.publish()
		}
		c.later()
		c.resolved(c.want)
		c.compare()
	}
}

func (c *chaos) compare() {
	c.Helper()
	rows, err := c.bridge.Rows(c.Context(), c.want.ID)
	c.must(err)
	seen, err := c.bridge.Preview(c.Context(), c.bob.ID, c.rows, nil)
	c.must(err)
	all := seen.Rows
	for i, r := range rows {
		// Where text is only similar, a little depends on how rare a word is in the library.
		if sure := r.Resolution.Class == match.Exact || all[i].Class == match.Exact; sure && r.Resolution.Song != all[i].Song {
			c.Errorf("%+v stands as %s %q, and would be found as %s %q", r.Track, r.Resolution.Class, r.Resolution.Song, all[i].Class, all[i].Song)
		}
	}
}
