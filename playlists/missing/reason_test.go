package missing_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/playlists/missing"
)

// TestTheReasonIsWhatTheLibraryHasInstead resolves a track against a small library each time.
func TestTheReasonIsWhatTheLibraryHasInstead(t *testing.T) {
	t.Parallel()
	joga := playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	titled := func(title string) playlists.Track {
		return playlists.Track{Title: title, Artist: "Björk", Duration: 305}
	}
	for _, c := range []struct {
		name string
		want playlists.Track
		has  playlists.Track
		kind missing.Kind
		says string
	}{
		{"another artist", joga, playlists.Track{Title: "One", Artist: "U2"}, missing.NoArtist, "you have nothing by this artist"},
		{"nobody named", playlists.Track{Title: "Jóga"}, playlists.Track{Title: "One", Artist: "U2"}, missing.Nothing, "you have nothing like it"},
		{"another song", joga, playlists.Track{Title: "Human Behaviour", Artist: "Björk"}, missing.NoSong, "you have the artist, but not this song"},
		{"live", joga, titled("Jóga (live)"), missing.OtherVersion, "you have only another version (live): “Jóga (live)” by Björk"},
		{"remix", joga, titled("Jóga (Alec Empire Remix)"), missing.OtherVersion, "you have only another version (remix): “Jóga (Alec Empire Remix)” by Björk"},
		{"acoustic", joga, titled("Jóga - Acoustic"), missing.OtherVersion, "you have only another version (acoustic): “Jóga - Acoustic” by Björk"},
		{"not live", titled("Jóga (live)"), titled("Jóga"), missing.OtherVersion, "you have the song, but not this version (live): “Jóga” by Björk"},
		{"another concert", titled("Jóga (live in Paris)"), titled("Jóga (live in Rome)"), missing.OtherVersion, "you have only another version (another live)"},
		{"a remix for a live take", titled("Jóga (live)"), titled("Jóga (Alec Empire Remix)"), missing.OtherVersion, "you have only another version (remix)"},
		{"somebody else's live take", joga, playlists.Track{Title: "Jóga (live)", Artist: "Bjork Brothers", Duration: 305},
			missing.Near, "it may be your “Jóga (live)” by Bjork Brothers"},
		{"a similar title", playlists.Track{Title: "Generous Palmstroke", Artist: "Björk"}, titled("Generous Palm Stroke Two"),
			missing.Near, "it may be your “Generous Palm Stroke Two” by Björk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := match.NewIndex([]match.Song{{ID: "1", Track: c.has}}).Resolve([]playlists.Track{c.want}, match.SameRecording)[0]
			if r.Class.Automatic() {
				t.Fatalf("found: %+v", r)
			}
			got := missing.ReasonFor(c.want, r)
			if got.Kind != c.kind || got.String() != c.says {
				t.Errorf("%s: %q %q, want %q %q; %s", r.Class, got.Kind, got, c.kind, c.says, r.Why)
			}
		})
	}
}

func TestAReasonKeptByAnOlderVersionHasWordsToo(t *testing.T) {
	t.Parallel()
	for say, r := range map[string]match.Resolution{
		"you have only another version":                 {Class: match.Missing, Why: []match.Reason{{Field: "library", What: match.Part}}},
		"you have nothing by this artist":               {Class: match.Missing},
		"it may be one of your songs that has no title": {Class: match.Review},
	} {
		if got := missing.ReasonFor(playlists.Track{Title: "Jóga", Artist: "Björk"}, r); got.String() != say {
			t.Errorf("%q, want %q", got, say)
		}
	}
}
