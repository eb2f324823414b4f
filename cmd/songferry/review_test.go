package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// reviews runs one of the review commands for p and returns what it prints.
func (p *person) reviews(c interface {
	run(context.Context, *bridge, io.Writer) error
}) string {
	p.t.Helper()
	var out bytes.Buffer
	if err := c.run(p.t.Context(), p.bridge, &out); err != nil {
		p.t.Fatal(err)
	}
	return out.String()
}

func TestAPersonReviewsACopyOnTheCommandLine(t *testing.T) {
	t.Parallel()
	live := harbour
	live.Title, live.Duration = live.Title+" (Live in Bergen)", live.Duration+35
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Gonic, live, boats)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	bob.holds("Road trip · alice", "Paper Boats")

	out := bob.reviews(reviewList{Account: "bob", Playlist: "Road trip · alice"})
	if !strings.Contains(out, "Harbour Lights") || !strings.Contains(out, "To check. It may be:") || strings.Contains(out, "Paper Boats") {
		t.Fatalf("to review: %s", out)
	}
	track := reviewed{Account: "bob", Track: strings.Fields(out)[0]}
	decides := func(out, says string, songs ...string) {
		t.Helper()
		if !strings.Contains(out, says) {
			t.Errorf("it says %s", out)
		}
		settle(bob)
		bob.holds("Road trip · alice", songs...)
	}
	decides(bob.reviews(reviewChoose{reviewed: track, Number: 1}), "your choice is kept", "Harbour Lights (Live in Bergen)", "Paper Boats")
	decides(bob.reviews(reviewNone{track}), "no song of yours stands for it", "Paper Boats")
	decides(bob.reviews(reviewUndo{track}), "looks for it by itself again", "Paper Boats")

	var songs []songJSON
	found := bob.reviews(reviewFind{Account: "bob", Text: "Harbour", JSON: true})
	if err := json.Unmarshal([]byte(found), &songs); err != nil || len(songs) != 1 {
		t.Fatalf("%s, %v", found, err)
	}
	decides(bob.reviews(reviewChoose{reviewed: track, SongID: songs[0].ID}), "your choice is kept", "Harbour Lights (Live in Bergen)", "Paper Boats")
	if all := bob.reviews(reviewList{Account: "bob", All: true}); !strings.Contains(all, "You chose ") || !strings.Contains(all, "Found (exact): ") {
		t.Errorf("all: %s", all)
	}
	var rows []reviewRowJSON
	if err := json.Unmarshal([]byte(bob.reviews(reviewList{Account: "bob", All: true, JSON: true})), &rows); err != nil || len(rows) != 2 {
		t.Errorf("%+v, %v", rows, err)
	}
}
