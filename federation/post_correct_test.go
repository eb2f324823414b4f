package federation

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestAWrongPostIsCorrected(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Wrong song", "Fgo")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]

	// A track is taken out, and the tags of another are mended: neither is an addition.
	withTitle := func(title string) playlists.Track {
		return playlists.Track{Title: title, Artist: "The Lanterns", Duration: 200}
	}
	list := playlists.Playlist{ID: r.pub.Playlist, Owner: r.alice.ID, Origin: playlists.Local, Name: "Road trip",
		Tracks: []playlists.Track{withTitle("Harbour Lights"), withTitle("Paper Boats"), withTitle("Night Bus"), withTitle("Fgo")}}
	record := func() {
		_, _, err := r.store.Record(t.Context(), list)
		r.ok(err)
		r.later(time.Minute)
	}
	record()
	list.Tracks[3] = withTitle("Fog")
	record()
	r.later(time.Hour)
	got := objects(t, r.bobs, "Update", "Note")
	if len(got) != 1 || got[0]["id"] != note["id"] || got[0]["updated"].(string) <= note["published"].(string) || got[0]["published"] != note["published"] {
		t.Fatalf("corrected %v", got)
	}
	if text := told(t, r.bobs, "Update")[0]; text != "2 tracks added to Road trip:||The Lanterns – Night Bus|The Lanterns – Fog||#playlist" {
		t.Errorf("corrected to %q", text)
	}
	if n := len(objects(t, r.carols, "Update", "Note")); n != 1 {
		t.Errorf("who saw the boost got %d corrections", n)
	}
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 1 {
		t.Errorf("mended tags are news: %q", got)
	}

	// What a post told of long ago was so at the time.
	list.Tracks = list.Tracks[:3]
	record()
	r.later(time.Hour)
	if n := len(objects(t, r.bobs, "Update", "Note")); n != 1 {
		t.Errorf("history was rewritten")
	}

	// Nothing is left of a post: it is deleted.
	list.Tracks = append(list.Tracks, withTitle("By mistake"))
	record()
	r.later(time.Hour)
	mistake := objects(t, r.bobs, "Create", "Note")[1]["id"].(string)
	list.Tracks = list.Tracks[:3]
	record()
	r.later(time.Hour)
	if got := objects(t, r.bobs, "Delete", "Tombstone"); len(got) != 1 || got[0]["id"] != mistake {
		t.Errorf("deleted %v", got)
	}
	if got := r.get(mistake); got.status != 410 {
		t.Errorf("what was deleted answers %d", got.status)
	}
}
