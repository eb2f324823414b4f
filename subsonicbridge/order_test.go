package subsonicbridge_test

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// tell tells bob everything, even what is not due yet.
func (w *home) tell() {
	w.Helper()
	w.clock.pass(25 * 3600e9)
	message, _, err := w.store.Bundle(w.Context(), w.bob.ID, playlists.Fediverse, w.clock.Now().Add(-48*3600e9))
	w.must(err)
	w.must(w.store.Told(w.Context(), w.bob.ID, playlists.Fediverse, message))
}

func (w *home) arrange(titles ...string) {
	w.Helper()
	w.server.SetPlaylist(w.theList().ID, w.songs(titles...)...)
}

func TestAReorderingAsksAndTheAnswerIsRemembered(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch", "Cedar", "Dahlia", "Ember")
	want := w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.mirror()

	// Meanwhile the list stays in bob's order, and sync goes on. He is told once.
	w.arrange("Cedar", "Ember", "Amber", "Birch")
	w.alice("Amber", "Birch", "Dahlia", "Cedar")
	w.mirror()
	w.expect("Cedar", "Ember", "Amber", "Birch", "Dahlia")
	w.expectState(want, subsonicbridge.Reordered)
	if note := w.result(want).Note.String(); !strings.Contains(note, "It stays in yours until you say") {
		t.Errorf("note %q", note)
	}
	w.arrange("Amber", "Cedar", "Ember", "Birch", "Dahlia")
	w.alice("Birch", "Dahlia", "Cedar", "Amber")
	w.mirror()
	w.expect("Amber", "Cedar", "Ember", "Birch", "Dahlia")
	if got := w.notices(playlists.OrderAsked); len(got) != 1 || got[0].About != string(want.ID) {
		t.Errorf("he is told %+v", got)
	}
	w.tell()

	// The original order: what he put in stays where it is among the others.
	w.must(w.bridge.SetOrder(t.Context(), want.ID, false))
	w.mirror()
	w.expect("Birch", "Dahlia", "Cedar", "Ember", "Amber")
	w.expectState(want, subsonicbridge.Written)
	w.alice("Dahlia", "Birch", "Cedar", "Amber")
	w.mirror()
	w.expect("Dahlia", "Birch", "Cedar", "Ember", "Amber")
	w.tell()

	// A second reordering asks again. His own order, for good: nothing asks any more.
	w.arrange("Amber", "Birch", "Dahlia", "Cedar", "Ember")
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
	w.must(err)
	w.expectState(want, subsonicbridge.Reordered)
	w.must(w.bridge.SetOrder(t.Context(), want.ID, true))
	w.mirror()
	w.expect("Amber", "Birch", "Dahlia", "Cedar", "Ember")
	w.expectState(want, subsonicbridge.OwnOrder)
	w.arrange("Ember", "Cedar", "Dahlia", "Birch", "Amber")
	w.alice("Amber", "Cedar", "Dahlia")
	w.mirror()
	w.expect("Ember", "Cedar", "Dahlia", "Amber")
	w.expectState(want, subsonicbridge.OwnOrder)
	for _, n := range w.notices(playlists.OrderAsked) {
		if n.After > 1 {
			t.Errorf("he is still to be told what he has answered: %+v", n)
		}
	}
}

func (w *home) notices(k playlists.NoticeKind) (out []playlists.Notice) {
	w.Helper()
	all, err := w.store.Notices(w.Context(), w.bob.ID)
	w.must(err)
	for _, n := range all {
		if n.Kind == k {
			out = append(out, n)
		}
	}
	return out
}

func TestASecondReorderingIsToldToo(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber", "Birch"))
	w.mirror()
	for n := range 2 {
		w.arrange("Birch", "Amber")
		for range 2 { // however often it is looked at
			_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
			w.must(err)
		}
		if got := w.notices(playlists.OrderAsked); len(got) != n+1 {
			t.Fatalf("after %d reorderings: %+v", n+1, got)
		}
		w.tell()
		w.must(w.bridge.SetOrder(t.Context(), want.ID, false))
		w.mirror()
		w.expect("Amber", "Birch")
	}
}

func TestAnOrderThatIsPutBackAsksNoMore(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch", "Cedar")
	want := w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.mirror()
	for _, order := range []string{"Birch Cedar Amber", "Amber Birch Cedar"} {
		w.arrange(strings.Fields(order)...)
		_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
		w.must(err)
	}
	w.expectState(want, subsonicbridge.Written)
	if got := w.notices(playlists.OrderAsked); len(got) != 0 {
		t.Errorf("he is still to be told %+v", got)
	}
	w.alice("Cedar", "Amber", "Birch")
	w.mirror()
	w.expect("Cedar", "Amber", "Birch")
}

// Another question, or a library that comes and goes, does not make the list forget whose order it is in.
func TestAnOrderOutlivesOtherQuestions(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	all := words(12)
	w.own(all...)
	want := w.follow(w.alice(all...))
	w.mirror()
	turned := append([]string{all[11]}, all[:11]...)
	w.arrange(turned...)
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
	w.must(err)
	w.must(w.bridge.SetOrder(t.Context(), want.ID, true))
	w.alice(all[8:]...)
	w.mirror()
	w.expect(turned...)
	w.expectState(want, subsonicbridge.Asks)

	w.must(w.bridge.Confirm(t.Context(), want.ID))
	w.mirror()
	w.expect(all[11], all[8], all[9], all[10])
	w.expectState(want, subsonicbridge.OwnOrder)
}

// An edit that is no new order asks nothing, copies of a song included.
func TestOnlyANewOrderAsks(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch", "Cedar", "Ember")
		want := w.follow(w.alice("Amber", "Birch", "Amber", "Cedar", "Amber"))
		w.mirror()
		w.expect("Amber", "Birch", "Amber", "Cedar", "Amber")
		for _, list := range [][]string{
			{"Birch", "Amber", "Cedar", "Amber"},                   // without the first of three copies
			{"Birch", "Amber", "Cedar", "Amber", "Ember"},          // with one that the source does not have
			{"Ember", "Birch", "Amber", "Cedar", "Amber"},          // which then moves
			{"Ember", "Birch", "Amber", "Cedar", "Birch", "Amber"}, // with a second copy
			{"Ember", "Birch", "Amber", "Cedar", "Birch"},          // without the last of two copies
		} {
			w.arrange(list...)
			_, err := w.bridge.MirrorWant(w.Context(), want.ID, nil)
			w.must(err)
			w.expect(list...)
			w.expectState(want, subsonicbridge.Written)
		}
		w.alice("Cedar", "Amber", "Birch")
		w.mirror()
		w.expect("Ember", "Cedar", "Birch", "Amber", "Birch")
	})
}

// A crash neither forgets the question nor asks it twice.
func TestACrashWhileAReorderedListIsWritten(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *home {
		w := newHome(t, subsonictest.Navidrome)
		w.own("Amber", "Birch", "Cedar")
		w.follow(w.alice("Amber", "Birch"))
		w.mirror()
		w.arrange("Birch", "Amber")
		w.alice("Amber", "Cedar", "Birch")
		return w
	}
	crash(t, prepare, act, func(w *home) {
		w.expect("Birch", "Amber", "Cedar")
		wants, err := w.store.AccountWants(w.Context(), w.bob.ID)
		w.must(err)
		w.expectState(wants[0], subsonicbridge.Reordered)
		if got := w.notices(playlists.OrderAsked); len(got) != 1 {
			w.Errorf("asked %d times: %+v", len(got), got)
		}
	})
}
