package federation

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// follow sends the n-th Follow of an actor elsewhere and lets the bridge act on it.
func (w *world) follow(i *federationtest.Instance, a *federationtest.Actor, n int, object string) {
	w.t.Helper()
	if status := i.Send(a, w.addr().SharedInbox(), activity(a, "Follow", n, object)); status != 202 {
		w.t.Fatalf("Follow: %d", status)
	}
	w.step(w.InboxOnce)
}

func TestAFollowIsAcceptedWithTheFollowAsItCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
	follow["custom"] = map[string]any{"kept": []any{"as", "it", "is", 1.5, nil}}

	// The same activity, delivered to the actor's and to the shared inbox, has one answer.
	other.Send(bob, w.addr().Inbox(road.PublicID), follow)
	other.Send(bob, w.addr().SharedInbox(), follow)
	w.steps()

	accepts := sent(t, other, "Accept")
	if len(accepts) != 1 {
		t.Fatalf("%d Accepts", len(accepts))
	}
	a := accepts[0]
	if a.Path != "/users/bob/inbox" || a.Signer != w.addr().Actor(road.PublicID) || !reflect.DeepEqual(a.Activity["object"], asJSON(t, follow)) {
		t.Errorf("got %+v", a)
	}

	// A repeated Follow has a new id, and a new answer: the first may have been lost there.
	w.follow(other, bob, 2, w.addr().Collection(road.PublicID)) // FEP-efda: by the id of the collection
	w.steps()
	if n := len(sent(t, other, "Accept")); n != 2 {
		t.Errorf("%d Accepts after a second Follow", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 1 {
		t.Errorf("%d followers", n)
	}
}

func asJSON(t testing.TB, v any) (out any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAFollowOfWhatIsSecretOrMissingHasNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	linked, gone := w.publish("For Bob", playlists.Link), w.publish("Old", playlists.Public)
	w.republish(gone.Playlist, playlists.Private)
	w.steps()
	other := w.instance()
	bob := other.AddActor("bob", nil)
	for n, object := range []any{
		w.addr().Actor(linked.PublicID), w.addr().Collection(linked.PublicID), w.addr().Share(linked.Token), w.addr().Actor(gone.PublicID),
		w.addr().Actor("aaaaaaaaaaaaaaaaaaaaaaaaaa"), w.addr().Actor(string(linked.Playlist)), w.addr().InstanceActor(), w.addr().Home(), bob.ID,
		map[string]any{"type": "Note"}, nil, 7,
	} {
		if status := other.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", n, object)); status != 202 {
			t.Errorf("%v: %d", object, status)
		}
	}
	w.steps()
	if got := other.Received(); len(got) != 0 {
		t.Errorf("told %+v", got)
	}
	if n := w.count(`SELECT COUNT(*) FROM followers`) + w.count(`SELECT COUNT(*) FROM deliveries`); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}

func TestAnOwnerDecidesWhoFollowsAPlaylistForFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	friends, other := w.publish("Friends", playlists.Followers), w.instance()
	bob := other.AddActor("bob", nil)
	read := func() int { return w.get(w.addr().Collection(friends.PublicID), w.signedBy(bob)).status }

	w.follow(other, bob, 1, w.addr().Actor(friends.PublicID))
	w.steps()
	if n := len(other.Received()); n != 0 || read() != 404 {
		t.Fatalf("before the decision %d messages, reading answers %d", n, read())
	}
	waiting, err := w.Followers(t.Context(), friends.PublicID)
	if err != nil || len(waiting) != 1 || waiting[0].ID != bob.ID || waiting[0].Approved {
		t.Fatalf("%+v, %v", waiting, err)
	}

	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, true))
	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, true))
	w.steps()
	if n := len(sent(t, other, "Accept")); n != 1 || read() != 200 {
		t.Errorf("%d Accepts, reading answers %d", n, read())
	}

	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, false))
	w.steps()
	if n := len(sent(t, other, "Reject")); n != 1 || read() != 404 {
		t.Errorf("%d Rejects, reading answers %d", n, read())
	}
	problem(t, "nobody", w.Decide(t.Context(), friends.PublicID, bob.ID, true), playlists.NotFound)
}

func TestWhoeverFollowedAnOpenPlaylistIsAskedForAgainWhenItIsForFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	w.follow(other, bob, 1, w.addr().Actor(road.PublicID))
	w.republish(road.Playlist, playlists.Followers)
	w.step(w.AnnounceOnce)
	if a := w.get(w.addr().Collection(road.PublicID), w.signedBy(bob)); a.status != 404 {
		t.Errorf("nobody approved Bob, and he reads: %d", a.status)
	}
}

func TestAFollowEndsInManyWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	actor := w.addr().Actor(road.PublicID)
	bob, mallory := other.AddActor("bob", nil), other.AddActor("mallory", nil)
	following := func() bool { return w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, bob.ID) == 1 }
	say := func(a *federationtest.Actor, kind string, n int, object any) {
		t.Helper()
		if status := other.Send(a, w.addr().SharedInbox(), activity(a, kind, n, object)); status != 202 {
			t.Fatalf("%s: %d", kind, status)
		}
		w.step(w.InboxOnce)
	}
	number := 0
	for n, end := range map[string]func(n int, follow map[string]any){
		"Undo of the embedded Follow": func(n int, follow map[string]any) { say(bob, "Undo", n, follow) },
		"Undo by its id":              func(n int, follow map[string]any) { say(bob, "Undo", n, follow["id"]) },
		"Undo of a Follow without id": func(n int, follow map[string]any) {
			say(bob, "Undo", n, map[string]any{"type": "Follow", "actor": bob.ID, "object": w.addr().Collection(road.PublicID)})
		},
		"Block":             func(n int, _ map[string]any) { say(bob, "Block", n, actor) },
		"Delete of himself": func(n int, _ map[string]any) { say(bob, "Delete", n, bob.ID) },
	} {
		number++
		follow := activity(bob, "Follow", number, actor)
		w.follow(other, bob, number, actor)
		say(mallory, "Undo", number, follow)
		say(mallory, "Undo", number+100, follow["id"])
		say(mallory, "Undo", number+200, map[string]any{"type": "Follow", "actor": bob.ID, "object": actor})
		say(mallory, "Delete", number, bob.ID)
		say(bob, "Undo", number+300, map[string]any{"type": "Like", "actor": bob.ID, "object": actor})
		if !following() {
			t.Fatalf("%s: Bob does not follow, or others could end that", n)
		}
		end(number, follow)
		if following() {
			t.Errorf("%s: Bob still follows", n)
		}
	}
}

func TestAnUndoMayComeBeforeItsFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Undo", 1, follow))
	w.step(w.InboxOnce)
	other.Send(bob, w.addr().SharedInbox(), follow)
	w.steps()
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 || len(other.Received()) != 0 {
		t.Errorf("%d followers, told %+v", n, other.Received())
	}
}

// Two processes act on the same inbox: one is still busy with the Follow when the other has acted on the Undo, and has not said so yet.
func TestAnUndoThatAnotherProcessActsOnIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
	undo := activity(bob, "Undo", 1, follow)
	other.Send(bob, w.addr().SharedInbox(), follow)
	other.Send(bob, w.addr().SharedInbox(), undo)
	all, err := w.waitingActivities(t.Context())
	w.ok(err)
	for _, is := range []string{"Undo", "Follow"} {
		for _, a := range all {
			if w.text(`SELECT type FROM inbox WHERE id = $1`, a.id) == is {
				w.ok(w.act(t.Context(), a))
			}
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Errorf("who had unfollowed is a follower")
	}
}

// Misskey's Follow of one actor by another has one id for ever, and so has its Undo.
func TestWhoFollowsAgainByTheSameIDIsAFollowerAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	erin := other.AddActor("erin", nil)
	follow := activity(erin, "Follow", 1, w.addr().Actor(road.PublicID))
	undo := activity(erin, "Undo", 1, follow)
	for round := range 3 {
		other.Send(erin, w.addr().SharedInbox(), follow)
		w.steps()
		if n := w.count(`SELECT COUNT(*) FROM followers`); n != 1 {
			t.Errorf("round %d: %d followers", round, n)
		}
		other.Send(erin, w.addr().SharedInbox(), undo)
		w.steps()
		if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
			t.Errorf("round %d: she has unfollowed, and is one of %d followers", round, n)
		}
	}
	// Without a Follow in between, a repeated Undo is done already.
	other.Send(erin, w.addr().SharedInbox(), undo)
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`); n != 0 {
		t.Errorf("%d wait", n)
	}
}

func TestFollowersAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	friends, other := w.publish("Friends", playlists.Followers), w.instance()
	deaf := other.AddActor("deaf", map[string]any{"inbox": nil})
	w.follow(other, deaf, 1, w.addr().Actor(friends.PublicID))
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Error("an actor without inbox, who could never be told, is kept")
	}

	// A Follow as large as an inbox takes is not kept as such.
	bob := other.AddActor("bob", nil)
	long := activity(bob, "Follow", 1, w.addr().Actor(friends.PublicID))
	long["padding"] = make([]int, 10_000)
	other.Send(bob, w.addr().SharedInbox(), long)
	w.step(w.InboxOnce)
	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, true))
	w.steps()
	accepts := sent(t, other, "Accept")
	if len(accepts) != 1 || len(accepts[0].Raw) > 2000 || accepts[0].Activity["object"].(map[string]any)["id"] != long["id"] {
		t.Errorf("got %+v", accepts)
	}

	// One domain cannot fill the list of those who wait.
	for n := range maxPendingOfHost {
		w.exec(`INSERT INTO followers (`+followerColumns+`, at, domain) VALUES ($1, $2, $3, 'pending', '', '', 'x', 0, $4)`,
			friends.PublicID, fmt.Sprint(n), other.Host(), domainOf(other.Host()))
	}
	carol, dave := other.AddActor("carol", nil), w.neighbour()
	w.follow(other, carol, 1, w.addr().Actor(friends.PublicID))
	w.follow(dave, dave.AddActor("dave", nil), 1, w.addr().Actor(friends.PublicID))
	if w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, carol.ID) != 0 || w.count(`SELECT COUNT(*) FROM followers WHERE host = $1`, hostOf(dave.URL)) != 1 {
		t.Error("one domain's followers keep others out, or have no bound")
	}
}

func TestTheSlowHostOfAFollowerHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, slow := w.publish("Road trip", playlists.Public), w.instance()
	bob := slow.AddActor("bob", nil)
	w.follow(slow, bob, 1, w.addr().Actor(road.PublicID))
	w.clock.forward(2 * actorFresh)
	slow.Fail("/users/bob", slow.Hang())
	w.follow(slow, bob, 2, w.addr().Actor(road.PublicID)) // would take half a minute if the actor were read again
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`); n != 0 {
		t.Error("the Follow was not acted on")
	}
}

func TestNewsAreHintsFromThePlaylistsOwnActor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	neighbour := other.AddActor("neighbour", nil)
	want := w.wants(w.alice, mix.actor.ID)
	for n, kind := range []string{"Update", "Announce", "Create", "Add", "Remove", "Delete"} {
		w.clock.forward(time.Minute)
		forged := mix.document("Forged")
		if status := other.Send(neighbour, w.addr().SharedInbox(), activity(neighbour, kind, n, forged)); status != 202 {
			t.Errorf("%s by a neighbour: %d", kind, status)
		}
		w.step(w.InboxOnce)
		if w.due(want.Playlist) {
			t.Errorf("%s by somebody else on the same host makes it due", kind)
		}
		other.Send(mix.actor, w.addr().SharedInbox(), activity(mix.actor, kind, n, forged))
		w.step(w.InboxOnce)
		if !w.due(want.Playlist) {
			t.Errorf("%s by its actor does not make it due", kind)
		}
		w.clock.forward(time.Minute)
		w.step(w.RefreshOnce)
		if got := w.has(want.Playlist); !reflect.DeepEqual(got, []string{"One"}) {
			t.Fatalf("%s: the message was believed: %v", kind, got)
		}
	}
}

func TestOnlyTheActorThatWasAskedCanAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	stranger := other.AddActor("stranger", nil)
	w.wants(w.alice, mix.actor.ID)
	follows := sent(t, other, "Follow")
	if len(follows) != 1 || follows[0].Path != "/users/mix/inbox" || follows[0].Signer != w.addr().Actor(w.alice.PublicID) {
		t.Fatalf("sent %+v", follows)
	}
	follow := follows[0].Activity
	state := func() string { return w.text(`SELECT state FROM subscriptions`) }
	n := 0
	say := func(a *federationtest.Actor, kind string, object any, want string) {
		t.Helper()
		n++
		if status := other.Send(a, w.addr().SharedInbox(), activity(a, kind, n, object)); status != 202 {
			t.Fatalf("%s: %d", kind, status)
		}
		w.step(w.InboxOnce)
		if got := state(); got != want {
			t.Fatalf("after %s of %v the Follow is %s, not %s", kind, object, got, want)
		}
	}
	altered := map[string]any{"id": follow["id"], "type": "Follow", "actor": stranger.ID, "object": mix.actor.ID}
	withoutID := map[string]any{"type": "Follow", "actor": follow["actor"], "object": follow["object"]}
	for _, kind := range []string{"Accept", "Reject"} {
		say(stranger, kind, follow, requested)
		say(stranger, kind, withoutID, requested)
		say(mix.actor, kind, altered, requested)
		say(mix.actor, kind, w.addr().Activity("follow-never-sent"), requested)
		say(mix.actor, kind, w.addr().Actor(w.alice.PublicID), requested)
	}
	say(mix.actor, "Accept", follow, accepted)
	say(mix.actor, "Reject", follow["id"], rejected)
	say(mix.actor, "Accept", withoutID, accepted)
}

func TestAFarewellTellsNobodyWhoIsKnownHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob, stranger := other.AddActor("bob", nil), other.AddActor("stranger", nil)
	w.follow(other, bob, 1, w.addr().Actor(road.PublicID))

	if status := other.Send(stranger, w.addr().SharedInbox(), activity(stranger, "Delete", 1, stranger.ID)); status != 202 {
		t.Errorf("of a stranger: %d", status)
	}
	if n := len(other.Requests("/users/stranger")); n != 0 {
		t.Error("the key of a stranger who is gone was asked for")
	}

	// Mallory has no key of Bob's: the same answer, and nothing happens.
	mallory := *bob
	mallory.KeyID = stranger.KeyID
	if status := other.Send(&mallory, w.addr().SharedInbox(), activity(bob, "Delete", 1, bob.ID)); status != 202 {
		t.Errorf("forged: %d", status)
	}
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 1 {
		t.Error("a forged farewell was believed")
	}
}

func TestAFollowIsSentWhenItsHostIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dead, alive := w.instance(), w.instance()
	one, two := w.list(dead, "one", "One"), w.list(alive, "two", "Two")
	for _, l := range []remoteList{one, two} {
		found, err := w.Lookup(t.Context(), w.alice.ID, l.actor.ID)
		w.ok(err)
		_, err = w.Subscribe(t.Context(), w.alice.ID, found, l.actor.ID, playlists.Sync, playlists.Keep)
		w.ok(err)
		w.exec(`DELETE FROM remote_actors WHERE id = $1`, l.actor.ID)
	}
	dead.Fail("", federationtest.Status(500))
	w.step(w.SubscribeOnce)
	w.step(w.DeliverOnce)
	if len(sent(t, alive, "Follow")) != 1 || w.text(`SELECT state FROM subscriptions WHERE actor = $1`, one.actor.ID) != wanted {
		t.Fatal("a host that does not answer holds up the Follow of another")
	}

	dead.Heal("")
	w.clock.forward(time.Minute)
	w.step(w.SubscribeOnce)
	w.step(w.DeliverOnce)
	if n := len(sent(t, dead, "Follow")); n != 1 {
		t.Errorf("%d Follows", n)
	}
}

func TestAnImportThatEndsTakesItsFollowBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	w.ok(w.store.EndWant(t.Context(), want))
	// The reading that is due comes before the Undo.
	w.clock.forward(24 * time.Hour)
	w.step(w.RefreshOnce)
	w.step(w.SubscribeOnce)
	w.step(w.DeliverOnce)

	undos := sent(t, other, "Undo")
	if len(undos) != 1 || !reflect.DeepEqual(undos[0].Activity["object"].(map[string]any)["id"], sent(t, other, "Follow")[0].Activity["id"]) {
		t.Errorf("sent %+v", undos)
	}
	if n := w.count(`SELECT (SELECT COUNT(*) FROM sources) + (SELECT COUNT(*) FROM subscriptions)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}
