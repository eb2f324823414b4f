//go:build postgres

package main

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// farAway is an installation with Alice and her published list, and the road to its database.
func farAway(t *testing.T) (i *installation, music *subsonictest.Server, list string, r *road) {
	t.Helper()
	r = newRoad(t, migrationstest.File(t))
	i, music, list = withPublished(t, "SONGFERRY_DATABASE="+r.address)
	return i, music, list, r
}

// The server is gone for a while, and with it all connections. The bridge says so, once and in words, and when the server is there
// again it goes on by itself and has lost nothing.
func TestAServerThatGoesAwayIsToldAndOutlived(t *testing.T) {
	t.Parallel()
	i, music, list, r := farAway(t)
	d := i.serve()
	r.set(blocked)
	i.awaitReadyz(http.StatusServiceUnavailable, "the PostgreSQL server does not answer")
	if s := i.run("playlist", "list", "--account", "alice"); s.code != 1 || !strings.Contains(s.err, "the PostgreSQL server does not answer") || strings.Count(s.err, "\n") != 1 {
		t.Errorf("a command exits with %d and says %q", s.code, s.err)
	}
	for address, want := range map[string]int{"/livez": 200, "/@alice_road_trip": 503, "/@alice_road_trip.jspf": 503, "/ap/actors/none": 503} {
		if code, text, err := get(i.url+address, ""); code != want || err != nil {
			t.Errorf("meanwhile %s answers %d, %v\n%s", address, code, err, text)
		}
	}
	music.SetPlaylist(list, music.AddSong(harbour), music.AddSong(station))
	for range 100 { // while the jobs go on failing
		i.awaitReadyz(http.StatusServiceUnavailable, "does not answer")
	}

	r.set(passable)
	i.awaitOutlived()
	d.stop()
	i.logged(`"the database cannot be used" job=`, 1, 2)
	i.logged(`msg="not ready"`, 1, 4)
	i.logged(`"the database works again"`, 1, 2)
}

// Of a server that hangs nobody hears anything. The bridge says that it is not ready, and stops when it is told to.
func TestAServerThatHangsHoldsUpNoStop(t *testing.T) {
	t.Parallel()
	i, _, _, r := farAway(t)
	i.damaged = true // what must not stand in the log nobody can ask its database
	d := i.serve()
	r.set(unmoving)
	i.awaitReadyz(http.StatusServiceUnavailable, "The database does not answer")
	d.stop()
}

// Whether a transaction was committed nobody knows when the connection breaks before the answer. What it did is not done again, and
// what it did not do is done.
func TestTheAnswerToACommitMayBeLost(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station, joga)
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour, boats, station, joga)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	roads := []*road{alice.moveFar(), bob.moveFar()}

	bob.follow(handle, playlists.Sync, playlists.Keep)
	titles := [][]string{{"Harbour Lights", "Jóga"}, {"Jóga", "Paper Boats", "Harbour Lights"}, {"夜の駅"}}
	lost := 0
	for edit := range 12 {
		alice.music.SetPlaylist(list, alice.ids(titles[edit%len(titles)]...)...)
		for _, r := range roads {
			r.lose(2 + edit%3)
		}
		for range 4 {
			alice.tryAll()
			bob.tryAll()
		}
		lost = 0
		for _, r := range roads {
			lost += r.lose(0)
		}
		jump(2*time.Second, alice, bob) // between two readings of one playlist
	}
	if lost < 20 {
		t.Fatalf("only %d answers were lost", lost)
	}
	settle(alice, bob)
	jump(2*time.Hour, alice, bob) // whatever waits after a failure, and the leases of those who failed
	settle(alice, bob)
	bob.holds("Road trip · alice", "夜の駅")
	checkEstates(t, alice.estate(), bob.estate())
}

// moveFar opens the person's bridge anew, with a road to its database.
func (p *person) moveFar() *road {
	p.t.Helper()
	s := p.settings
	r := newRoad(p.t, s.Database)
	s.Database = r.address
	if err := p.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.open(s, p.account.Handle)
	return r
}

// tryAll does all jobs once. They may fail for want of the server, and of nothing else.
func (p *person) tryAll() {
	p.t.Helper()
	for _, j := range p.jobs() {
		if j.every >= time.Hour {
			continue
		}
		if _, err := j.once(p.t.Context()); err != nil && !errors.Is(migrations.Trouble(err), migrations.ErrServer) {
			p.t.Errorf("%s: %v", j.name, err)
		}
	}
}
