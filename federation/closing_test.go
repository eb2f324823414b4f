package federation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// pin returns the id of the post that is pinned to a playlist's actor, as somebody reads it.
func (w *world) pin(pub playlists.Publication) string {
	w.t.Helper()
	var list struct{ OrderedItems []struct{ ID string } }
	if a := w.get(w.addr().Featured(pub.PublicID)); a.status != 200 {
		w.t.Fatalf("featured: %+v", a)
	} else if err := json.Unmarshal([]byte(a.body), &list); err != nil || len(list.OrderedItems) != 1 {
		w.t.Fatalf("featured: %s, %v", a.body, err)
	}
	return list.OrderedItems[0].ID
}

func TestThePinnedPostIsTakenBackWhenAPlaylistIsClosed(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	first := r.pin(r.pub)
	deleted := func() (n int) {
		for _, o := range objects(t, r.bobs, "Delete", "Tombstone") {
			if o["id"] == first {
				n++
			}
		}
		return n
	}
	r.republish(r.pub.Playlist, playlists.Followers)
	r.steps()
	r.exec(`UPDATE readers SET seq = 0 WHERE name = 'announce'`) // all once more, as after a crash
	r.steps()
	if n := deleted(); n != 1 {
		t.Errorf("%d Deletes of the pinned post", n)
	}
	if a := r.get(first); a.status != 410 {
		t.Errorf("it answers %d", a.status)
	}
	if a := r.get(first + "-2"); a.status != 404 {
		t.Errorf("the next one answers a stranger %d", a.status)
	}

	// Open again there is another one: who took back the first never shows it again.
	r.clock.forward(time.Minute)
	r.republish(r.pub.Playlist, playlists.Unlisted)
	r.steps()
	second := r.pin(r.pub)
	if second == first || r.get(second).status != 200 || r.get(first).status != 410 {
		t.Errorf("pinned now: %s, the first one answers %d", second, r.get(first).status)
	}
	if sentNews, err := r.SentNewsOf(t.Context(), r.alice.ID, 10); err != nil || len(sentNews) != 0 {
		t.Errorf("it is no post of its own: %+v, %v", sentNews, err)
	}
}

func TestNothingGoesToThoseWhomNobodyHasApprovedYet(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "For friends only")
	r.republish(r.pub.Playlist, playlists.Followers)
	r.clock.forward(31 * time.Minute)
	r.step(r.NewsOnce) // before the change of audience was read
	r.sends(r.bobs, r.bob, r.mastodon(r.bob, 1, r.addr().Actor(r.pub.PublicID), "link"))
	r.step(r.DeliverOnce)
	if got := sent(t, r.bobs, "Create"); len(got) != 0 || r.count(`SELECT COUNT(*) FROM personal_links`) != 0 {
		t.Errorf("bob, whom nobody approved, was told %+v", got)
	}
	r.steps()
	r.ok(r.Decide(t.Context(), r.pub.PublicID, r.bob.ID, true))
	r.later(2 * closingTime)
	if got := told(t, r.bobs, "Create"); len(got) != 1 || !strings.Contains(got[0], "For friends only") {
		t.Errorf("approved, bob was told %q", got)
	}
}

func TestNeighboursAreAskedForTheMomentAPlaylistIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, bob := w.publish("Road trip", playlists.Public), w.account("bob")
	want := w.wants(bob, w.addr().Actor(road.PublicID))
	w.steps()
	w.republish(road.Playlist, playlists.Followers)
	if now, err := w.store.Want(t.Context(), want.ID); err != nil || now.Granted {
		t.Errorf("bob's copy goes on: %+v, %v", now, err)
	}
	w.step(w.SubscribeOnce) // before the change is announced
	w.steps()
	waiting, err := w.Followers(t.Context(), road.PublicID)
	if err != nil || len(waiting) != 1 || waiting[0].Approved {
		t.Errorf("followers %+v, %v", waiting, err)
	}
	w.ok(w.Decide(t.Context(), road.PublicID, waiting[0].ID, true))
	w.steps()
	if now, err := w.store.Want(t.Context(), want.ID); err != nil || !now.Granted {
		t.Errorf("approved: %+v, %v", now, err)
	}
}

func TestWhatIsUnlistedIsTakenBackFromStrangers(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(31 * time.Minute)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"].(string)
	outbox := pageOf(r.addr().Outbox(r.alice.PublicID), 1)
	if !strings.Contains(r.get(outbox).body, note) {
		t.Fatal("it is not in alice's outbox")
	}
	r.republish(r.pub.Playlist, playlists.Unlisted)
	r.steps()
	if strings.Contains(r.get(outbox).body, note) {
		t.Error("alice's outbox leads strangers to a playlist that she unlisted")
	}
	if len(objects(t, r.carols, "Delete", "Tombstone")) != 1 {
		t.Error("who saw her boost was not told")
	}
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Ferry") // goes on for its own followers
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 2 {
		t.Errorf("bob was told %q", got)
	}
	r.republish(r.pub.Playlist, playlists.Public)
	r.steps()
	if n := r.count(`SELECT COUNT(*) FROM posts WHERE deleted = 0`); n != 1 {
		t.Errorf("%d posts after it was opened", n)
	}
}

func TestACorrectionThatWaitsIsNotSentAfterItsPostWasTakenBack(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Ferry")
	r.later(31 * time.Minute)
	r.bobs.Fail("/users/bob/inbox", federationtest.Status(404))
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(3 * time.Minute)
	if n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'update-note-%'`); n != 1 {
		t.Fatalf("%d corrections wait", n)
	}
	r.ok(r.TakeBack(t.Context(), r.alice.ID, r.text(`SELECT id FROM posts`)))
	if n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'update-note-%'`); n != 0 {
		t.Error("the correction is still to be sent, and would show the post again")
	}
}

func TestWhoNamesAnothersClosedPlaylistGetsNoneOfItsFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared := w.instance() // a host with many accounts
	friends := w.list(shared, "friends", "Secret")
	shared.Change(friends.actor, map[string]any{"manuallyApprovesFollowers": true})
	closed := func() { shared.Fail(friends.path(), federationtest.Status(404)) }
	closed()
	want := w.wants(w.alice, friends.actor.ID)
	shared.Heal(friends.path())
	shared.Send(friends.actor, w.addr().SharedInbox(), activity(friends.actor, "Accept", 1, sent(t, shared, "Follow")[0].Activity))
	w.step(w.InboxOnce)
	w.clock.forward(2 * time.Second)
	w.steps()
	if got := w.has(want.Playlist); len(got) != 1 {
		t.Fatalf("alice has %v", got)
	}

	// Bob, who is a neighbour of alice's, follows an actor that says that the playlist is its own.
	mallory := shared.AddActor("mallory", map[string]any{"type": "Service", "streams": []string{friends.id}, "manuallyApprovesFollowers": true})
	closed()
	bobs := w.wants(w.account("bob"), mallory.ID)
	shared.Heal(friends.path())
	for n, follow := range sent(t, shared, "Follow") {
		shared.Send(mallory, w.addr().SharedInbox(), activity(mallory, "Accept", n, follow.Activity))
	}
	w.steps()
	if _, actor := w.readFrom(want.Playlist); actor != friends.actor.ID {
		t.Errorf("alice's playlist is %s's now", actor)
	}
	if now, err := w.store.Want(t.Context(), bobs.ID); err != nil || now.Granted {
		t.Errorf("bob may see what its owner never let him see: %+v, %v", now, err)
	}
}

func TestWhatOneAccountIsApprovedForIsNotForItsNeighbours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	friends := w.list(other, "friends", "Secret")
	other.Change(friends.actor, map[string]any{"manuallyApprovesFollowers": true}) // and reads to our instance actor, for alice
	carol := w.person(other, "carol", friends)
	bob := w.account("bob")
	w.wantsPerson(bob, carol)
	wants, err := w.store.AccountWants(t.Context(), bob.ID)
	if err != nil || len(wants) != 1 || wants[0].Granted {
		t.Fatalf("bob, whom carol has not approved: %+v, %v", wants, err)
	}
	for n, follow := range sent(t, other, "Follow") {
		if follow.Activity["object"] == friends.actor.ID {
			other.Send(friends.actor, w.addr().SharedInbox(), activity(friends.actor, "Accept", n, follow.Activity))
		}
	}
	w.step(w.InboxOnce)
	w.clock.forward(2 * time.Second)
	w.everything()
	if want, err := w.store.Want(t.Context(), wants[0].ID); err != nil || !want.Granted || len(w.has(want.Playlist)) != 1 {
		t.Errorf("approved: %+v, %v", want, err)
	}
}

func TestAPlaylistThatMovedToApprovedFollowersIsClosedUntilItsOwnerApproves(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.agrees()
	m.there.Change(m.to.actor, map[string]any{"manuallyApprovesFollowers": true})
	m.there.Fail(m.to.path(), federationtest.Status(404))
	granted := func() bool {
		want, err := m.store.Want(t.Context(), m.want.ID)
		m.ok(err)
		return want.Granted
	}
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.to.id || granted() {
		t.Fatalf("read from %s, granted before its owner decided: %v", collection, granted())
	}
	m.there.Heal(m.to.path())
	m.there.Send(m.to.actor, m.addr().SharedInbox(), activity(m.to.actor, "Accept", 1, sent(t, m.there, "Follow")[0].Activity))
	m.step(m.InboxOnce)
	m.clock.forward(2 * time.Second)
	m.everything()
	if got := m.has(m.want.Playlist); !granted() || len(got) != 2 {
		t.Errorf("approved, alice has %v", got)
	}
}
