package federation

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// quietly lets everything that was announced be told.
func (w *world) quietly() {
	w.t.Helper()
	w.step(w.AnnounceOnce)
	w.clock.forward(w.quiet)
	w.steps()
}

// rosterUpdates returns the Updates of Alice's list of playlists that an instance got.
func (w *world) rosterUpdates(i *federationtest.Instance) (out []map[string]any) {
	w.t.Helper()
	for _, o := range updates(w.t, i, "OrderedCollection") {
		if o["id"] == w.addr().ActorPlaylists(w.alice.PublicID) {
			out = append(out, o)
		}
	}
	return out
}

func TestFollowersOfAnAccountHearOfItsPublicPlaylistsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	w.follow(other, bob, 1, w.addr().Actor(w.alice.PublicID))
	w.publish("Road trip", playlists.Public)
	evening := w.publish("Evening", playlists.Public)
	w.quietly()
	if got := w.rosterUpdates(other); len(got) != 1 || got[0]["totalItems"] != 2.0 || got[0]["orderedItems"] != nil {
		t.Fatalf("told %v", got)
	}
	w.exec(`DELETE FROM activities`) // so old that they were tidied away: nobody knows what was told
	for _, a := range []playlists.Audience{playlists.Unlisted, playlists.Followers, playlists.Link} {
		pub := w.publish("Not for all: "+string(a), a)
		w.quietly()
		w.republish(pub.Playlist, playlists.Private)
		w.quietly()
	}
	w.record(evening.Playlist, "Evening", "Another track")
	w.quietly()
	if got := w.rosterUpdates(other); len(got) != 1 {
		t.Errorf("told of what is not public: %v", got)
	}

	w.republish(evening.Playlist, playlists.Unlisted)
	w.quietly()
	w.republish(evening.Playlist, playlists.Public) // which is news although it was so before
	w.quietly()
	w.republish(evening.Playlist, playlists.Private)
	w.quietly()
	got := w.rosterUpdates(other)
	if len(got) != 4 || got[1]["totalItems"] != 1.0 || got[2]["totalItems"] != 2.0 || got[3]["totalItems"] != 1.0 {
		t.Errorf("told %v", got)
	}
	if persons := updates(t, other, "Person"); len(persons) != 2 || persons[0]["id"] != w.addr().Actor(w.alice.PublicID) {
		t.Errorf("told of the person: %v", persons)
	}
	if n := w.count(`SELECT COUNT(*) FROM announcements`); n != 0 {
		t.Errorf("%d announcements wait", n)
	}
}

func TestAnAccountWithoutFollowersTellsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish("Road trip", playlists.Public)
	w.quietly()
	if n := w.count(`SELECT COUNT(*) FROM activities WHERE actor = $1`, w.alice.PublicID) + w.count(`SELECT COUNT(*) FROM announcements`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestANewNameOfAnAccountIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	w.follow(other, other.AddActor("carol", nil), 1, w.addr().Actor(w.alice.PublicID))
	w.quietly()
	services, persons := len(updates(t, other, "Service")), len(updates(t, other, "Person"))
	w.alice.Name, w.alice.Language = "Alice of the Harbour", "en"
	for range 2 { // the second time it is no news
		_, err := w.store.ChangeAccount(t.Context(), w.alice)
		w.ok(err)
		w.quietly()
	}
	lists, people := updates(t, other, "Service")[services:], updates(t, other, "Person")[persons:]
	if len(lists) != 1 || lists[0]["id"] != w.addr().Actor(pub.PublicID) || !strings.Contains(lists[0]["summary"].(string), w.alice.Name) {
		t.Errorf("told of the playlist: %v", lists)
	}
	if len(people) != 1 || people[0]["name"] != w.alice.Name {
		t.Errorf("told of the account: %v", people)
	}
}
