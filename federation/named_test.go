package federation

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestE71AFollowOfWhatIsNoActorHasNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, link, friends, gone := w.publish("Road trip", playlists.Public), w.publish("For Bob", playlists.Link), w.publish("Friends", playlists.Followers), w.publish("Old", playlists.Public)
	w.republish(gone.Playlist, playlists.Private)
	w.steps()
	other := w.instance()
	bob := other.AddActor("bob", nil)
	a := w.addr()
	for n, object := range []string{
		a.Inbox(road.PublicID), a.Outbox(road.PublicID), a.Followers(road.PublicID), a.Featured(road.PublicID), a.Key(road.PublicID, firstKey), a.Actor(road.PublicID) + "/",
		a.Actor(road.PublicID) + "?page=1", a.Page(road.PublicID, 1), a.Item(road.PublicID, "x"), a.Collection(road.PublicID) + "#x", a.ActorPlaylists(road.PublicID),
		a.Collection(w.alice.PublicID), a.Inbox(w.alice.PublicID), a.Profile("alice"), a.SharedInbox(), a.Actor(link.PublicID), a.Collection(link.PublicID),
		a.Actor(gone.PublicID), a.Collection(gone.PublicID), a.ActorPlaylists("aaaaaaaaaaaaaaaaaaaaaaaaaa"), a.Actor("aaaaaaaaaaaaaaaaaaaaaaaaaa"),
		a.Stamp(road.PublicID, "x"), "https://elsewhere.example" + "/ap/actors/" + road.PublicID,
	} {
		w.follow(other, bob, n, object)
		if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
			t.Fatalf("%s was followed", object)
		}
	}
	w.steps()
	if got := other.Received(); len(got) != 0 {
		t.Errorf("told %+v", got)
	}

	// By each of its ids, what can be followed is; once, whatever it is called.
	for n, c := range []struct{ object, actor string }{
		{a.Actor(road.PublicID), road.PublicID}, {a.Collection(road.PublicID), road.PublicID}, {a.Collection(friends.PublicID), friends.PublicID},
		{a.Actor(w.alice.PublicID), w.alice.PublicID}, {a.ActorPlaylists(w.alice.PublicID), w.alice.PublicID},
	} {
		w.follow(other, bob, 100+n, c.object)
		if n := w.count(`SELECT COUNT(*) FROM followers WHERE actor = $1`, c.actor); n != 1 {
			t.Errorf("%s: %d followers", c.object, n)
		}
	}
	w.steps()
	for _, d := range sent(t, other, "Accept") {
		if d.Signer != a.Actor(road.PublicID) && d.Signer != a.Actor(w.alice.PublicID) {
			t.Errorf("%s accepts", d.Signer)
		}
	}
}

func TestE73OfSeveralObjectsAFollowMeansTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, evening, other := w.publish("Road trip", playlists.Public), w.publish("Evening", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", 1, []string{w.addr().Actor(road.PublicID), w.addr().Actor(evening.PublicID)}))
	w.step(w.InboxOnce)
	if got := w.text(`SELECT actor FROM followers`); got != road.PublicID || w.count(`SELECT COUNT(*) FROM followers`) != 1 {
		t.Errorf("followed is %s", got)
	}
}

func TestE77AnUndoBeforeItsFollowCountsByWhateverIdItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	follow := activity(bob, "Follow", 1, w.addr().ActorPlaylists(w.alice.PublicID))
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Undo", 1, follow))
	w.step(w.InboxOnce)
	other.Send(bob, w.addr().SharedInbox(), follow)
	w.steps()
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 || len(other.Received()) != 0 {
		t.Errorf("%d followers, told %+v", n, other.Received())
	}
	w.follow(other, bob, 2, w.addr().ActorPlaylists(w.alice.PublicID))
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Undo", 2, map[string]any{"type": "Follow", "actor": bob.ID, "object": w.addr().ActorPlaylists(w.alice.PublicID)}))
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Error("an Undo by the collection's id does not end it")
	}
}
