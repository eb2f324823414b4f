package playlists_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// onServer is a playlist of somebody's music server, which its owner edits.
type onServer struct {
	t  *testing.T
	s  *playlists.Store
	id playlists.ID
	playlists.Playlist
}

func roadTrip(t *testing.T, tracks ...playlists.Track) *onServer {
	t.Helper()
	s, alice := setup(t)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: "Road trip", Summary: "Driving", Tracks: tracks}
	o := &onServer{t, s, p.ID, p}
	o.poll()
	return o
}

// poll reads the server, and reports whether that made a new version.
func (o *onServer) poll() bool {
	o.t.Helper()
	_, changed, err := o.s.Record(o.t.Context(), o.Playlist)
	if err != nil {
		o.t.Fatal(err)
	}
	return changed
}

// edit changes what lies over the playlist.
func (o *onServer) edit(change func(*playlists.Overlay)) {
	o.t.Helper()
	over, err := o.s.OverlayOf(o.t.Context(), o.id)
	if err != nil {
		o.t.Fatal(err)
	}
	change(&over)
	if err := o.s.Edit(o.t.Context(), o.id, over); err != nil {
		o.t.Fatal(err)
	}
}

// say edits the rows with this title.
func (o *onServer) say(title, note string, leftOut bool) {
	o.t.Helper()
	var rows []playlists.RowOverlay
	for _, r := range o.rows() {
		if r.Title == title {
			r.Note, r.LeftOut = note, leftOut
		}
		rows = append(rows, playlists.RowOverlay{Key: r.Key, Note: r.Note, LeftOut: r.LeftOut})
	}
	o.edit(func(over *playlists.Overlay) { over.Rows = rows })
}

func (o *onServer) rows() []playlists.ServerRow {
	o.t.Helper()
	rows, err := o.s.ServerRows(o.t.Context(), o.id)
	if err != nil {
		o.t.Fatal(err)
	}
	return rows
}

// seen is what others see: "title", or "title: note".
func (o *onServer) seen() (lines []string) {
	o.t.Helper()
	for _, t := range get(o.t, o.s, o.id).Tracks {
		line := t.Title
		if t.Note != "" {
			line += ": " + t.Note
		}
		lines = append(lines, line)
	}
	return lines
}

func (o *onServer) sees(want ...string) {
	o.t.Helper()
	if got := o.seen(); !slices.Equal(got, want) {
		o.t.Errorf("others see %q, want %q", got, want)
	}
}

func TestAnEditLiesOverWhatTheServerSays(t *testing.T) {
	t.Parallel()
	o := roadTrip(t, playlists.Track{Title: "One"}, playlists.Track{Title: "Two"}, playlists.Track{Title: "Three"})
	o.edit(func(over *playlists.Overlay) {
		over.Title, over.Liner, over.Language = " Summer 1999 ", "For *Nina*\n\nand all", "fr"
	})
	o.say("One", "because of the sea", false)
	o.say("Two", "", true)
	o.sees("One: because of the sea", "Three")
	p := get(t, o.s, o.id)
	if p.Name != "Summer 1999" || p.Summary != "For *Nina*\n\nand all" || p.Language != "fr" || p.Revision != 4 {
		t.Errorf("%q, %q, %q, revision %d", p.Name, p.Summary, p.Language, p.Revision)
	}
	for range 2 {
		if o.poll() {
			t.Error("the server says what it said, and that is a new version")
		}
	}
	o.Name, o.Summary, o.Tracks = "Driving songs", "by car", append(o.Tracks, playlists.Track{Title: "Four"})
	if !o.poll() {
		t.Error("a new track is no new version")
	}
	o.sees("One: because of the sea", "Three", "Four")
	if name, comment, err := o.s.ServerWords(t.Context(), o.id); name != "Driving songs" || comment != "by car" || err != nil {
		t.Errorf("the server says %q, %q, %v", name, comment, err)
	}
	if rows := o.rows(); len(rows) != 4 || !rows[1].LeftOut || rows[0].Note != "because of the sea" {
		t.Errorf("rows %+v", rows)
	}
	o.edit(func(over *playlists.Overlay) { *over = playlists.Overlay{NoCover: true} })
	p = get(t, o.s, o.id)
	if p.Name != "Driving songs" || p.Summary != "by car" || p.Language != "" {
		t.Errorf("without the edit: %q, %q, %q", p.Name, p.Summary, p.Language)
	}
	o.sees("One", "Two", "Three", "Four")
	if o.poll() {
		t.Error("the server's own words are a new version")
	}
}

func TestOnlyWhatOthersSeeIsANewVersion(t *testing.T) {
	t.Parallel()
	o := roadTrip(t, playlists.Track{Title: "One"}, playlists.Track{Title: "Two"})
	o.edit(func(over *playlists.Overlay) { over.Title, over.Liner = "Road trip", "Driving" })
	o.say("One", " ", false)
	if n := len(journalKinds(t, o.s)); n != 1 {
		t.Errorf("%d changes", n)
	}
	before := get(t, o.s, o.id)
	o.say("Two", "", true)
	o.Tracks[1].Year = 1999
	if o.poll() {
		t.Error("what is left out changed, and others were told")
	}
	o.say("Two", "", false)
	after := get(t, o.s, o.id)
	if after.Tracks[1].Item != before.Tracks[1].Item {
		t.Error("a row that was left out for a while has another name")
	}
}

func TestTheLanguageIsTheAccountsUntilTheOwnerSaysOtherwise(t *testing.T) {
	t.Parallel()
	o := roadTrip(t)
	alice, err := o.s.Account(t.Context(), o.Owner)
	if err != nil {
		t.Fatal(err)
	}
	alice.Language = "de"
	if _, err := o.s.ChangeAccount(t.Context(), alice); err != nil {
		t.Fatal(err)
	}
	if got := get(t, o.s, o.id); got.Language != "de" || got.Revision != 1 {
		t.Errorf("%q in revision %d", got.Language, got.Revision)
	}
	o.edit(func(over *playlists.Overlay) { over.Language = "pt-BR" })
	if got := get(t, o.s, o.id); got.Language != "pt-BR" || got.Revision != 2 {
		t.Errorf("%q in revision %d", got.Language, got.Revision)
	}
}

func TestTheCoverGoesWithTheEdit(t *testing.T) {
	t.Parallel()
	o := roadTrip(t)
	publish(t, o.s, o.id, playlists.Public)
	o.edit(func(over *playlists.Overlay) {
		if !over.NoCover {
			t.Error("a cover that nobody asked for")
		}
		over.NoCover = false
	})
	keep(t, o.s, o.id, picture(t, 1))
	if shown(t, o.s, o.id) == nil {
		t.Error("no cover is shown")
	}
	o.edit(func(over *playlists.Overlay) { over.NoCover = true })
	if shown(t, o.s, o.id) != nil {
		t.Error("the cover is still shown")
	}
}

// A note belongs to a track, wherever it stands and whatever ids its file has.
func TestANoteSurvivesWhateverHappensToTheList(t *testing.T) {
	t.Parallel()
	var tracks []playlists.Track
	for i := range 8 {
		tracks = append(tracks, playlists.Track{Title: fmt.Sprintf("Song %d", i), Artist: "The Band", Album: "First"})
	}
	o := roadTrip(t, tracks...)
	o.say("Song 3", "because of Nina", false)
	o.say("Song 5", "", true)
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		at := random.IntN(len(o.Tracks))
		switch random.IntN(5) {
		case 0:
			random.Shuffle(len(o.Tracks), func(i, j int) { o.Tracks[i], o.Tracks[j] = o.Tracks[j], o.Tracks[i] })
		case 1: // a second copy
			o.Tracks = append(o.Tracks, o.Tracks[at])
		case 2: // the file was tagged anew
			o.Tracks[at].MBID = fmt.Sprintf("771ab043-e821-421c-8a4b-%012d", random.IntN(1e9))
		case 3:
			o.Tracks[at].Title, o.Tracks[at].Number = strings.ToUpper(o.Tracks[at].Title), random.IntN(20)
		case 4: // it is gone for one reading, and edited meanwhile
			all := o.Tracks
			o.Tracks = nil
			o.poll()
			o.edit(func(over *playlists.Overlay) { over.Title, over.Rows = fmt.Sprint("Version ", at), nil })
			o.Tracks = all
		}
		o.poll()
		for _, line := range o.seen() {
			title, note, _ := strings.Cut(line, ": ")
			if strings.EqualFold(title, "Song 5") || strings.EqualFold(title, "Song 3") != (note == "because of Nina") {
				t.Fatalf("others see %q", o.seen())
			}
		}
	}
}

func TestACorrectedTitleKeepsItsNoteByTheRecordingsID(t *testing.T) {
	t.Parallel()
	const id = "771ab043-e821-421c-8a4b-72c54fa86afc"
	o := roadTrip(t, playlists.Track{Title: "Joga", MBID: id}, playlists.Track{Title: "Other"})
	o.say("Joga", "because of the sea", false)
	o.Tracks[0].Title = "Jóga"
	o.poll()
	o.sees("Jóga: because of the sea", "Other")
	o.say("Jóga", "", false)
	o.sees("Jóga", "Other")
}

func TestOfTwoCopiesTheOneThatSaysSomethingNewCounts(t *testing.T) {
	t.Parallel()
	o := roadTrip(t, playlists.Track{Title: "One"}, playlists.Track{Title: "One"})
	key := o.rows()[0].Key
	for _, notes := range [][2]string{{"a", ""}, {"a", "b"}, {"c", "b"}, {"c", ""}} {
		o.edit(func(over *playlists.Overlay) {
			over.Rows = []playlists.RowOverlay{{Key: key, Note: notes[0]}, {Key: key, Note: notes[1]}}
		})
		want := map[[2]string]string{{"a", ""}: "a", {"a", "b"}: "b", {"c", "b"}: "c", {"c", ""}: ""}[notes]
		if got := o.rows(); got[0].Note != want || got[1].Note != want {
			t.Errorf("%q: %q and %q, want %q", notes, got[0].Note, got[1].Note, want)
		}
	}
}

func TestWhatCannotBeLaidOverAPlaylist(t *testing.T) {
	t.Parallel()
	o := roadTrip(t, playlists.Track{Title: "One"})
	key := o.rows()[0].Key
	for what, over := range map[string]playlists.Overlay{
		"a long title":  {Title: strings.Repeat("é", playlists.MaxText+1)},
		"long notes":    {Liner: strings.Repeat("é", playlists.MaxSummary+1)},
		"a long note":   {Rows: []playlists.RowOverlay{{Key: key, Note: strings.Repeat("é", playlists.MaxNote+1)}}},
		"a language":    {Language: "<script>"},
		"a key":         {Rows: []playlists.RowOverlay{{Key: "../x", Note: "x"}}},
		"too many rows": {Rows: make([]playlists.RowOverlay, playlists.MaxTracks+1)},
	} {
		if err := o.s.Edit(t.Context(), o.id, over); playlists.CodeOf(err) != playlists.Invalid || playlists.Say(err) == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	remote, _, err := o.s.Record(t.Context(), playlists.Playlist{Origin: playlists.Remote, Source: source, Name: "Theirs"})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[playlists.ID]playlists.Code{remote.Playlist: playlists.Forbidden, "none": playlists.NotFound} {
		_, _, err1 := o.s.ServerWords(t.Context(), id)
		_, err2 := o.s.ServerRows(t.Context(), id)
		_, err3 := o.s.OverlayOf(t.Context(), id)
		for i, err := range []error{o.s.Edit(t.Context(), id, playlists.Overlay{Title: "Mine"}), err1, err2, err3} {
			if playlists.CodeOf(err) != want {
				t.Errorf("%s, %d: %v", want, i, err)
			}
		}
	}
	if p := get(t, o.s, o.id); p.Revision != 1 {
		t.Errorf("revision %d", p.Revision)
	}
}
