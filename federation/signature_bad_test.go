package federation

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestB37AKeyIdThatIsNotTheActorsProvesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other, evil := w.publish("Road trip", playlists.Public), w.instance(), w.instance()
	bob, mallory := other.AddActor("bob", nil), evil.AddActor("mallory", nil)
	evil.Fail("/key-redirect", federationtest.Redirect(bob.ID, http.StatusFound))
	evil.Put("/key", map[string]any{"id": evil.URL + "/key", "owner": bob.ID, "publicKeyPem": mallory.Document["publicKey"].(map[string]any)["publicKeyPem"]})
	follow := text(t, activity(bob, "Follow", 1, w.addr().Actor(road.PublicID)))
	for name, keyID := range map[string]string{
		"b37 other host":      mallory.KeyID,
		"b37 acct":            "acct:bob@" + other.Host(),
		"b37 relative":        "/users/bob#main-key",
		"b37 data":            "data:application/json",
		"b37 our own":         w.addr().Key(w.alice.PublicID, firstKey),
		"b37 no fragment":     bob.ID,
		"b37 query":           bob.ID + "?x=1#main-key",
		"b37 unknown":         bob.ID + "#other-key",
		"b37 redirecting":     evil.URL + "/key-redirect",
		"b38 owner is victim": evil.URL + "/key",
	} {
		a := w.post(nil, follow, func(r *http.Request) {
			s := mallory.Signature()
			s.KeyID = keyID
			s.Sign(t, r)
		})
		if a.status != 401 && a.status != 403 {
			t.Errorf("%s: %+v", name, a)
		}
		w.exec(`DELETE FROM missing_keys`)
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Errorf("%d activities are kept", n)
	}
}

func TestB40AStubAtTheKeysAddressLeadsToItsOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	gts := other.AddActor("gts", nil)
	gts.KeyID = gts.ID + "/main-key"
	other.Change(gts, nil)
	// GoToSocial: docs/federation/http_signatures.md.
	other.Put("/users/gts/main-key", map[string]any{"id": gts.ID, "type": "Person", "preferredUsername": "gts", "publicKey": gts.Document["publicKey"]})
	other.RequireSignatures()
	if status := other.Send(gts, w.addr().SharedInbox(), activity(gts, "Follow", 1, w.addr().Actor(road.PublicID))); status != 202 {
		t.Fatal(status)
	}
	w.steps()
	if n := len(sent(t, other, "Accept")); n != 1 || w.text(`SELECT inbox FROM followers`) != gts.Inbox {
		t.Errorf("%d Accepts, inbox %s", n, w.text(`SELECT inbox FROM followers`))
	}
	// Its key is kept and renewed although it stands outside its document.
	other.Rekey(gts)
	other.Put("/users/gts/main-key", map[string]any{"id": gts.ID, "type": "Person", "publicKey": gts.Document["publicKey"]})
	if status := other.Send(gts, w.addr().SharedInbox(), activity(gts, "Follow", 2, w.addr().Actor(road.PublicID))); status != 202 {
		t.Errorf("with its new key: %d", status)
	}
}

func TestB45ASignatureOfOneActorIsNoneOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other, evil := w.publish("Road trip", playlists.Public), w.instance(), w.instance()
	bob := other.AddActor("bob", nil)
	for name, signer := range map[string]*federationtest.Actor{"b45 same host": other.AddActor("carol", nil), "b45 other host": evil.AddActor("mallory", nil)} {
		follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
		if a := w.post(signer, text(t, follow)); a.status != 403 {
			t.Errorf("%s: %+v", name, a)
		}
		if status := other.Send9421(signer.MessageSignature(), w.addr().SharedInbox(), follow); status != 403 {
			t.Errorf("%s by RFC 9421: %d", name, status)
		}
	}
	w.steps()
	if n := w.count(`SELECT (SELECT COUNT(*) FROM inbox) + (SELECT COUNT(*) FROM followers)`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestB47WhoIsBlockedChangesNothing(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]Policy{
		"b47 domain":      {Blocked: []string{"127.0.0.1"}},
		"b47 actor":       {},
		"b47 not allowed": {Mode: AllowlistMode, Allowed: []string{"friends.example"}},
	} {
		w := newWorld(t, func(c *Config) { c.Policy = policy })
		road, other := w.publish("Road trip", playlists.Public), w.instance()
		bob := other.AddActor("bob", nil)
		follow := activity(bob, "Follow", 1, w.addr().Actor(road.PublicID))
		if name == "b47 actor" {
			w.blockActor(bob.ID)
		}
		for _, inbox := range []string{w.addr().SharedInbox(), w.addr().Inbox(road.PublicID)} {
			if status := other.Send(bob, inbox, follow); status != 403 {
				t.Errorf("%s at %s: %d", name, inbox, status)
			}
			if status := other.Send9421(bob.MessageSignature(), inbox, follow); status != 403 {
				t.Errorf("%s at %s by RFC 9421: %d", name, inbox, status)
			}
		}
		w.steps()
		if n := w.count(`SELECT (SELECT COUNT(*) FROM inbox) + (SELECT COUNT(*) FROM followers)`); n != 0 {
			t.Errorf("%s: %d rows", name, n)
		}
	}
}

func TestB48B49OnlyTheSignatureOfTheRequestAuthenticates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob, relay := other.AddActor("bob", nil), other.AddActor("relay", nil)
	keyID, _ := other.AddEd25519(bob, "ed25519-key")
	proof := func(changes ...string) map[string]any {
		p := map[string]any{"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": keyID,
			"proofPurpose": "assertionMethod", "created": "2026-08-01T12:00:00Z", "proofValue": "z" + strings.Repeat("3", 87)}
		for i := 0; i < len(changes); i += 2 {
			p[changes[i]] = changes[i+1]
		}
		return p
	}
	for name, proofs := range map[string]any{
		"b48 none":                 nil,
		"b49 a proof":              proof(),
		"b49 another cryptosuite":  proof("cryptosuite", "ecdsa-rdfc-2019"),
		"b49 options not covered":  proof("domain", "elsewhere.example"),
		"b49 another's controller": proof("verificationMethod", relay.KeyID),
		"b49 expired":              proof("expires", "2020-01-01T00:00:00Z"),
		"b49 several":              []any{proof(), proof()},
		"b49 linked data":          proof("type", "RsaSignature2017"),
	} {
		follow := activity(bob, "Follow", len(name), w.addr().Actor(road.PublicID))
		for _, member := range []string{"proof", "signature"} { // FEP-8b32, and the older Linked Data Signatures
			if follow[member] = proofs; proofs == nil {
				delete(follow, member)
			}
		}
		if a := w.post(nil, text(t, follow)); a.status != 401 {
			t.Errorf("%s, unsigned: %+v", name, a)
		}
		if a := w.post(relay, text(t, follow)); a.status != 403 {
			t.Errorf("%s, forwarded: %+v", name, a)
		}
	}
	for _, number := range []string{"1e2", "-0", "9007199254740993"} {
		body := strings.Replace(string(text(t, activity(bob, "Follow", 1, "x"))), `"type"`, fmt.Sprintf(`"n":%s,"type"`, number), 1)
		if a := w.post(nil, []byte(body)); a.status != 401 {
			t.Errorf("b49 the number %s: %+v", number, a)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Errorf("%d activities are kept", n)
	}
}
