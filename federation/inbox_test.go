package federation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// post sends a body to our shared inbox, signed by a; edit changes the request before it is signed.
func (w *world) post(a *federationtest.Actor, body []byte, edit ...func(*http.Request)) answered {
	w.t.Helper()
	return w.send(http.MethodPost, w.addr().SharedInbox(), append([]func(*http.Request){
		func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Type", activityJSON)
			federationtest.Prepare(r, body, w.clock.now())
		}}, append(edit, func(r *http.Request) {
		if a != nil {
			a.Signature().Sign(w.t, r)
		}
	})...)...)
}

func text(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What cannot be kept at present is sent again later. Whoever is told 500 may give up.
func TestADatabaseThatIsAwayIsToldToMachines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Unusable = func(error) bool { return true } })
	bob := w.instance().AddActor("bob", nil)
	road := w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)
	if a := w.post(bob, text(t, activity(bob, "Follow", 1, road))); a.status != http.StatusAccepted {
		t.Fatal(a)
	}
	w.ok(w.db.Close())
	for what, a := range map[string]answered{"an activity": w.post(bob, text(t, activity(bob, "Follow", 2, road))), "an actor": w.send(http.MethodGet, road)} {
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %+v", what, a)
		}
	}
}

func TestTheInboxRefusesWhatItCannotTrust(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Policy.Blocked = []string{"127.0.0.9"} })
	other := w.instance()
	bob, carol := other.AddActor("bob", nil), other.AddActor("carol", nil)
	road := w.publish("Road trip", playlists.Public)
	object := w.addr().Actor(road.PublicID)
	follow := activity(bob, "Follow", 1, object)
	with := func(key string, value any) []byte {
		changed := map[string]any{}
		for k, v := range follow {
			changed[k] = v
		}
		changed[key] = value
		return text(t, changed)
	}
	as := func(actor string) []byte { return []byte(strings.ReplaceAll(string(text(t, follow)), bob.ID, actor)) }
	typed := func(contentType string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", contentType) }
	}
	for name, c := range map[string]struct {
		answer answered
		status int
	}{
		"no signature":         {w.post(nil, text(t, follow)), 401},
		"another's signature":  {w.post(carol, text(t, follow)), 403},
		"page":                 {w.post(bob, text(t, follow), typed("text/html")), 415},
		"plain JSON":           {w.post(bob, text(t, follow), typed("application/json")), 415},
		"no type":              {w.post(bob, text(t, follow), typed("")), 415},
		"too large":            {w.post(bob, with("x", strings.Repeat("x", maxActivity))), 413},
		"not JSON":             {w.post(bob, []byte(`{"id":`)), 400},
		"nothing":              {w.post(bob, []byte{}), 400},
		"a list":               {w.post(bob, append(append([]byte("["), text(t, follow)...), ']')), 400},
		"trailing garbage":     {w.post(bob, append(text(t, follow), '}')), 400},
		"byte order mark":      {w.post(bob, append([]byte("\ufeff"), text(t, follow)...)), 400},
		"not UTF-8":            {w.post(bob, with("x", "\xff")[:20]), 400},
		"colliding keys":       {w.post(bob, with("Actor", carol.ID)), 400},
		"look-alike keys":      {w.post(bob, with("i\u0064\u017f", 1)), 202}, // no key of ours: harmless
		"graph":                {w.post(bob, with("@graph", []any{})), 400},
		"no actor":             {w.post(bob, with("actor", nil)), 400},
		"two actors":           {w.post(bob, with("actor", []any{bob.ID, carol.ID})), 400},
		"no id":                {w.post(bob, with("id", nil)), 400},
		"id in a list":         {w.post(bob, with("id", []any{follow["id"]})), 400},
		"relative id":          {w.post(bob, with("id", "/follow")), 400},
		"id of another server": {w.post(bob, with("id", "https://other.example/1")), 400},
		"our own host":         {w.post(bob, as(w.addr().Actor(w.alice.PublicID))), 403},
		"a blocked host":       {w.post(bob, as("http://127.0.0.9:1/users/bob")), 403},
		"altered on the way": {w.post(bob, text(t, follow), func(r *http.Request) {
			r.Body = io.NopCloser(bytes.NewReader(bytes.Replace(text(t, follow), []byte("Follow"), []byte("Accept"), 1)))
		}), 401},
	} {
		if c.answer.status != c.status {
			t.Errorf("%s: %d %s, want %d", name, c.answer.status, c.answer.body, c.status)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE id <> $1`, follow["id"]); n != 0 {
		t.Errorf("%d refused activities are kept", n)
	}
	if a := w.send(http.MethodGet, w.addr().SharedInbox()); a.status == 200 && strings.Contains(a.body, "{") {
		t.Errorf("the inbox can be read: %+v", a)
	}
}

func TestABlockedActorIsRefusedAlsoWhenTheBlockComesLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	other.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", 1, w.addr().Actor(road.PublicID)))
	w.blockActor(bob.ID)
	w.steps()
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Error("the Follow that waited was acted on")
	}
	if status := other.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", 2, w.addr().Actor(road.PublicID))); status != 403 {
		t.Errorf("a new Follow: %d", status)
	}
}

func TestB34ARepetitionChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob, carol := other.AddActor("bob", nil), other.AddActor("carol", nil)
	body := text(t, activity(bob, "Follow", 1, w.addr().Actor(road.PublicID)))
	for range 3 {
		if a := w.post(bob, body); a.status != 202 {
			t.Fatalf("%+v", a)
		}
		w.step(w.InboxOnce)
	}
	if n := w.count(`SELECT attempts FROM inbox`); n != 1 {
		t.Errorf("acted on %d times", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE body <> ''`); n != 0 {
		t.Error("what is done is kept whole")
	}
	// Nobody can take the id of another's activity before it arrives.
	stolen := activity(carol, "Follow", 1, w.addr().Actor(road.PublicID))
	stolen["id"] = bob.ID + "#follow/2"
	w.post(carol, text(t, stolen))
	w.post(bob, text(t, activity(bob, "Follow", 2, w.addr().Actor(road.PublicID))))
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE id = $1`, stolen["id"]); n != 2 {
		t.Errorf("%d activities with that id", n)
	}
}

func TestE74OneDomainCannotFillTheInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	fill := func(domain string) {
		for n := range maxWaitingOfDomain {
			w.exec(`INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error) VALUES ($1, $2, $2, 'Like', '', '', 1, 1, 0, '')`,
				fmt.Sprint(domain, n), domain)
		}
	}
	follow := text(t, activity(bob, "Follow", 1, w.addr().Actor(road.PublicID)))
	fill("evil.example")
	if a := w.post(bob, follow); a.status != 202 {
		t.Errorf("another domain fills it: %+v", a)
	}
	fill("127.0.0.1")
	if a := w.post(bob, text(t, activity(bob, "Follow", 2, w.addr().Actor(road.PublicID)))); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("got %+v", a)
	}
	for host, domain := range map[string]string{
		"a.b.evil.example": "evil.example", "evil.example:8443": "evil.example", "x.co.uk": "x.co.uk", "co.uk": "co.uk",
		"10.1.2.3:80": "10.1.2.3", "[2001:db8::1]:443": "2001:db8::1", "localhost": "localhost",
	} {
		if got := domainOf(host); got != domain {
			t.Errorf("domain of %s is %s, want %s", host, got, domain)
		}
	}
}

func TestE83WhatConcernsNobodyHereTakesNoRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	for n, kind := range []string{"Create", "Announce", "Like", "Update", "Add", "Remove", "Flag", "Listen", "Question", "Anything", "Delete"} {
		if a := w.post(bob, text(t, activity(bob, kind, n, map[string]any{"id": bob.ID + "/1", "type": "Note"}))); a.status != 202 {
			t.Errorf("%s: %+v", kind, a)
		}
	}
	w.post(bob, text(t, activity(bob, "Undo", 1, map[string]any{"id": bob.ID + "/1", "type": "Like"})))
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Errorf("%d activities are kept", n)
	}
}

func TestB41AKeyThatCannotBeHadIsAskedForSeldomAndSaysNothingOfOurNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	follow := text(t, activity(bob, "Follow", 1, w.addr().Actor(road.PublicID)))
	other.Fail("/users/bob", federationtest.Status(500))
	for range 3 {
		a := w.post(bob, follow)
		if a.status != 503 || a.header.Get("Retry-After") == "" || a.body != "the server of the signature's key cannot be reached\n" {
			t.Errorf("got %+v", a)
		}
	}
	if n := len(other.Requests("/users/bob")); n != 1 {
		t.Errorf("asked %d times", n)
	}
	other.Heal("/users/bob")
	w.clock.forward(keyMissing + time.Second)
	if a := w.post(bob, follow); a.status != 202 {
		t.Errorf("when its server is back: %+v", a)
	}

	// Whoever names keys of others that do not exist keeps nobody out for good: 503, never 403.
	carol := other.AddActor("carol", nil)
	for n := range maxMissingOfDomain {
		w.exec(`INSERT INTO missing_keys (key_id, domain, until) VALUES ($1, '127.0.0.1', $2)`, fmt.Sprint(n), w.clock.now().Add(time.Minute).UnixMilli())
	}
	if a := w.post(carol, text(t, activity(carol, "Follow", 1, w.addr().Actor(road.PublicID)))); a.status != 503 {
		t.Errorf("in a flood: %+v", a)
	}
	if a := w.post(bob, text(t, activity(bob, "Follow", 2, w.addr().Actor(road.PublicID)))); a.status != 202 {
		t.Errorf("one whose key we have, in a flood: %+v", a)
	}
}

func FuzzInbox(f *testing.F) {
	w := newWorld(f)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	follow := text(f, activity(bob, "Follow", 1, w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)))
	f.Add(follow, activityJSON, "", "", true)
	f.Add([]byte(`{"id":"https://a.example/1","type":"Delete","actor":"https://a.example/2","object":"https://a.example/2"}`), activityJSON, "", "", false)
	f.Add([]byte(`{`), `application/ld+json; profile="`+activityStreams+`"`, `keyId="x",headers="date",signature="eA=="`, "SHA-256=x", false)
	// Addresses that only a fuzzer thinks of are not to be looked up.
	w.client.config.Allowed = func(host string) error {
		if host == other.Host() {
			return nil
		}
		return playlists.Problemf(playlists.Forbidden, nil, "not in a test")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType, signature, digest string, sign bool) {
		r, err := http.NewRequest(http.MethodPost, w.addr().SharedInbox(), bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.RequestURI = "/ap/inbox"
		r.Header.Set("Content-Type", contentType)
		federationtest.Prepare(r, body, w.clock.now())
		if sign {
			bob.Signature().Sign(t, r)
		}
		if signature != "" {
			r.Header.Set("Signature", signature)
		}
		if digest != "" {
			r.Header.Set("Digest", digest)
		}
		status, err := w.take(r)
		if status != 202 && (status < 400 || status >= 500) || (err != nil) != (status != 202) {
			t.Fatalf("%d: %v", status, err)
		}
		if _, err := w.InboxOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
