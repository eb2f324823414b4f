package subsonicbridge_test

import (
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestBelowAQuarterThereIsNoListUntilThereIsMore(t *testing.T) {
	t.Parallel()
	for _, mode := range []playlists.Mode{playlists.Sync, playlists.Once} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newHome(t, subsonictest.Navidrome)
			all := words(24)
			w.own(all[:5]...)
			want := w.want(playlists.Want{Playlist: w.alice(all...), Mode: mode, Pinned: 1})
			w.mirror()
			if lists := w.lists(); len(lists) != 0 {
				t.Fatalf("a list of 5 songs out of 24: %+v", lists)
			}
			w.expectState(want, subsonicbridge.Few)
			r := w.result(want)
			if r.Found != 5 || r.Total != 24 || r.Note.String() != "Only 5 of its 24 tracks are in your library, so no list was made yet. It is made by itself once 6 are." {
				t.Errorf("%d of %d: %q", r.Found, r.Total, r.Note)
			}
			if o, err := w.store.Outcome(t.Context(), want.ID); err != nil || o.List != "" || o.Note.String() != r.Note.String() {
				t.Errorf("what is told to whoever waits: %+v, %v", o, err)
			}
			w.news()

			w.own(all[5])
			w.poll()
			w.mirror()
			w.expect(all[:6]...)
			w.expectState(want, subsonicbridge.Written)
			w.news(playlists.Notice{Kind: playlists.CopyBegun})
		})
	}
}

func TestAPersonMayHaveAListOfHoweverFew(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		all := words(20)
		w.own(all[1], all[7])
		want := w.follow(w.alice(all...))
		w.mirror()
		w.expectState(want, subsonicbridge.Few)
		w.must(w.bridge.Confirm(w.Context(), want.ID))
		w.mirror()
		w.expect(all[1], all[7])
		w.expectState(want, subsonicbridge.Written)
		w.news() // whoever says so knows
	})
}

// The answer is kept while there is nothing that a list could be made of.
func TestTheWishForFewSongsIsRemembered(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	all := words(20)
	w.own("Stone")
	first := w.own(all[1])[0]
	want := w.follow(w.alice(all...))
	w.mirror()
	w.server.RemoveSong(first)
	w.server.Rescan()
	w.must(w.bridge.Confirm(t.Context(), want.ID))
	w.mirror()
	w.expectState(want, subsonicbridge.Nothing)
	w.own(all[3])
	w.poll()
	w.mirror()
	w.expect(all[3])
}

func TestAListThatIsThereStaysHoweverLittleOfItIsFound(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	all := words(24)
	w.own(all[1:3]...)
	want := w.follow(w.alice(all[:4]...))
	w.mirror()
	w.expect(all[1:3]...)
	w.alice(all...)
	w.mirror()
	w.expect(all[1:3]...)
	w.expectState(want, subsonicbridge.Written)
}

// A source that shrinks may leave enough, and one that had nothing may come to have too little.
func TestWhatIsEnoughFollowsTheSource(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	all := words(24)
	w.own(all[1])
	want := w.follow(w.alice(all[2:]...))
	w.mirror()
	w.expectState(want, subsonicbridge.Nothing)
	w.alice(all...)
	w.mirror()
	w.expectState(want, subsonicbridge.Few)
	if note := w.result(want).Note.String(); note != "Only 1 of its 24 tracks is in your library, so no list was made yet. It is made by itself once 6 are." {
		t.Errorf("note %q", note)
	}
	w.news()
	w.alice(all[:4]...)
	w.mirror()
	w.expect(all[1])
	w.news(playlists.Notice{Kind: playlists.CopyBegun})
}

func TestACrashWhileAListOfEnoughIsMade(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *home {
		w := newHome(t, subsonictest.Navidrome)
		w.own("Birch")
		w.follow(w.alice(words(8)...))
		w.mirror()
		w.own("Cedar")
		w.poll()
		return w
	}
	crash(t, prepare, act, func(w *home) {
		w.expect("Birch", "Cedar")
		if got := w.notices(playlists.CopyBegun); len(got) != 1 {
			w.Errorf("notices: %+v", got)
		}
	})
}
