package main

import (
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// holdEverything marks all work of a bridge as in somebody's hand for an hour.
func holdEverything(t *testing.T, p *person) {
	t.Helper()
	for _, table := range []string{"subsonic_connections", "subsonic_mirrors", "sources", "delivery_hosts"} {
		r, err := p.db.ExecContext(t.Context(), `UPDATE `+table+` SET lease = $1`, time.Now().Add(time.Hour).UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			t.Fatalf("%s has %d rows, %v", table, n, err)
		}
	}
}

// held counts the work of a bridge that is in somebody's hand.
func held(t *testing.T, b *bridge) (n int) {
	t.Helper()
	err := b.db.QueryRowContext(t.Context(), `SELECT (SELECT COUNT(*) FROM subsonic_connections WHERE lease > 0) + (SELECT COUNT(*) FROM subsonic_mirrors WHERE lease > 0)
		+ (SELECT COUNT(*) FROM sources WHERE lease > 0) + (SELECT COUNT(*) FROM delivery_hosts WHERE lease > 0)`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOnlyTheWorkOfTheDeadIsTakenOver(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	holdEverything(t, bob)
	reopen := func() *bridge {
		b, err := openBridge(t.Context(), bob.settings, migrations.Refuse, bob.log)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.Close() })
		return b
	}

	command := reopen()
	if n := held(t, command); n != 4 {
		t.Errorf("a command beside the daemon leaves %d of 4 leases", n)
	}
	for _, b := range []*bridge{command, bob.bridge} {
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := held(t, reopen()); n != 0 {
		t.Errorf("the next start leaves %d leases of the dead", n)
	}
}
