package subsonicbridge_test

import (
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAPollWhoseOutcomeCouldNotBeKeptIsRepeatedSoon(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddPlaylist("bob", "Mine", w.own("Amber")...)
	w.clock.pass(time.Minute)
	end := migrationstest.Refuse(t, w.db, "polled", "subsonic_connections")
	if _, err := w.bridge.PollOnce(t.Context()); err == nil {
		t.Fatal("nobody is told that the database failed")
	}
	end()
	before := w.front.requests()
	w.poll()
	if w.front.requests() == before {
		t.Error("the account waits for a lease to end")
	}
}

func TestAListWhoseOutcomeCouldNotBeKeptIsLookedAtAgainSoon(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	w.follow(w.alice("Amber", "Birch"))
	end := migrationstest.Refuse(t, w.db, "attempts", "subsonic_mirrors")
	if _, err := w.bridge.MirrorOnce(t.Context()); err == nil {
		t.Fatal("nobody is told that the database failed")
	}
	end()
	w.mirror()
	w.expect("Amber", "Birch")
}

// A clock that was a year ahead, and is right now, has left waits and leases that nobody can wait for.
func TestNothingWaitsForAYear(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.own("Amber", "Birch")
	w.follow(w.alice("Amber", "Birch"))
	year := w.clock.Now().AddDate(1, 0, 0).UnixMilli()
	for _, table := range []string{"subsonic_connections", "subsonic_mirrors"} {
		_, err := w.db.Exec(`UPDATE `+table+` SET due = $1, lease = $1`, year)
		w.must(err)
	}
	w.must(w.bridge.Tidy(t.Context()))
	before := w.front.requests()
	w.poll()
	if w.front.requests() == before {
		t.Error("the account waits")
	}
	w.mirror()
	w.expect("Amber", "Birch")
}
