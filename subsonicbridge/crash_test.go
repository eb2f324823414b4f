package subsonicbridge_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// crash does what act does as often as it makes requests, and each time everything from one of them on fails: once
// before the server did what the request asks, once after. Then the connection works again, act is repeated, and check
// looks at what there is. prepare makes a home in the state before.
func crash(t *testing.T, prepare func(*testing.T) *home, act func(*home) error, check func(*home)) {
	for n := 1; ; n++ {
		more := false
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("at request %d, applied %v", n, after), func(t *testing.T) {
				w := prepare(t)
				w.front.arm(n, after)
				err := act(w) // what it says is not the point, and it may have ended before the n-th request
				more = more || w.front.reached()
				t.Logf("broken off: %v", err)
				w.front.arm(0, false)
				for range 3 {
					w.clock.pass(7 * time.Hour) // longer than any delay
					w.must(act(w))
				}
				check(w)
			})
		}
		if !more {
			return
		}
		if n > 60 {
			t.Fatal("the act makes more and more requests")
		}
	}
}

func act(w *home) error {
	_, err := w.bridge.MirrorOnce(w.Context())
	return err
}

func TestACrashWhileAListIsMade(t *testing.T) {
	t.Parallel()
	for _, d := range subsonictest.Dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			prepare := func(t *testing.T) *home {
				w := newHome(t, d)
				w.own("Amber", "Birch")
				w.follow(w.alice("Amber", "Birch"))
				return w
			}
			crash(t, prepare, act, func(w *home) {
				w.expect("Amber", "Birch")
				if name := w.theList().Name; name != "Road trip · Alice" {
					w.Errorf("name %q", name)
				}
			})
		})
	}
}

// The person took Birch out and put Ember in; then the source changes and our write is broken off.
func TestACrashWhileAnEditedListIsWritten(t *testing.T) {
	t.Parallel()
	for _, d := range subsonictest.Dialects {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			prepare := func(t *testing.T) *home {
				w := newHome(t, d)
				w.own("Amber", "Birch", "Cedar", "Dahlia", "Ember")
				w.follow(w.alice("Amber", "Birch", "Cedar"))
				w.mirror()
				w.server.SetPlaylist(w.theList().ID, w.songs("Amber", "Ember", "Cedar")...)
				w.aliceNamed("Long trip", "Cedar", "Dahlia", "Amber", "Birch")
				return w
			}
			crash(t, prepare, act, func(w *home) {
				w.expect("Cedar", "Dahlia", "Amber", "Ember")
				if name := w.theList().Name; name != "Long trip · Alice" {
					w.Errorf("name %q", name)
				}
				w.aliceNamed("Long trip", "Birch", "Amber", "Cedar")
				w.must(act(w))
				w.expect("Amber", "Ember", "Cedar")
			})
		})
	}
}

func TestACrashWhileASourceIsWithdrawn(t *testing.T) {
	t.Parallel()
	for _, on := range []playlists.OnWithdraw{playlists.Keep, playlists.Drop} {
		t.Run(string(on), func(t *testing.T) {
			t.Parallel()
			prepare := func(t *testing.T) *home {
				w := newHome(t, subsonictest.Navidrome)
				w.own("Amber")
				id := w.alice("Amber")
				w.want(playlists.Want{Playlist: id, Mode: playlists.Sync, OnWithdraw: on})
				w.mirror()
				w.must(w.store.Withdraw(t.Context(), id))
				return w
			}
			crash(t, prepare, act, func(w *home) {
				if lists := w.lists(); len(lists) == 1 != (on == playlists.Keep) {
					w.Errorf("lists: %+v", lists)
				}
				wants, err := w.store.AccountWants(w.Context(), w.bob.ID)
				w.must(err)
				if wants[0].Ended.IsZero() {
					w.Error("the want did not end")
				}
			})
		})
	}
}

func TestACrashWhileARenumberedServerIsWritten(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *home {
		w := newHome(t, subsonictest.Navidrome)
		w.own("Amber", "Birch", "Cedar")
		w.follow(w.alice("Amber", "Birch"))
		w.mirror()
		w.server.Renumber()
		w.alice("Amber", "Cedar", "Birch")
		return w
	}
	crash(t, prepare, act, func(w *home) { w.expect("Amber", "Cedar", "Birch") })
}

func TestACrashWhileAListGetsASuccessor(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *home {
		w := newHome(t, subsonictest.Navidrome)
		w.own("Amber", "Birch")
		w.follow(w.alice("Amber"))
		w.mirror()
		w.server.SetReadOnly(w.theList().ID, true)
		w.alice("Birch", "Amber")
		return w
	}
	crash(t, prepare, act, func(w *home) {
		lists := w.lists()
		if len(lists) != 2 {
			w.Fatalf("lists: %+v", lists)
		}
		i := slices.IndexFunc(lists, func(p subsonictest.Playlist) bool { return !p.ReadOnly })
		if got := w.server.Titles(lists[i].ID); !slices.Equal(got, []string{"Birch", "Amber"}) {
			w.Errorf("the successor has %v", got)
		}
	})
}

func TestACrashWhilePolling(t *testing.T) {
	t.Parallel()
	prepare := func(t *testing.T) *home {
		w := newHome(t, subsonictest.Supysonic)
		songs := w.own("Amber", "Birch")
		w.server.AddPlaylist("bob", "Mine", songs...)
		w.server.AddPlaylist("bob", "Yours", songs[0])
		w.clock.pass(time.Minute)
		return w
	}
	poll := func(w *home) error {
		_, err := w.bridge.PollOnce(w.Context())
		return err
	}
	crash(t, prepare, poll, func(w *home) {
		if l := w.listed(); len(l) != 2 {
			w.Errorf("recorded: %+v", l)
		}
	})
}

// A process that dies keeps its lease until the lease ends; then another takes the work over.
func TestWorkOfADeadProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	want := w.follow(w.alice("Amber"))
	_, err := w.store.Each(t.Context(), "mirror", playlists.Any, subsonicbridge.NoteChange(w.bridge))
	w.must(err)
	w.must(subsonicbridge.ClaimAndDie(t.Context(), w.bridge))
	w.mirror()
	if len(w.lists()) != 0 {
		t.Fatal("two processes had one mirror in hand")
	}
	w.clock.pass(time.Hour)
	w.mirror()
	w.expect("Amber")
	w.expectState(want, subsonicbridge.Written)
}
