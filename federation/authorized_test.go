package federation

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func authorizedFetch(c *Config) { c.AuthorizedFetch = true }

func TestAuthorizedFetchAnswersOnlyThoseWhoSign(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authorizedFetch)
	other, evil := w.instance(), w.instance()
	bob, mallory := other.AddActor("bob", nil), evil.AddActor("mallory", nil)
	pub, over := w.publish("Road trip", playlists.Public), w.publish("Over", playlists.Public)
	link := w.publish("Link", playlists.Link)
	w.republish(over.Playlist, playlists.Private)
	w.blockActor(mallory.ID)
	list, err := w.store.Get(t.Context(), pub.Playlist)
	w.ok(err)
	item := list.Tracks[0].Item
	signed9421 := func(r *http.Request) {
		federationtest.Prepare9421(r, nil)
		s := bob.MessageSignature()
		s.Created, s.Scheme = w.clock.now(), "http"
		s.Sign(t, r)
	}
	forged := func(r *http.Request) {
		s := bob.Signature()
		s.Key = mallory.Signature().Key
		federationtest.Prepare(r, nil, w.clock.now())
		s.Sign(t, r)
	}
	var refusal answered
	for address, status := range map[string]int{
		w.addr().Actor(w.alice.PublicID): 200, w.addr().ActorPlaylists(w.alice.PublicID): 200,
		w.addr().Actor(pub.PublicID): 200, w.addr().Outbox(pub.PublicID): 200, w.addr().Followers(pub.PublicID): 200, w.addr().Following(pub.PublicID): 200,
		w.addr().Featured(pub.PublicID): 200, w.addr().Collection(pub.PublicID): 200, w.addr().Page(pub.PublicID, 1): 200, w.addr().Item(pub.PublicID, item): 200,
		w.addr().Profile(pub.Handle): 200, w.addr().Profile("alice"): 200, w.addr().Share(link.Token): 200,
		w.addr().Actor(over.PublicID): 410, w.addr().Actor("nobody"): 404, w.addr().Profile("nobody"): 404, w.addr().Share("nothing"): 404,
	} {
		for who, sign := range map[string]func(*http.Request){"stranger": func(*http.Request) {}, "forger": forged} {
			a := w.get(address, sign)
			if refusal.status == 0 {
				refusal = a
			}
			if a.status != 401 || a.body != refusal.body || a.header.Get("ETag") != "" || len(a.header) != len(refusal.header) {
				t.Errorf("%s by a %s: %+v", address, who, a)
			}
			w.exec(`DELETE FROM missing_keys`)
		}
		for who, sign := range map[string]func(*http.Request){"draft-cavage": w.signedBy(bob), "RFC 9421": signed9421} {
			if a := w.get(address, sign); a.status != status || !strings.Contains(a.header.Get("Cache-Control"), "private") && a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s signed by %s: %d %v", address, who, a.status, a.header)
			}
		}
		if a := w.get(address, w.signedBy(mallory)); a.status != 404 {
			t.Errorf("%s by a blocked actor: %d", address, a.status)
		}
	}
	for _, address := range []string{w.addr().InstanceActor(), w.addr().Home() + "/.well-known/webfinger?resource=acct:alice@" + w.addr().Host(),
		w.addr().Home() + "/.well-known/nodeinfo", w.addr().NodeInfo()} {
		if a := w.get(address); a.status != 200 {
			t.Errorf("%s is closed: %d", address, a.status)
		}
	}
	if a := w.send(http.MethodGet, w.addr().Profile(pub.Handle)); a.status != 200 || !strings.Contains(a.body, "page") {
		t.Errorf("the page: %+v", a)
	}
}

// Two bridges that both answer signed requests only must be able to meet: each fetches the other's instance actor.
func TestTwoBridgesWithAuthorizedFetchFollowEachOther(t *testing.T) {
	t.Parallel()
	a, b := newWorld(t, authorizedFetch), newWorld(t, authorizedFetch)
	roads, seas := a.publish("Roads", playlists.Public), b.publish("Seas", playlists.Followers)
	wantSeas := a.wants(a.alice, "@"+seas.Handle+"@"+b.addr().Host())
	wantRoads := b.wants(b.alice, "@"+roads.Handle+"@"+a.addr().Host())
	both := func() {
		for range 3 {
			a.steps()
			b.steps()
		}
	}
	both()
	if n := b.count(`SELECT COUNT(*) FROM followers WHERE state = 'pending'`); n != 1 {
		t.Fatalf("%d followers wait", n)
	}
	b.ok(b.Decide(t.Context(), seas.PublicID, a.addr().Actor(a.alice.PublicID), true))
	both()
	for _, w := range []*world{a, b} {
		w.clock.forward(7 * time.Hour)
	}
	both()
	if got := a.has(wantSeas.Playlist); len(got) != 2 {
		t.Errorf("of Seas arrived %v", got)
	}
	if got := b.has(wantRoads.Playlist); len(got) != 2 {
		t.Errorf("of Roads arrived %v", got)
	}
	a.record(roads.Playlist, "Roads", "One", "Two", "Three")
	a.step(a.AnnounceOnce)
	for _, w := range []*world{a, b} {
		w.clock.forward(a.quiet)
	}
	both()
	b.clock.forward(time.Minute)
	both()
	if got := b.has(wantRoads.Playlist); len(got) != 3 {
		t.Errorf("after news there are %v", got)
	}
}
