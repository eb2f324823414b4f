package federation

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestNewKeysAreToldToFollowersAndSignEverythingFromThenOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	withdrawn := w.publish("Over", playlists.Public)
	w.follow(other, other.AddActor("eve", nil), 7, w.addr().Actor(w.alice.PublicID))
	elsewhere := w.instance()
	w.follow(elsewhere, elsewhere.AddActor("mix", nil), 8, w.addr().Actor(withdrawn.PublicID))
	w.steps()
	w.republish(withdrawn.Playlist, playlists.Private)
	kept := w.text(`SELECT public_pem FROM signing_keys WHERE actor = $1`, withdrawn.PublicID)
	before := len(sent(t, other, "Update"))

	for round, fragment := range []string{"key-2", "key-3"} {
		n, err := w.RotateKeys(t.Context(), w.alice.ID)
		if err != nil || n != 2 {
			t.Fatalf("%d keys, %v", n, err)
		}
		w.step(w.DeliverOnce)
		told := map[string]string{}
		for _, d := range sent(t, other, "Update")[before:] {
			object := d.Activity["object"].(map[string]any)
			told[d.Signer] = object["publicKey"].(map[string]any)["id"].(string)
			if d.KeyID != told[d.Signer] {
				t.Errorf("round %d: told of %s, signed with %s", round, told[d.Signer], d.KeyID)
			}
		}
		for _, id := range []string{w.alice.PublicID, pub.PublicID} {
			if want := w.addr().Key(id, fragment); told[w.addr().Actor(id)] != want {
				t.Errorf("round %d: told of %q, want %s", round, told[w.addr().Actor(id)], want)
			}
		}
		before = len(sent(t, other, "Update"))
	}
	if got := w.text(`SELECT public_pem FROM signing_keys WHERE actor = $1 AND name = 'main-key'`, withdrawn.PublicID); got != kept || got == "" {
		t.Error("the key of a withdrawn actor was changed")
	}
	w.edit(pub, "New")
	w.step(w.DeliverOnce)
	last := ""
	for _, d := range sent(t, other, "Update")[before:] {
		if d.Signer == w.addr().Actor(pub.PublicID) {
			last = d.KeyID
		}
	}
	if last != w.addr().Key(pub.PublicID, "key-3") {
		t.Errorf("signed with %q", last)
	}
}

// Whoever reads an Update takes the whole actor from it (Mastodon: process_account_service.rb).
func TestANewKeyIsToldWithAllElseThatAnActorSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	w.publish("Road trip", playlists.Public)
	w.ok(w.addAlias(t.Context(), w.alice.PublicID, "https://old.example/users/alice"))
	w.follow(other, other.AddActor("bob", nil), 1, w.addr().Actor(w.alice.PublicID))
	w.steps()
	_, err := w.RotateKeys(t.Context(), w.alice.ID)
	w.ok(err)
	w.step(w.DeliverOnce)
	updates := sent(t, other, "Update")
	told := updates[len(updates)-1].Activity["object"].(map[string]any)
	fetched := map[string]any{}
	w.ok(json.Unmarshal([]byte(w.get(w.addr().Actor(w.alice.PublicID)).body), &fetched))
	delete(fetched, "@context")
	if !reflect.DeepEqual(told, fetched) || told["alsoKnownAs"] == nil {
		t.Errorf("told %v, is %v", told, fetched)
	}
}

func TestTheInstanceGetsANewKeyOnRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if n, err := w.RotateInstanceKey(t.Context()); n != 0 || err != nil {
		t.Errorf("%d keys before the first use, %v", n, err)
	}
	other := w.instance()
	other.RequireSignatures()
	other.AddActor("bob", nil)
	for _, want := range []string{"main-key", "key-2"} {
		if _, err := w.fetchActor(t.Context(), other.URL+"/users/bob"); err != nil {
			t.Fatal(err)
		}
		reads := other.Requests("/users/bob")
		if got := reads[len(reads)-1].KeyID; got != w.addr().Key(instanceID, want) {
			t.Errorf("signed with %s, want %s", got, want)
		}
		if n, err := w.RotateInstanceKey(t.Context()); n != 1 || err != nil {
			t.Errorf("%d keys, %v", n, err)
		}
	}
}

func TestB42ADeleteThatNobodyCanVerifyIsBelievedWhenItsOwnServerSaysTheSame(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end    func(i *federationtest.Instance)
		purged bool
	}{
		"410": {func(i *federationtest.Instance) { i.Fail("/users/bob", federationtest.Status(410)) }, true},
		"Tombstone": {func(i *federationtest.Instance) {
			i.Put("/users/bob", map[string]any{"id": i.URL + "/users/bob", "type": "Tombstone"})
		}, true},
		"Tombstone of somebody else": {func(i *federationtest.Instance) {
			i.Put("/users/bob", map[string]any{"id": i.URL + "/users/eve", "type": "Tombstone"})
			i.Put("/users/eve", map[string]any{"id": i.URL + "/users/eve", "type": "Tombstone"})
		}, false},
		"404":         {func(i *federationtest.Instance) { i.Fail("/users/bob", federationtest.Status(404)) }, false},
		"500":         {func(i *federationtest.Instance) { i.Fail("/users/bob", federationtest.Status(500)) }, false},
		"still there": {func(i *federationtest.Instance) {}, false},
		"410 by another": {func(i *federationtest.Instance) {
			gone := federationtest.New(t)
			gone.Fail("", federationtest.Status(410))
			i.Fail("/users/bob", federationtest.Redirect(gone.URL+"/users/bob", 302))
		}, false},
	} {
		w := newWorld(t)
		road, other, evil := w.publish("Road trip", playlists.Public), w.instance(), w.instance()
		bob := other.AddActor("bob", nil)
		w.follow(other, bob, 1, w.addr().Actor(road.PublicID))
		w.steps()
		c.end(other)
		// Signed with a key that we never had, of an actor that is gone too.
		ghost := evil.AddActor("ghost", nil)
		evil.Fail("/users/ghost", federationtest.Status(410))
		w.clock.forward(keyMissing + time.Second)
		if status := other.Send(ghost, w.addr().SharedInbox(), activity(bob, "Delete", 1, bob.ID)); status != 202 {
			t.Errorf("%s: %d", name, status)
		}
		w.steps()
		left := w.count(`SELECT (SELECT COUNT(*) FROM followers) + (SELECT COUNT(*) FROM remote_keys WHERE owner = $1)`, bob.ID)
		if (left == 0) != c.purged {
			t.Errorf("%s: %d rows are left", name, left)
		}
	}
}
