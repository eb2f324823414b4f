package federation

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestWhoBlocksAnAccountHearsNothingOfItsPlaylistsEither(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	road, mix := w.publish("Road trip", playlists.Public), w.publish("Mix", playlists.Public)
	carol := w.account("carol")
	other := w.instance()
	bob, dora := other.AddActor("bob", nil), other.AddActor("dora", nil)
	alice := w.addr().Actor(w.alice.PublicID)
	followers := func(who string) int { return w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, who) }
	blocked := func(publicID string) bool {
		t.Helper()
		ok, err := w.hasBlocked(t.Context(), bob.ID, publicID)
		w.ok(err)
		return ok
	}
	send := func(kind string, n int, object any) {
		t.Helper()
		if status := other.Send(bob, w.addr().SharedInbox(), activity(bob, kind, n, object)); status != 202 {
			t.Fatal(kind, status)
		}
		w.step(w.InboxOnce)
	}
	for n, object := range []string{alice, w.addr().Actor(road.PublicID), w.addr().Actor(mix.PublicID)} {
		w.follow(other, bob, n, object)
		w.follow(other, dora, n, object)
	}

	send("Block", 1, alice)
	if followers(bob.ID) != 0 || followers(dora.ID) != 3 {
		t.Errorf("bob follows %d, dora %d", followers(bob.ID), followers(dora.ID))
	}
	later := w.publish("Later", playlists.Public)
	for name, publicID := range map[string]string{"alice": w.alice.PublicID, "a playlist": road.PublicID, "a later playlist": later.PublicID} {
		if !blocked(publicID) {
			t.Error(name, "may write to bob")
		}
	}
	if blocked(carol.PublicID) {
		t.Error("carol may not")
	}

	// It can be undone by the whole Block, by its id, or by following again.
	send("Undo", 1, map[string]any{"type": "Block", "id": bob.ID + "#another", "actor": bob.ID, "object": alice})
	if blocked(w.alice.PublicID) {
		t.Error("the block was not undone")
	}
	send("Block", 2, alice)
	send("Undo", 2, bob.ID+"#block/2")
	if blocked(w.alice.PublicID) {
		t.Error("the block was not undone by its id")
	}
	send("Block", 3, alice)
	w.follow(other, bob, 9, alice)
	if blocked(w.alice.PublicID) || followers(bob.ID) != 1 {
		t.Error("who follows again is still taken for one who blocks")
	}

	// The Undo may arrive first, and nobody undoes another's.
	send("Undo", 4, bob.ID+"#block/4")
	send("Block", 4, alice)
	if blocked(w.alice.PublicID) || followers(bob.ID) != 1 {
		t.Error("a Block acted that had been undone")
	}
	send("Block", 5, alice)
	other.Send(dora, w.addr().SharedInbox(), activity(dora, "Undo", 5, map[string]any{"type": "Block", "id": bob.ID + "#block/5", "actor": bob.ID, "object": alice}))
	w.step(w.InboxOnce)
	if !blocked(w.alice.PublicID) {
		t.Error("dora undid what bob had said")
	}
}

func TestWhoBlocksAPlaylistMeansThatOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	road, mix := w.publish("Road trip", playlists.Public), w.publish("Mix", playlists.Public)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	w.follow(other, bob, 1, w.addr().Actor(road.PublicID))
	w.follow(other, bob, 2, w.addr().Actor(mix.PublicID))
	for n, object := range []any{w.addr().Actor(road.PublicID), w.addr().Actor("aaaaaaaaaaaaaaaaaaaaaaaaaa"), w.addr().Home(), bob.ID} {
		other.Send(bob, w.addr().SharedInbox(), activity(bob, "Block", n, object))
	}
	w.step(w.InboxOnce)
	if left := w.text(`SELECT actor FROM followers WHERE follower = $1`, bob.ID); left != mix.PublicID || w.count(`SELECT COUNT(*) FROM blocks_received`) != 1 {
		t.Errorf("bob follows %s, %d blocks", left, w.count(`SELECT COUNT(*) FROM blocks_received`))
	}
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Delete", 1, bob.ID))
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM blocks_received`); n != 0 {
		t.Error("the block of an actor that is gone is kept")
	}
}
