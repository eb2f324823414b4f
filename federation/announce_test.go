package federation

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// updates returns the Updates of objects of one type that an instance got.
func updates(t testing.TB, i *federationtest.Instance, kind string) (out []map[string]any) {
	t.Helper()
	for _, d := range sent(t, i, "Update") {
		if o := d.Activity["object"].(map[string]any); o["type"] == kind {
			out = append(out, o)
		}
	}
	return out
}

func TestEditsWithinTheQuietTimeAreOneUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	before := len(updates(t, other, "OrderedCollection"))
	for n := range 10 {
		w.record(pub.Playlist, "Road trip", string(rune('a'+n)))
		w.step(w.AnnounceOnce)
		w.clock.forward(time.Second)
	}
	w.step(w.DeliverOnce)
	if n := len(updates(t, other, "OrderedCollection")) - before; n != 0 {
		t.Errorf("%d Updates while it is not quiet", n)
	}
	w.clock.forward(w.quiet)
	w.steps()
	lists := updates(t, other, "OrderedCollection")[before:]
	if len(lists) != 1 || lists[0]["id"] != w.addr().Collection(pub.PublicID) || lists[0]["orderedItems"] != nil {
		t.Errorf("told %v", lists)
	}

	// Edits that never stop put it off, but not for ever.
	edits := 0
	for ; len(updates(t, other, "OrderedCollection")) == before+1 && edits < 100; edits++ {
		w.record(pub.Playlist, "Road trip", "n", string(rune('A'+edits)))
		w.step(w.AnnounceOnce)
		w.step(w.DeliverOnce)
		w.clock.forward(w.quiet / 2)
	}
	if edits < 15 || edits > 25 {
		t.Errorf("told after %d edits", edits)
	}
}

func TestANameThatComesBackIsNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	told := len(updates(t, other, "Service"))
	for _, name := range []string{"Road trip", "Sea trip", "Road trip"} {
		w.record(pub.Playlist, name, name+w.clock.now().String())
		w.step(w.AnnounceOnce)
		w.clock.forward(w.quiet)
		w.steps()
	}
	names := ""
	for _, o := range updates(t, other, "Service")[told:] {
		names += o["name"].(string) + ", "
	}
	if names != "Sea trip, Road trip, " {
		t.Errorf("told the names %s", names)
	}
}

func TestAWithdrawalIsToldToAllAndNothingAfterIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told, waits := w.instance(), w.instance()
	friends := w.publish("Friends", playlists.Followers)
	bob, carol := told.AddActor("bob", nil), waits.AddActor("carol", nil)
	w.follow(told, bob, 1, w.addr().Actor(friends.PublicID))
	w.follow(waits, carol, 1, w.addr().Actor(friends.PublicID))
	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, true))
	w.step(w.AnnounceOnce)
	w.clock.forward(w.quiet)
	w.steps()
	if n := len(updates(t, waits, "OrderedCollection")); n != 0 {
		t.Error("who waits for approval is told of changes")
	}

	// An Update is still on its way to a host that was down.
	told.Fail("/users/bob/inbox", federationtest.Status(503))
	w.record(friends.Playlist, "Friends, secretly renamed", "New")
	w.step(w.AnnounceOnce)
	w.clock.forward(w.quiet)
	w.steps()
	before := len(told.Received())
	w.republish(friends.Playlist, playlists.Private)
	w.step(w.AnnounceOnce)
	// A crash before the cursor moved: the change comes once more.
	w.exec(`UPDATE readers SET seq = seq - 1 WHERE name = 'announce'`)
	w.step(w.AnnounceOnce)
	told.Heal("/users/bob/inbox")
	w.clock.forward(time.Hour)
	w.step(w.DeliverOnce)

	// The actor is gone with its key, so that only those who know the key can check the Delete. Carol's server was never
	// told anything, so it does not, and gets it in both ways of signing.
	for name, got := range map[string][]federationtest.Delivery{"bob": told.Received()[before:], "carol": waits.Received()} {
		times := map[string]int{"bob": 1, "carol": 2}[name]
		if len(got) != times || string(got[times-1].Raw) != string(got[0].Raw) || (got[0].Err == nil) != (name == "bob") || got[0].KeyID != w.addr().Key(friends.PublicID, firstKey) || !strings.Contains(string(got[0].Raw), `"type":"Delete"`) || strings.Contains(string(got[0].Raw), "Friends") {
			t.Errorf("%s got %+v", name, got)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Errorf("%d followers are left", n)
	}
}

func TestABrokenAnnouncementHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	before := len(updates(t, other, "OrderedCollection"))
	w.exec(`INSERT INTO announcements (public_id, first, due) VALUES ('broken', 1, 1)`)
	w.edit(pub, "New")
	w.step(w.DeliverOnce)
	if n := len(updates(t, other, "OrderedCollection")) - before; n != 1 {
		t.Errorf("%d Updates", n)
	}
}

func TestWhatIsSharedByLinkIsAnnouncedToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.publish("For Bob", playlists.Link)
	w.record(link.Playlist, "For Bob", "New")
	w.step(w.AnnounceOnce)
	w.republish(link.Playlist, playlists.Private)
	w.step(w.AnnounceOnce)
	w.clock.forward(time.Hour)
	w.steps()
	if n := w.count(`SELECT (SELECT COUNT(*) FROM announcements) + (SELECT COUNT(*) FROM activities) + (SELECT COUNT(*) FROM federation_origin)`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestTheOriginIsFrozenByTheFirstPublication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	moved := New(Config{DB: w.db, Store: w.store, Now: w.clock.now, Log: w.log, BaseURL: &url.URL{Scheme: "https", Host: "elsewhere.example"}})
	w.ok(moved.CheckOrigin(t.Context()))
	w.publish("Road trip", playlists.Public)
	w.step(w.AnnounceOnce)
	w.ok(w.CheckOrigin(t.Context()))
	problem(t, "a new address", moved.CheckOrigin(t.Context()), playlists.Invalid)
}

func TestTheOriginIsFrozenByTheFirstFollowerOfAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	w.follow(other, other.AddActor("bob", nil), 1, w.addr().Actor(w.alice.PublicID))
	moved := New(Config{DB: w.db, Store: w.store, Now: w.clock.now, Log: w.log, BaseURL: &url.URL{Scheme: "https", Host: "elsewhere.example"}})
	problem(t, "a new address", moved.CheckOrigin(t.Context()), playlists.Invalid)
}

func TestTidyKeepsWhatIsStillNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	pub := w.followed(other)
	mix := w.list(other, "mix", "One")
	w.wants(w.alice, mix.actor.ID)
	stranger := other.AddActor("stranger", nil)
	w.post(stranger, text(t, activity(stranger, "Like", 1, pub.PublicID)))
	other.Fail("/users/fan/inbox", federationtest.Status(503))
	w.edit(pub, "New")
	w.step(w.DeliverOnce)
	w.clock.forward(KeepActors + time.Hour)
	w.ok(w.Tidy(t.Context()))
	for query, want := range map[string]int{
		`SELECT COUNT(*) FROM inbox`:             0,
		`SELECT COUNT(*) FROM activities`:        1, // the one that waits
		`SELECT COUNT(*) FROM deliveries`:        1,
		`SELECT COUNT(*) FROM delivery_hosts`:    1,
		`SELECT COUNT(*) FROM remote_actors`:     2, // a follower and one we follow
		`SELECT COUNT(*) FROM followers`:         1,
		`SELECT COUNT(*) FROM sources`:           1,
		`SELECT COUNT(*) FROM signing_keys`:      3,
		`SELECT COUNT(*) FROM missing_keys`:      0,
		`SELECT COUNT(*) FROM subscriptions`:     1,
		`SELECT COUNT(*) FROM federation_origin`: 1,
	} {
		if n := w.count(query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
}
