package federation

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestWhatWasFoundCanBeKeptAndWantedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mix := w.list(w.instance(), "mix", "One", "Two")
	found, err := w.Lookup(t.Context(), w.asks, mix.actor.ID)
	if err != nil {
		t.Fatal(err)
	}
	found.condition.ETag = `"1"`
	text, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	var later Found
	if err := json.Unmarshal(text, &later); err != nil || !reflect.DeepEqual(later, found) || later.actor != mix.actor.ID {
		t.Errorf("%+v became %+v (%v)", found, later, err)
	}
}

func TestAFollowedPlaylistIsReadAgainWhenAPersonAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mix := w.list(w.instance(), "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	for range 2 { // keepFound left it due soon
		if _, err := w.RefreshOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	mix.set("One", "Two")
	w.clock.forward(rereadPause)
	if err := w.Reread(t.Context(), want.Playlist); err != nil {
		t.Fatal(err)
	}
	if n, err := w.RefreshOnce(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if p, err := w.store.Get(t.Context(), want.Playlist); err != nil || len(p.Tracks) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}
