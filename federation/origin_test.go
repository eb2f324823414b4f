package federation

import (
	"net/url"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestABridgeIsGivenItsAddressOnceAndForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Origin()
	w.here.Store(nil)
	if w.Origin() != nil {
		t.Fatal("a bridge without address has one")
	}
	if known, err := KnownOrigin(t.Context(), w.db); known != nil || err != nil {
		t.Fatalf("known before: %v %v", known, err)
	}
	w.ok(w.SetOrigin(t.Context(), home))
	w.ok(w.SetOrigin(t.Context(), home))
	if w.addr().Home() != home.String() {
		t.Errorf("it is at %s, not %s", w.addr().Home(), home)
	}
	other := &url.URL{Scheme: "https", Host: "other.example"}
	problem(t, "another address", w.SetOrigin(t.Context(), other), playlists.Invalid)

	w.here.Store(nil) // another process, which does not know of it yet
	problem(t, "another address", w.SetOrigin(t.Context(), other), playlists.Invalid)
	known, err := KnownOrigin(t.Context(), w.db)
	if err != nil || known == nil || known.String() != home.String() {
		t.Errorf("known: %v %v", known, err)
	}
}
