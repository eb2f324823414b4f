package federation

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestAddressesTooLongForAnIndexAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	// Random letters, since a database may compress others.
	long := func(n int) string {
		var b strings.Builder
		for i := uint32(1); b.Len() < n; i++ {
			fmt.Fprintf(&b, "%08x", i*2654435761)
		}
		return b.String()[:n]
	}
	for length, want := range map[int]int{1_900: 202, maxURL - len(bob.ID) - 1: 202, maxURL: 400} {
		follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
		follow["id"] = bob.ID + "#" + long(length)
		if a := w.post(bob, text(t, follow)); a.status != want {
			t.Errorf("an id of %d more bytes: %+v, want %d", length, a, want)
		}
	}
	far := *bob
	far.ID = bob.ID + "/" + long(1_000)
	if _, err := parseEnvelope([]byte(text(t, activity(&far, "Undo", 1, bob.ID+"#"+long(1_800))))); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("an actor and an object that are long together: %v", err)
	}
}

func TestAHeaderThatIsNotUTF8IsNotKept(t *testing.T) {
	t.Parallel()
	if _, err := parseAddress("https://a.example/\xff"); err == nil {
		t.Error("an address")
	}
	resp := &http.Response{Header: http.Header{"Etag": {"\"\xff\""}}}
	if v := validator(resp, "ETag"); v != "" {
		t.Errorf("validator %q", v)
	}
}

func TestNewsThatComeDuringAnAnnouncementAreAnnouncedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	w.edit(pub, "New")
	w.clock.forward(w.quiet)
	note := func(title string) {
		w.record(pub.Playlist, "Road trip", title)
		if _, err := w.store.Each(context.Background(), "announce", playlists.Local, w.noteChange); err != nil {
			t.Fatal(err)
		}
	}
	note("First")
	w.clock.forward(w.quiet)
	due, err := w.dueAnnouncements(context.Background())
	if err != nil || len(due) != 1 {
		t.Fatalf("due %v, %v", due, err)
	}
	note("Second")
	w.ok(w.announce(context.Background(), due[0]))
	if n := w.count(`SELECT COUNT(*) FROM announcements`); n != 1 {
		t.Error("the second change is forgotten")
	}
}
