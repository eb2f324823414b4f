package federation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestThePinnedPostShowsTheCurrentTracksAndIsReadAgain(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Unlisted)
	r.later(time.Hour)
	pin := func() map[string]any {
		var list struct{ OrderedItems []map[string]any }
		r.ok(json.Unmarshal([]byte(r.get(r.addr().Featured(r.pub.PublicID)).body), &list))
		if len(list.OrderedItems) != 1 {
			t.Fatalf("pinned %v", list)
		}
		return list.OrderedItems[0]
	}
	before := pin()
	r.now("Fog")
	r.now("Fog", "Paper Boats") // at once
	r.later(r.quiet)
	services := len(updates(t, r.bobs, "Service"))
	r.later(r.newsQuiet)
	if n := len(updates(t, r.bobs, "Service")) - services; n != 1 {
		t.Errorf("%d Updates of the actor", n)
	}
	after := pin()
	if text := plainText(after["content"].(string), 500); !strings.Contains(text, "Fog") || after["id"] != before["id"] || after["updated"] == nil {
		t.Errorf("pinned %v", after)
	}
	if !strings.Contains(r.get(after["id"].(string)).body, "Fog") {
		t.Error("the pinned post is not at its id")
	}
	if n := len(objects(t, r.bobs, "Update", "Note")); n != 0 {
		t.Error("an Update of the pinned post makes a post of it elsewhere")
	}
	if n := len(sent(t, r.carols, "Announce")); n != 0 {
		t.Error("what is unlisted was announced")
	}
}
