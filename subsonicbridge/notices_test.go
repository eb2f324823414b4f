package subsonicbridge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// news checks bob's notices, newest first: kind, before and after.
func (w *home) news(want ...playlists.Notice) []playlists.Notice {
	w.Helper()
	all, err := w.store.Notices(w.Context(), w.bob.ID)
	w.must(err)
	if !slices.EqualFunc(all, want, func(a, b playlists.Notice) bool {
		return a.Kind == b.Kind && a.Before == b.Before && a.After == b.After
	}) {
		w.Errorf("notices %+v, want %+v", all, want)
	}
	return all
}

func TestWhatIsNewInACopyBecomesANotice(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch", "Dahlia")
	want := w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.mirror()
	w.news() // whoever follows knows

	w.clock.pass(time.Minute)
	w.alice("Dahlia", "Amber", "Cedar")
	w.mirror()
	w.clock.pass(time.Minute)
	w.alice("Dahlia", "Amber", "Cedar", "Falcon")
	w.mirror()
	w.expect("Dahlia", "Amber")
	changed := playlists.Notice{Kind: playlists.CopyChanged, Before: 1, After: 3}
	w.news(changed)

	w.own("Cedar", "Falcon")
	w.poll()
	w.mirror()
	filled := playlists.Notice{Kind: playlists.GapsFilled, Before: 2, After: 4}
	all := w.news(filled, changed)
	if all[0].About != string(want.ID) || all[0].Playlist != want.Playlist {
		t.Errorf("notice %+v", all[0])
	}
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
	w.must(err)
	w.news(filled, changed)
}

func TestAListThatComesUnexpectedlyBecomesANotice(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	want := w.follow(w.alice("Amber", "Birch"))
	w.own("Cedar")
	w.mirror()
	w.news()
	w.own("Amber", "Birch")
	w.poll()
	w.mirror()
	w.expect("Amber", "Birch")
	w.news(playlists.Notice{Kind: playlists.GapsFilled, After: 2})

	w.clock.pass(time.Minute)
	w.must(w.store.GrantWants(t.Context(), w.bob.ID, want.Playlist, false))
	w.mirror()
	w.must(w.store.GrantWants(t.Context(), w.bob.ID, want.Playlist, true))
	w.mirror()
	w.news(playlists.Notice{Kind: playlists.CopyArrived}, playlists.Notice{Kind: playlists.GapsFilled, After: 2})

	w.clock.pass(time.Minute)
	w.must(w.store.Withdraw(t.Context(), want.Playlist))
	w.mirror()
	if all, err := w.store.Notices(t.Context(), w.bob.ID); err != nil || all[0].Kind != playlists.CopyEnded {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAMusicServerThatStaysAwayBecomesANotice(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	w.poll()
	w.server.Fail(subsonictest.BadGateway)
	for range 30 {
		w.poll()
	}
	w.clock.pass(2 * time.Hour)
	w.poll()
	all := w.news(playlists.Notice{Kind: playlists.Broken})
	if len(all) == 1 && (!strings.Contains(all[0].Text.String(), "music server") || all[0].Due.Sub(all[0].At) != time.Hour) {
		t.Errorf("%+v", all[0])
	}
	message, _, err := w.store.Bundle(t.Context(), w.bob.ID, playlists.Fediverse, time.Time{})
	w.must(err)
	w.must(w.store.Told(t.Context(), w.bob.ID, playlists.Fediverse, message))
	w.server.Fail(subsonictest.Works)
	w.clock.pass(2 * time.Hour)
	w.poll()
	if all, err := w.store.Notices(t.Context(), w.bob.ID); err != nil || len(all) != 1 || all[0].Kind != playlists.Mended {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestACopyThatAsksBecomesANoticeUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own(words(20)...)
	want := w.follow(w.alice(words(20)...))
	w.mirror()
	w.alice(words(2)...)
	w.mirror()
	if all := w.news(playlists.Notice{Kind: playlists.Broken}); len(all) == 1 && !strings.Contains(all[0].Text.String(), "from 20 tracks to 2") {
		t.Errorf("%+v", all)
	}
	w.must(w.bridge.Confirm(t.Context(), want.ID))
	w.mirror()
	w.expect(words(2)...)
	w.news(playlists.Notice{Kind: playlists.CopyChanged, Before: 1, After: 2})
}

func TestWhoWaitsForACopyLearnsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber")
	want := w.follow(w.alice("Amber", "Birch"))
	outcome := func() playlists.Outcome {
		o, err := w.store.Outcome(t.Context(), want.ID)
		w.must(err)
		return o
	}
	if o := outcome(); !o.At.IsZero() {
		t.Errorf("before anything was done: %+v", o)
	}
	w.server.Fail(subsonictest.BadGateway)
	w.mirror()
	if o := outcome(); o.Problem.String() == "" || o.List != "" {
		t.Errorf("while the server is down: %+v", o)
	}
	w.server.Fail(subsonictest.Works)
	w.clock.pass(time.Hour)
	w.mirror()
	if o := outcome(); o.Problem.String() != "" || o.List != "Road trip · Alice" {
		t.Errorf("in the end: %+v", o)
	}
}
