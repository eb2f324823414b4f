package federation

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestB43AnActorSignsWithAnyOfItsKeysInEitherWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	edID, ed := other.AddEd25519(bob, "ed25519-key")
	object := w.addr().Actor(road.PublicID)
	second, err := federationtest.Key()
	w.ok(err)
	keys := append(bob.Document["assertionMethod"].([]any), federationtest.Multikey(bob.ID+"#rsa-2", bob.ID, &second.PublicKey))
	other.Change(bob, map[string]any{"assertionMethod": keys})
	for name, s := range map[string]federationtest.MessageSignature{
		"RSA": bob.MessageSignature(), "Ed25519": {KeyID: edID, Key: ed}, "RSA multikey": {KeyID: bob.ID + "#rsa-2", Key: second},
	} {
		follow := activity(bob, "Follow", len(name), object)
		if status := other.Send9421(s, w.addr().SharedInbox(), follow); status != 202 {
			t.Errorf("%s by RFC 9421: %d", name, status)
		}
		follow["id"] = follow["id"].(string) + "-cavage"
		answer := w.post(nil, text(t, follow), func(r *http.Request) {
			federationtest.Signature{KeyID: s.KeyID, Key: s.Key, Algorithm: "hs2019"}.Sign(t, r)
		})
		if answer.status != 202 {
			t.Errorf("%s by draft-cavage: %+v", name, answer)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 6 {
		t.Errorf("%d activities kept", n)
	}
	if n := len(other.Requests("/users/bob")); n != 1 {
		t.Errorf("the actor was read %d times for three keys", n)
	}
	// One key as another's is none.
	if status := other.Send9421(federationtest.MessageSignature{KeyID: edID, Key: second}, w.addr().SharedInbox(), activity(bob, "Follow", 99, object)); status != 401 {
		t.Errorf("RSA by the id of the Ed25519 key: %d", status)
	}
}

func TestB38KeysThatTheirOwnerDoesNotNameProveNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other, evil := w.publish("Road trip", playlists.Public), w.instance(), w.instance()
	bob, mallory := other.AddActor("bob", nil), evil.AddActor("mallory", nil)
	follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
	_, ed := evil.AddEd25519(mallory, "ed")
	for name, c := range map[string]struct {
		method map[string]any
		keyID  string
	}{
		"b38 controller is the victim":           {federationtest.Multikey(mallory.ID+"#x", bob.ID, ed.Public()), mallory.ID + "#x"},
		"b37 key at another server":              {federationtest.Multikey(bob.ID+"#x", mallory.ID, ed.Public()), bob.ID + "#x"},
		"b37 key and controller at the victim's": {federationtest.Multikey(bob.ID+"#y", bob.ID, ed.Public()), bob.ID + "#y"},
		"b37 the victim's own key id":            {federationtest.Multikey(bob.KeyID, bob.ID, ed.Public()), bob.KeyID},
		"b37 its own key, the victim's activity": {federationtest.Multikey(mallory.ID+"#z", mallory.ID, ed.Public()), mallory.ID + "#z"},
	} {
		evil.Change(mallory, map[string]any{"assertionMethod": []any{c.method}})
		status := evil.Send9421(federationtest.MessageSignature{KeyID: c.keyID, Key: ed}, w.addr().SharedInbox(), follow)
		if status != 401 && status != 403 && status != 503 {
			t.Errorf("%s: %d", name, status)
		}
		w.clock.forward(keyMissing + time.Second)
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Errorf("%d activities are kept", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM remote_keys WHERE owner = $1 AND key_id <> $2`, bob.ID, bob.KeyID); n != 0 {
		t.Error("a key of the attacker is kept as the victim's")
	}
}

func TestAKeyInTheDocumentOfANeighbourDoesNotReplaceItsOwners(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob, mallory := other.AddActor("bob", nil), other.AddActor("mallory", nil)
	object := w.addr().Actor(road.PublicID)
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", 1, object))
	before := w.text(`SELECT pem FROM remote_keys WHERE key_id = $1`, bob.KeyID)
	// The same server lets its users write keys into their documents.
	_, ed := other.AddEd25519(mallory, "ed")
	other.Change(mallory, map[string]any{"assertionMethod": []any{federationtest.Multikey(bob.KeyID, mallory.ID, ed.Public())}})
	other.Send(mallory, w.addr().SharedInbox(), activity(mallory, "Follow", 1, object))
	if got := w.text(`SELECT pem FROM remote_keys WHERE key_id = $1`, bob.KeyID); got != before || before == "" {
		t.Errorf("bob's key is now %s", got)
	}
}

func TestB41AKeyThatItsOwnerNoLongerNamesEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	edID, ed := other.AddEd25519(bob, "ed")
	object := w.addr().Actor(road.PublicID)
	old := bob.Signature()
	if status := other.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", 1, object)); status != 202 {
		t.Fatal(status)
	}
	w.steps()
	other.MoveKey(bob, "key-2")
	other.Change(bob, map[string]any{"assertionMethod": nil})
	if status := other.Send(bob, w.addr().SharedInbox(), activity(bob, "Update", 1, map[string]any{"id": bob.ID, "type": "Person"})); status != 202 {
		t.Fatal(status)
	}
	w.clock.forward(renewSpace)
	w.step(w.InboxOnce)
	w.step(w.RenewOnce)
	w.clock.forward(renewSpace)
	w.step(w.RenewOnce)
	if n := w.count(`SELECT COUNT(*) FROM remote_keys`); n != 1 {
		t.Errorf("%d keys", n)
	}
	answer := w.post(nil, text(t, activity(bob, "Follow", 2, object)), func(r *http.Request) { old.Sign(t, r) })
	if answer.status != 401 {
		t.Errorf("the old key: %+v", answer)
	}
	if status := other.Send9421(federationtest.MessageSignature{KeyID: edID, Key: ed}, w.addr().SharedInbox(), activity(bob, "Follow", 3, object)); status != 401 {
		t.Errorf("the old Ed25519 key: %d", status)
	}

	// Without any Update the key is looked at again after a week of use.
	bob.KeyID = bob.ID + "#main-key"
	other.Change(bob, nil)
	w.clock.forward(keyOld + time.Minute)
	stale := bob.Signature()
	stale.KeyID = bob.ID + "#key-2"
	w.post(nil, text(t, activity(bob, "Follow", 4, object)), func(r *http.Request) { stale.Sign(t, r) })
	w.step(w.RenewOnce)
	if n := w.count(`SELECT COUNT(*) FROM remote_keys WHERE key_id = $1`, stale.KeyID); n != 0 {
		t.Error("a key that was taken back is still kept")
	}
}

func TestAnActorThatMovedItsInboxIsToldThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	fan := other.AddActor("fan", nil) // as it was, with its key renewed
	shared := other.URL + "/shared/inbox"
	other.Change(fan, map[string]any{"endpoints": map[string]any{"sharedInbox": shared}})
	for n := range 5 {
		other.Send(fan, w.addr().SharedInbox(), activity(fan, "Update", n, fan.ID))
	}
	reads := len(other.Requests("/users/fan"))
	w.clock.forward(renewSpace)
	w.steps()
	w.step(w.RenewOnce)
	if n := len(other.Requests("/users/fan")) - reads; n != 1 {
		t.Errorf("read %d times", n)
	}
	w.edit(pub, "New")
	w.step(w.DeliverOnce)
	if n := posts(other); other.Received()[len(other.Received())-1].Path != "/shared/inbox" {
		t.Errorf("%d messages, none to the new inbox", n)
	}

	// A host that does not answer is asked a few times, and what is known stays.
	other.Fail("/users/fan", federationtest.Status(500))
	other.Send(fan, w.addr().SharedInbox(), activity(fan, "Update", 9, fan.ID))
	reads = len(other.Requests("/users/fan"))
	for range 20 {
		w.clock.forward(10 * time.Minute)
		w.step(w.InboxOnce)
		w.step(w.RenewOnce)
	}
	if n := len(other.Requests("/users/fan")) - reads; n != renewAttempts {
		t.Errorf("asked %d times", n)
	}
	if n := w.count(`SELECT (SELECT COUNT(*) FROM renewals) + (SELECT COUNT(*) FROM followers WHERE inbox <> $1)`, shared); n != 0 {
		t.Error("a renewal is left, or the inbox is forgotten")
	}
}

func TestMultikeysThatCannotBeReadAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "z", "m6Mk", "z0OIl", "z6Mk", "z" + strings.Repeat("1", 3000), "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"} {
		if key, err := parseMultibaseKey(s); err == nil {
			t.Errorf("%s is %v", s, key)
		}
	}
	// The example of FEP-521a.
	if _, err := parseMultibaseKey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"); err != nil {
		t.Error(err)
	}
}
