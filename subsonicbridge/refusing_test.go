package subsonicbridge_test

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAnAccountThatIsRefusedForAWeekIsPausedAndGoesOnByItself(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	admin, err := w.store.AddAccount(t.Context(), playlists.Account{Handle: "admin", Name: "Admin", Admin: true})
	w.must(err)
	w.server.AddPlaylist("bob", "Road trip", w.own("Amber")...)
	w.poll()
	all, err := w.store.List(t.Context(), w.bob.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	list := all[0].ID
	pub, err := w.store.Publish(t.Context(), list, playlists.Public)
	w.must(err)
	paused := func() bool {
		t.Helper()
		s, err := w.bridge.Status(t.Context(), w.bob.ID)
		w.must(err)
		return s.Paused
	}
	told := func(who playlists.ID) (n int) {
		t.Helper()
		all, err := w.store.Notices(t.Context(), who)
		w.must(err)
		for _, notice := range all {
			if notice.Kind == playlists.Paused && notice.About == string(w.bob.ID) {
				n++
			}
		}
		return n
	}
	// pass lets time pass, and polls when that is due. It returns how often.
	pass := func(d time.Duration) (polls int) {
		t.Helper()
		for range d / (10 * time.Minute) {
			w.clock.pass(9 * time.Minute) // and one in poll
			before := w.front.requests()
			w.poll()
			if w.front.requests() > before {
				polls++
			}
		}
		return polls
	}
	w.server.SetPassword("bob", "another")
	pass(7*24*time.Hour - time.Hour)
	if paused() || told(w.bob.ID) != 0 {
		t.Error("paused before a week was over")
	}
	pass(2 * time.Hour)
	if !paused() || told(w.bob.ID) != 1 || told(admin.ID) != 1 {
		t.Errorf("paused %v, told %d and %d times", paused(), told(w.bob.ID), told(admin.ID))
	}
	w.server.Fail(subsonictest.BadGateway) // another failure meanwhile changes nothing
	if polls := pass(2 * 24 * time.Hour); polls < 5 || polls > 9 {
		t.Errorf("%d tries in two days", polls)
	}
	w.server.Fail(subsonictest.Works)
	if !paused() || told(w.bob.ID) != 1 || told(admin.ID) != 1 {
		t.Errorf("later paused %v, told %d and %d times", paused(), told(w.bob.ID), told(admin.ID))
	}
	if now, err := w.store.Publication(t.Context(), list); err != nil || now.Audience != playlists.Public || now.PublicID != pub.PublicID {
		t.Errorf("its publication is %+v, %v", now, err)
	}
	w.server.SetPassword("bob", "bob's password")
	pass(7 * time.Hour)
	if paused() || told(w.bob.ID) != 0 || told(admin.ID) != 0 {
		t.Errorf("let in again: paused %v, still to be told %d and %d times", paused(), told(w.bob.ID), told(admin.ID))
	}
}
