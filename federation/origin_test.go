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
	if n, err := w.LearnOriginOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("learned before: %d, %v", n, err)
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
	if n, err := w.LearnOriginOnce(t.Context()); n != 1 || err != nil || w.addr().Home() != home.String() {
		t.Errorf("it learned %d, %v, and is at %s", n, err, w.addr().Home())
	}
	if n, err := w.LearnOriginOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("it learned %d once more, %v", n, err)
	}
	known, err := KnownOrigin(t.Context(), w.db)
	if err != nil || known == nil || known.String() != home.String() {
		t.Errorf("known: %v %v", known, err)
	}
}
