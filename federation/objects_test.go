package federation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// gallery is a bridge with one playlist of every audience, and everybody who may come to read them.
//
//	/@alice_public, /@alice_unlisted   anybody
//	/@alice_friends                    bob, whom alice approved, and the server of bob for him
//	/s/TOKEN                           who has the link
//	/@alice_old, /@alice_oldfriends    withdrawn
//	Diary                              never published
type gallery struct {
	*world
	public, unlisted, friends, link, old, oldFriends playlists.Publication
	diary                                            playlists.ID
	readers                                          map[string][]func(*http.Request)
}

func newGallery(t *testing.T) gallery {
	t.Helper()
	w := newWorld(t)
	g := gallery{
		world: w, public: w.publish("Public", playlists.Public), unlisted: w.publish("Unlisted", playlists.Unlisted), friends: w.publish("Friends", playlists.Followers),
		link: w.publish("For Bob", playlists.Link), old: w.publish("Old", playlists.Public), oldFriends: w.publish("OldFriends", playlists.Followers),
		diary: w.record("", "Diary", "Dear diary"),
	}
	home := w.instance()
	bob := home.AddActor("bob", nil)
	w.follow(home, bob, 1, w.addr().Actor(g.friends.PublicID))
	w.follow(home, bob, 2, w.addr().Actor(g.oldFriends.PublicID))
	w.ok(w.Decide(t.Context(), g.friends.PublicID, bob.ID, true))
	w.ok(w.Decide(t.Context(), g.oldFriends.PublicID, bob.ID, true))
	w.republish(g.old.Playlist, playlists.Private)
	w.republish(g.oldFriends.Playlist, playlists.Private)
	w.steps()
	blocked := home.AddActor("blocked", nil)
	blocked.KeyID = "http://evil.example/users/x#main-key"
	w.rule("evil.example", Suspend)
	g.readers = map[string][]func(*http.Request){
		"unsigned":     nil,
		"bob":          {w.signedBy(bob)},
		"bob's server": {w.signedBy(home.AddActor("server", map[string]any{"type": "Application"}))},
		"neighbour":    {w.signedBy(home.AddActor("neighbour", nil))},
		"stranger":     {w.signedBy(w.instance().AddActor("stranger", nil))},
		"blocked":      {w.signedBy(blocked)},
		"forger":       {func(r *http.Request) { forged := *bob; forged.KeyID += "x"; w.signedBy(&forged)(r) }},
	}
	return g
}

// open and tracks are the addresses of a publication: what tells that there is a playlist, and what it holds.
func (g gallery) open(p playlists.Publication) []string {
	actor := "/ap/actors/" + p.PublicID
	return []string{actor, actor + "/followers", actor + "/following", "/@" + p.Handle,
		fingerPath("acct:" + p.Handle + "@" + g.addr().Host()), fingerPath(g.addr().Actor(p.PublicID)), fingerPath(g.addr().Profile(p.Handle))}
}

func (g gallery) tracks(p playlists.Publication) []string {
	list := "/ap/playlists/" + p.PublicID
	actor := "/ap/actors/" + p.PublicID
	return []string{list, list + "?page=1", list + "/items/" + g.item(p), actor + "/outbox", actor + "/outbox?page=1", actor + "/featured", "/ap/notes/pinned-" + p.PublicID}
}

func (g gallery) item(p playlists.Publication) string {
	g.t.Helper()
	l, err := g.store.Get(g.t.Context(), p.Playlist)
	g.ok(err)
	return l.Tracks[0].Item
}

func fingerPath(resource string) string {
	return "/.well-known/webfinger?resource=" + url.QueryEscape(resource)
}

func TestWhoMayReadWhat(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	nobody := playlists.Publication{PublicID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Handle: "alice_nothing"}
	missing := g.get("/ap/playlists/" + nobody.PublicID)
	if missing.status != 404 {
		t.Fatalf("%+v", missing)
	}
	everybody := map[string]bool{"unsigned": true, "bob": true, "bob's server": true, "neighbour": true, "stranger": true, "forger": true}
	approved := map[string]bool{"bob": true, "bob's server": true}
	linkID := g.link // by the addresses that it would have if it were on the fediverse
	linkID.Handle = "alice_for_bob"
	token := "/s/" + g.link.Token
	for _, c := range []struct {
		name      string
		addresses []string
		may       map[string]bool
		status    int // for those who may
	}{
		{"public", append(g.open(g.public), g.tracks(g.public)...), everybody, 200},
		{"unlisted", append(g.open(g.unlisted), g.tracks(g.unlisted)...), everybody, 200},
		{"friends", g.open(g.friends), everybody, 200},
		{"friends' tracks", g.tracks(g.friends), approved, 200},
		{"link", []string{token, token + "?page=1", token + "/items/" + g.item(g.link)}, everybody, 200},
		{"link by its id", append(g.open(linkID), g.tracks(linkID)...), nil, 0},
		{"withdrawn", append(g.open(g.old), g.tracks(g.old)...), everybody, 410},
		{"friends', withdrawn", append(g.open(g.oldFriends), g.tracks(g.oldFriends)...), everybody, 410},
		{"never there", append(g.open(nobody), "/ap/playlists/"+nobody.PublicID, "/ap/playlists/"+nobody.PublicID+"?page=1", "/ap/playlists/x/items/y"), nil, 0},
		{"internal ids", append(g.open(playlists.Publication{PublicID: string(g.diary), Handle: "diary"}), "/ap/playlists/"+string(g.diary)), nil, 0},
		{"no such part", []string{"/ap/playlists/" + g.public.PublicID + "?page=2", "/ap/playlists/" + g.public.PublicID + "?page=0",
			"/ap/playlists/" + g.public.PublicID + "?page=99999999999999999999", "/ap/playlists/" + g.public.PublicID + "?page=x",
			"/ap/playlists/" + g.public.PublicID + "/items/none", token + "/items/none", token + "/x", "/s/none"}, nil, 0},
	} {
		for _, address := range c.addresses {
			for reader, edit := range g.readers {
				got := g.get(address, edit...)
				got.header.Del("Access-Control-Allow-Origin") // WebFinger's, whatever the answer
				if c.may[reader] {
					if got.status != c.status {
						t.Errorf("%s, %s by %s: %d %s", c.name, address, reader, got.status, got.body)
					}
					continue
				}
				if !reflect.DeepEqual(got, missing) {
					t.Errorf("%s, %s by %s differs from what is missing: %+v", c.name, address, reader, got)
				}
			}
		}
	}
}

func TestSecretsStaySecretHoweverOneAsks(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	address := "/ap/playlists/" + g.friends.PublicID
	missing := g.get("/ap/playlists/none")
	etag := g.get(address, g.readers["bob"]...).header.Get("ETag")
	for name, value := range map[string]string{
		"Range": "bytes=0-10", "If-None-Match": etag, "If-Match": etag, "If-Modified-Since": "Sat, 01 Aug 2026 23:00:00 GMT", "If-Range": etag, "Accept": "text/html",
		"Signature": `keyId="x"`, "Authorization": "Signature x", "Cookie": "session=1", "X-Forwarded-Host": "x", "X-HTTP-Method-Override": "GET",
	} {
		got := g.get(address, func(r *http.Request) { r.Header.Set(name, value) })
		if !reflect.DeepEqual(got, missing) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	any := g.get(address, func(r *http.Request) { r.Header.Set("If-None-Match", "*") })
	if !reflect.DeepEqual(any, missing) {
		t.Errorf("If-None-Match *: %+v", any)
	}
	if got := g.send(http.MethodHead, address); got.status != 404 || got.body != "" {
		t.Errorf("HEAD: %+v", got)
	}
}

func TestG105NothingPrivateIsInAnyAnswer(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, p := range []playlists.Publication{g.public, g.unlisted, g.friends, g.old} {
		for _, address := range append(append(g.open(p), g.tracks(p)...), "/ap/actors/"+g.alice.PublicID, "/ap/actors/"+g.alice.PublicID+"/playlists", "/@alice",
			"/ap/actors/instance", "/ap/nodeinfo/2.1", "/.well-known/nodeinfo", fingerPath(g.addr().Home()), "/s/"+g.link.Token) {
			a := g.get(address)
			text := fmt.Sprint(a.header) + a.body
			secrets := []string{string(g.alice.ID), string(p.Playlist), "Diary", string(g.diary), g.link.PublicID, "PRIVATE KEY", "bob"}
			if !strings.HasPrefix(address, "/s/") {
				secrets = append(secrets, g.link.Token, "For Bob")
			} else {
				secrets = append(secrets, "alice", g.alice.PublicID) // a link tells nothing of its curator
			}
			if p == g.friends {
				secrets = append(secrets, "Harbour Lights", "Words about Friends")
			}
			for _, s := range secrets {
				if strings.Contains(text, s) && !(address[:3] == "/s/" && s == "Harbour Lights") {
					t.Errorf("%s tells %q: %s", address, s, text)
				}
			}
		}
	}
	// Only public playlists are listed.
	list := g.get("/ap/actors/" + g.alice.PublicID + "/playlists").body
	if !strings.Contains(list, g.public.PublicID) || strings.Contains(list, g.unlisted.PublicID) || strings.Contains(list, g.friends.PublicID) {
		t.Errorf("lists %s", list)
	}
}

func TestAReaderWhoHasTheNewestVersionIsToldSo(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, address := range append(append(g.open(g.public), g.tracks(g.public)...), "/s/"+g.link.Token, "/.well-known/nodeinfo", "/ap/nodeinfo/2.1") {
		a, head := g.get(address), g.send(http.MethodHead, address, func(r *http.Request) { r.Header.Set("Accept", activityJSON) })
		tag := a.header.Get("ETag")
		if head.status != a.status || head.body != "" || head.header.Get("ETag") != tag || head.header.Get("Content-Type") != a.header.Get("Content-Type") || tag == "" {
			t.Errorf("%s: HEAD %+v, GET %+v", address, head, a.header)
		}
		if !json.Valid([]byte(a.body)) || a.header.Get("Vary") != "Accept, Signature, Signature-Input" || a.header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s: %+v", address, a)
		}
		for header, status := range map[string]int{tag: 304, `"x", W/` + tag: 304, "*": 304, `"x"`: 200, "": 200, tag[:5]: 200} {
			if got := g.get(address, func(r *http.Request) { r.Header.Set("If-None-Match", header) }); got.status != status || got.header.Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: %d %v", address, header, got.status, got.header)
			}
		}
	}

	// An edit and a change of the audience are new versions.
	address := "/ap/playlists/" + g.public.PublicID
	first := g.get(address).header
	for name, change := range map[string]func(){
		"edit":     func() { g.record(g.public.Playlist, "Public", "Another") },
		"audience": func() { g.republish(g.public.Playlist, playlists.Unlisted) },
	} {
		g.clock.forward(time.Hour)
		change()
		for _, page := range []string{"", "?page=1"} {
			got := g.get(address+page, func(r *http.Request) { r.Header.Set("If-None-Match", first.Get("ETag")) })
			since := g.get(address+page, func(r *http.Request) { r.Header.Set("If-Modified-Since", first.Get("Last-Modified")) })
			if got.status != 200 || since.status != 200 {
				t.Errorf("%s%s: %d, %d", name, page, got.status, since.status)
			}
		}
		first = g.get(address).header
	}
}

func TestOnePageForPeopleAndOneDocumentForMachines(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	mastodon := `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1`
	for accept, machine := range map[string]bool{
		"": false, "*/*": false, "text/html": false, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": false, "application/*": false,
		"application/activity+json": true, "Application/Activity+JSON": true, mastodon: true, "application/ld+json": true,
		"application/activity+json;q=0": false, "application/activity+json;q=0.5, text/html": false, "application/activity+json, text/html": true,
		"application/activity+json;q=x": false, "application/activity+json; q=0.2, text/html;q=0.1": true, "application/activity+json;q=-1": false,
		"application/activity+json;q=NaN": false, "application/json": false, ",,,;;;===": false,
		strings.Repeat("text/plain,", 10_000) + "application/activity+json": false, strings.Repeat("application/activity+json;q=0,", 1000): false,
		"application/activity+json," + strings.Repeat("a/b;c=d,", 1500): true,
	} {
		if got := wantsActivity(accept); got != machine {
			t.Errorf("%.80s: %v", accept, got)
		}
		if len(accept) > 20_000 {
			continue
		}
		for _, address := range []string{"/@" + g.public.Handle, "/@alice", "/s/" + g.link.Token} {
			a := g.send(http.MethodGet, address, func(r *http.Request) { r.Header.Set("Accept", accept) })
			if a.status != 200 || strings.HasPrefix(a.body, "{") != machine {
				t.Errorf("%.80s of %s: %d %.40s", accept, address, a.status, a.body)
			}
		}
	}
	if a := g.send(http.MethodPost, "/@alice", func(r *http.Request) { r.Header.Set("Accept", activityJSON) }); strings.HasPrefix(a.body, "{") {
		t.Error("a POST is answered with a document")
	}
}

func TestWebFinger(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	host := g.addr().Host()
	for resource, subject := range map[string]string{
		"acct:alice@" + host: "acct:alice@" + host, "acct:ALICE@" + strings.ToUpper(host): "acct:alice@" + host,
		"acct:" + g.friends.Handle + "@" + host:           "acct:" + g.friends.Handle + "@" + host,
		g.addr().Home():                                   "acct:127.0.0.1@" + host,
		g.addr().Home() + "/":                             "acct:127.0.0.1@" + host,
		g.addr().InstanceActor():                          "acct:127.0.0.1@" + host,
		"acct:127.0.0.1@" + host:                          "acct:127.0.0.1@" + host,
		g.addr().Profile("alice"):                         "acct:alice@" + host,
		g.addr().Profile("Alice"):                         "acct:alice@" + host,
		g.addr().Actor(g.alice.PublicID):                  "acct:alice@" + host,
		"acct:alice@other.example":                        "",
		"acct:../..":                                      "",
		"acct:@":                                          "",
		"acct:alice":                                      "",
		"acct:alice@" + host + "@" + host:                 "",
		"alice@" + host:                                   "",
		"https://other.example/@alice":                    "",
		g.addr().Profile("alice") + "/more":               "",
		g.addr().Collection(g.public.PublicID):            "",
		g.addr().Share(g.link.Token):                      "",
		"acct:alice_for_bob@" + host:                      "",
		"javascript:alert(1)":                             "",
		strings.Repeat("a", maxURL):                       "",
		"acct:alice\x00@" + host:                          "",
		"acct:" + string(g.diary) + "@" + host:            "",
		g.addr().Actor(string(g.alice.ID)):                "",
		g.addr().Home() + "/ap/actors/../actors/instance": "",
	} {
		a := g.get(fingerPath(resource))
		var got struct{ Subject string }
		if subject == "" {
			if a.status != 404 || a.body != "There is nothing here.\n" {
				t.Errorf("%.80q: %+v", resource, a)
			}
			continue
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil || got.Subject != subject || a.header.Get("Content-Type") != "application/jrd+json" ||
			a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %+v", resource, a)
		}
	}
	for _, query := range []string{"", "?resource=", "?resource=acct:alice@" + host + "&resource=acct:alice@" + host, "?resource=" + strings.Repeat("a", 10_000), "?resources=x"} {
		if a := g.get("/.well-known/webfinger" + query); a.status != 400 && a.status != 404 {
			t.Errorf("%.60s: %d", query, a.status)
		}
	}
}

func TestABridgeWithoutAnAddressAnswersNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.BaseURL = nil })
	here := "http://" + w.http.Listener.Addr().String()
	ask := func(path string) answered {
		return w.send(http.MethodGet, here+path, func(r *http.Request) { r.Header.Set("Accept", activityJSON) })
	}
	for _, path := range []string{"/.well-known/webfinger?resource=acct:alice@x", "/ap/actors/instance", "/ap/playlists/x"} {
		if a := ask(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %+v", path, a)
		}
	}
	if a := ask("/@alice"); a.body != "<p>page</p>" {
		t.Errorf("/@alice: %+v", a)
	}
	// It follows without being told of changes.
	other := federationtest.New(t)
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	mix.set("Two")
	w.clock.forward(pollUntold)
	w.step(w.RefreshOnce)
	if got := w.has(want.Playlist); len(got) != 1 || got[0] != "Two" || posts(other) != 0 {
		t.Errorf("has %v after %d messages", got, posts(other))
	}
	// Given one, it answers from then on.
	origin, err := url.Parse(here)
	w.ok(err)
	w.ok(w.SetOrigin(t.Context(), origin))
	if a := ask("/ap/actors/instance"); a.status != http.StatusOK {
		t.Errorf("with an address: %+v", a)
	}
}

func TestRecentListsAreBounded(t *testing.T) {
	t.Parallel()
	var c versionCache
	long := make([]playlists.Track, playlists.MaxTracks)
	for n := range 1000 {
		p := playlists.Playlist{ID: playlists.ID(fmt.Sprint(n % 500)), Revision: int64(n), Tracks: long[:n*19]}
		c.put(p)
		if got, ok := c.get(p.ID, p.Revision); !ok || len(got.Tracks) != len(p.Tracks) {
			t.Fatalf("%d is not there", n)
		}
		if _, ok := c.get(p.ID, p.Revision-500); ok {
			t.Fatalf("an older version of %d is there", n)
		}
		if size(c.lists) > maxCachedTracks || len(c.lists) > maxCachedTracks/100 {
			t.Fatalf("%d lists, size %d", len(c.lists), size(c.lists))
		}
	}
}
