package federation

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestTheOutboxListsWhatWasPosted(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	titles := []string{"a"}
	for range outboxSize + 3 {
		titles = append(titles, fmt.Sprint("t", len(titles)))
		r.now(titles...)
		r.later(day + time.Hour)
	}
	for actor, kind := range map[string]string{r.pub.PublicID: "Create", r.alice.PublicID: "Announce"} {
		got := r.outboxOf(actor)
		if len(got) != outboxSize+3 {
			t.Errorf("%s: %d activities", kind, len(got))
		}
		for _, a := range got {
			if a["type"] != kind {
				t.Errorf("%s: %v", kind, a)
			}
		}
	}
}

// outboxOf reads an outbox with all its pages.
func (w *world) outboxOf(actor string) (all []map[string]any) {
	w.t.Helper()
	type page struct {
		TotalItems   int
		First, Next  string
		OrderedItems []map[string]any
	}
	read := func(address string) (p page) {
		w.ok(json.Unmarshal([]byte(w.get(address).body), &p))
		return p
	}
	head := read(w.addr().Outbox(actor))
	for next := head.First; next != ""; {
		p := read(next)
		all, next = append(all, p.OrderedItems...), p.Next
	}
	if head.TotalItems != len(all) {
		w.t.Errorf("outbox says %d, has %d", head.TotalItems, len(all))
	}
	return all
}
