package playlists_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
)

func TestStepsThatAreRepeatedMakeOneNotice(t *testing.T) {
	t.Parallel()
	s := open(t)
	changed := func(before, after int64) {
		t.Helper()
		s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.CopyChanged, About: "w", Before: before, After: after}))
	}
	changed(3, 4)
	changed(3, 4)
	changed(4, 6)
	changed(4, 6)
	s.notices(playlists.Notice{Kind: playlists.CopyChanged, Before: 3, After: 6})
	message, _, err := s.Bundle(t.Context(), "a", playlists.Fediverse, time.Time{})
	if message != "" || err != nil {
		t.Errorf("told before it was quiet: %q, %v", message, err)
	}

	s.pass(31 * time.Minute)
	changed(4, 6)
	message, all, err := s.Bundle(t.Context(), "a", playlists.Fediverse, time.Time{})
	if message == "" || len(all) != 1 || err != nil {
		t.Fatalf("%q, %+v, %v", message, all, err)
	}
	changed(6, 7) // while it is being told
	if again, same, err := s.Bundle(t.Context(), "a", playlists.Fediverse, time.Time{}); again != message || len(same) != 1 || same[0].ID != all[0].ID || err != nil {
		t.Errorf("asked again: %q, %+v, %v", again, same, err)
	}
	s.ok(s.Told(t.Context(), "a", playlists.Fediverse, message))
	changed(4, 6)
	s.notices(playlists.Notice{Kind: playlists.CopyChanged, Before: 6, After: 7}, playlists.Notice{Kind: playlists.CopyChanged, Before: 3, After: 6})
	s.pass(31 * time.Minute)
	if next, all, err := s.Bundle(t.Context(), "a", playlists.Fediverse, time.Time{}); next == message || len(all) != 1 || err != nil {
		t.Errorf("the next: %q, %+v, %v", next, all, err)
	}
}

func TestEachWayTellsANoticeOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.Broken, About: "server"}))
	s.pass(2 * time.Hour)
	told := func(w playlists.Way) (kinds []playlists.NoticeKind) {
		t.Helper()
		message, all, err := s.Bundle(t.Context(), "a", w, time.Time{})
		s.ok(err)
		for _, n := range all {
			kinds = append(kinds, n.Kind)
		}
		s.ok(s.Told(t.Context(), "a", w, message))
		return kinds
	}
	for _, w := range []playlists.Way{playlists.Fediverse, playlists.Email} {
		if first, second := told(w), told(w); len(first) != 1 || len(second) != 0 {
			t.Errorf("%s told %v, then %v", w, first, second)
		}
	}
	if n, err := s.ToldSince(t.Context(), "a", playlists.Email, s.at.Add(-time.Minute)); n != 1 || err != nil {
		t.Errorf("%d messages by e-mail, %v", n, err)
	}
	s.ok(s.Mend(t.Context(), "a", "server"))
	for _, w := range []playlists.Way{playlists.Fediverse, playlists.Email} {
		if kinds := told(w); len(kinds) != 1 || kinds[0] != playlists.Mended {
			t.Errorf("%s told %v", w, kinds)
		}
	}
	s.pass(playlists.KeepNotices + time.Hour)
	s.ok(s.Tidy(t.Context()))
	if n, err := s.ToldSince(t.Context(), "a", playlists.Email, time.Time{}); n != 0 || err != nil {
		t.Errorf("%d messages are kept for ever, %v", n, err)
	}
}

func TestAQuestionThatWasAnsweredIsNotTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	asks := func(n int64) {
		t.Helper()
		s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.OrderAsked, About: "w", After: n}))
	}
	asks(1)
	s.ok(s.Answered(t.Context(), "a", playlists.OrderAsked, "w"))
	s.notices()
	asks(2)
	s.pass(31 * time.Minute)
	message, _, err := s.Bundle(t.Context(), "a", playlists.Fediverse, time.Time{})
	s.ok(err)
	s.ok(s.Told(t.Context(), "a", playlists.Fediverse, message))
	asks(3)
	asks(3)
	s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.OrderAsked, About: "another", After: 1}))
	s.ok(s.Answered(t.Context(), "a", playlists.OrderAsked, "w"))
	s.notices(playlists.Notice{Kind: playlists.OrderAsked, After: 1}, playlists.Notice{Kind: playlists.OrderAsked, After: 2})
}

func TestAQuarterIsEnough(t *testing.T) {
	t.Parallel()
	for total, want := range map[int]int{0: 0, 1: 1, 4: 1, 5: 2, 8: 2, 24: 6, 25: 7} {
		if got := playlists.Enough(total); got != want {
			t.Errorf("of %d tracks %d are enough, want %d", total, got, want)
		}
	}
}

func TestWhatMendsItselfSoonIsNobodysConcern(t *testing.T) {
	t.Parallel()
	s := open(t)
	breaks := func() {
		t.Helper()
		s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.Broken, About: "server", Text: playlists.Sentencef("It is down.")}))
	}
	tell := func() (kinds []playlists.NoticeKind) {
		t.Helper()
		message, all, err := s.Bundle(t.Context(), "a", playlists.Fediverse, time.Time{})
		s.ok(err)
		for _, n := range all {
			kinds = append(kinds, n.Kind)
		}
		s.ok(s.Told(t.Context(), "a", playlists.Fediverse, message))
		return kinds
	}
	breaks()
	s.pass(59 * time.Minute)
	s.ok(s.Mend(t.Context(), "a", "server"))
	s.notices()

	for range 2 { // the second time is news as well
		for range 20 {
			breaks()
			s.pass(6 * time.Minute)
		}
		if got := tell(); len(got) != 1 || got[0] != playlists.Broken {
			t.Fatalf("told %v", got)
		}
		s.ok(s.Mend(t.Context(), "a", "server"))
		s.ok(s.Mend(t.Context(), "a", "server"))
		if got := tell(); len(got) != 1 || got[0] != playlists.Mended {
			t.Fatalf("told %v", got)
		}
		s.pass(time.Minute)
	}
}

func TestNoticesAreBoundedAndGrowOld(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.Broken, About: "server"}))
	s.pass(time.Hour) // then many strangers ask, and go again
	for n := range int64(510) {
		s.ok(s.Notify(t.Context(), playlists.Notice{Account: "a", Kind: playlists.FollowAsked, About: "x", After: n}))
		s.pass(time.Second)
	}
	all, err := s.Notices(t.Context(), "a")
	if err != nil || len(all) != 500 || all[0].After != 509 {
		t.Errorf("%d notices, %v", len(all), err)
	}
	if _, told, err := s.Bundle(t.Context(), "a", playlists.Email, time.Time{}); err != nil || len(told) != 501 || told[0].Kind != playlists.Broken {
		t.Errorf("what matters is put out: %d, %v", len(told), err)
	}
	since := s.now()
	if any, err := s.AnyToTell(t.Context(), "a", playlists.Fediverse, since); any || err != nil {
		t.Errorf("news from before somebody listened: %v, %v", any, err)
	}
	s.pass(91 * 24 * time.Hour)
	s.ok(s.Tidy(t.Context()))
	s.notices()
}

// kept is a store whose clock stands still until the test moves it.
type kept struct {
	*playlists.Store
	t  *testing.T
	at time.Time
}

func open(t *testing.T) *kept {
	t.Helper()
	db := migrationstest.Open(t)
	k := &kept{t: t, at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	k.Store = playlists.New(db, k.now)
	return k
}

func (k *kept) now() time.Time { return k.at }

func (k *kept) pass(d time.Duration) { k.at = k.at.Add(d) }

func (k *kept) ok(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// notices checks kind, before and after of all notices of account "a", newest first.
func (k *kept) notices(want ...playlists.Notice) {
	k.t.Helper()
	all, err := k.Notices(k.t.Context(), "a")
	k.ok(err)
	if !slices.EqualFunc(all, want, func(a, b playlists.Notice) bool {
		return a.Kind == b.Kind && a.Before == b.Before && a.After == b.After
	}) {
		k.t.Errorf("notices %+v, want %+v", all, want)
	}
}

// What is looked at each second does not grow with all that was ever told.
func TestWhoMayBeToldSomethingIsThoseWithNewsAndEachMinuteEverybody(t *testing.T) {
	t.Parallel()
	s := open(t)
	news := func(account playlists.ID, about string) {
		t.Helper()
		s.ok(s.Notify(t.Context(), playlists.Notice{Account: account, Kind: playlists.FollowAsked, About: about}))
	}
	var look playlists.Look
	expect := func(when string, all bool, want ...playlists.ID) {
		t.Helper()
		some, err := s.MayBeToldSomething(t.Context(), &look)
		if got := slices.Sorted(maps.Keys(some)); err != nil || (some == nil) != all || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", when, got, err, want)
		}
	}
	news("a", "before")
	s.pass(time.Hour)
	expect("at first", true)
	expect("at once after that", false)
	news("b", "one")
	news("b", "two")
	expect("when there are news", false, "b")
	s.pass(59 * time.Second)
	expect("still", false, "b")
	s.pass(time.Second)
	expect("after a minute", true)
	expect("since others may have come first then", false, "b")
}
