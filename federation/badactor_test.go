package federation

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestD65WhoHasNoKeyFollowsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	road := w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)
	eve := other.AddActor("eve", nil)
	for name, change := range map[string]map[string]any{
		"no key":            {"publicKey": nil},
		"another's key":     {"publicKey": map[string]any{"id": eve.KeyID, "owner": other.URL + "/users/bob", "publicKeyPem": "x"}},
		"no key in the key": {"publicKey": map[string]any{"id": eve.KeyID, "owner": eve.ID, "publicKeyPem": "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"}},
		"text for a key":    {"publicKey": eve.KeyID},
	} {
		w.clock.forward(time.Hour)
		other.Change(eve, change)
		if a := w.post(eve, text(t, activity(eve, "Follow", 1, road))); a.status != 401 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Errorf("%d followers", n)
	}
}

func TestD66TwoActorsOfOneNameAreTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.publish("Friends", playlists.Followers)
	one, two := other.AddActor("one", map[string]any{"preferredUsername": "bob"}), other.AddActor("two", map[string]any{"preferredUsername": "bob"})
	w.follow(other, one, 1, w.addr().Actor(pub.PublicID))
	w.follow(other, two, 2, w.addr().Actor(pub.PublicID))
	w.ok(w.Decide(t.Context(), pub.PublicID, one.ID, true))
	got, err := w.Followers(t.Context(), pub.PublicID)
	if err != nil || len(got) != 2 || got[0].ID != two.ID || got[0].Approved || !got[1].Approved {
		t.Errorf("%+v, %v", got, err)
	}
	// Another name does not change who it is.
	other.Change(two, map[string]any{"preferredUsername": "../../one"})
	w.clock.forward(2 * actorFresh)
	w.follow(other, two, 3, w.addr().Actor(pub.PublicID))
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE state = 'accepted'`); n != 1 {
		t.Errorf("%d are approved", n)
	}
}
