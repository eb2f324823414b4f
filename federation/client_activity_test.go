package federation

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestOnlyActivityTypesAreActivities(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]bool{
		"application/activity+json":                                                              true,
		"Application/Activity+JSON; charset=utf-8":                                               true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`:                   true,
		`application/ld+json;profile="https://w3id.org/x https://www.w3.org/ns/activitystreams"`: true,
		`application/ld+json; charset=utf-8; PROFILE="https://www.w3.org/ns/activitystreams"`:    true,
		"application/ld+json": false,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams#x"`: false,
		"application/json":                     false,
		"text/html":                            false,
		"text/plain":                           false,
		"":                                     false,
		"application/activity+json, text/html": false,
		`text/html; profile="https://www.w3.org/ns/activitystreams"`:                               false,
		`application/activity+json; charset=utf-8; charset=utf-16`:                                 false,
		`application/ld+json; profile=https://www.w3.org/ns/activitystreams; x="application/json"`: false,
	} {
		if got := isActivityType(contentType); got != want {
			t.Errorf("%q: %v", contentType, got)
		}
	}
}

func TestAnActivityIsReadFromItsOwnAddress(t *testing.T) {
	t.Parallel()
	inst, other := federationtest.New(t), federationtest.New(t)
	client := NewClient(loopback())
	id := inst.Put("/users/alice", map[string]any{"id": inst.URL + "/users/alice"})
	inst.Fail("/@alice", federationtest.Redirect(id, 302))
	inst.Put("/by-name/alice", map[string]any{"id": id})
	other.Put("/alias", map[string]any{"id": id})
	for _, address := range []string{id, id + "#main-key", inst.URL + "/@alice", inst.URL + "/by-name/alice", other.URL + "/alias"} {
		doc, err := client.GetActivity(t.Context(), address, nil, Conditional{})
		if err != nil || doc.URL != id || string(doc.Body) != `{"id":"`+id+`"}` {
			t.Errorf("%s: %+v, %v", address, doc, err)
		}
	}
}

func TestDocumentsThatSpeakForOthersAreRefused(t *testing.T) {
	t.Parallel()
	victim, evil := federationtest.New(t), federationtest.New(t)
	client := NewClient(loopback())
	get := func(address string) error {
		_, err := client.GetActivity(t.Context(), address, nil, Conditional{})
		return err
	}

	evil.Put("/forged", map[string]any{"id": victim.URL + "/users/nobody"})
	problem(t, "id of a document that its host does not have", get(evil.URL+"/forged"), playlists.NotFound)

	evil.Put("/pretends", map[string]any{"id": victim.URL + "/go"})
	victim.Fail("/go", federationtest.Redirect(evil.URL+"/pretends", 302))
	problem(t, "redirect to another host", get(victim.URL+"/go"), playlists.Invalid)

	evil.Put("/one", map[string]any{"id": evil.URL + "/two"})
	evil.Put("/two", map[string]any{"id": evil.URL + "/one"})
	problem(t, "ids that name each other", get(evil.URL+"/one"), playlists.Invalid)
	if n := len(evil.Requests("/one")); n != 1 {
		t.Errorf("fetched %d times", n)
	}

	evil.Put("/inner", map[string]any{"id": "https://10.0.0.1/users/a"})
	problem(t, "id at a private address", get(evil.URL+"/inner"), playlists.Invalid)

	for _, id := range []any{nil, "", 7, []string{evil.URL + "/odd"}, map[string]any{}, "/odd", "acct:a@b.example"} {
		evil.Put("/odd", map[string]any{"id": id, "ID": evil.URL + "/odd2"})
		problem(t, fmt.Sprintf("id %v", id), get(evil.URL+"/odd"), playlists.Invalid)
	}
	evil.Put("/odd", map[string]any{"ID": evil.URL + "/odd", "@id": evil.URL + "/odd"})
	problem(t, "no id", get(evil.URL+"/odd"), playlists.Invalid)
}

func TestUploadedFilesAndUnsafeJSONAreNoActivities(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	doc := `{"id":"` + inst.URL + `/file"}`
	for name, answer := range map[string]http.HandlerFunc{
		"JSON file": federationtest.Answer("application/json", doc),
		"no type":   federationtest.Answer("", doc),
		"page":      federationtest.Answer("text/html", doc),
		"array":     federationtest.Answer("application/activity+json", "["+doc+"]"),
		"two ids":   federationtest.Answer("application/activity+json", `{"id":"`+inst.URL+`/file","Id":"x"}`),
		"endless":   federationtest.Endless(),
	} {
		inst.Fail("/file", answer)
		_, err := client.GetActivity(t.Context(), inst.URL+"/file", nil, Conditional{})
		problem(t, name, err, playlists.Invalid)
	}
}

func TestRedirectsAreCountedOverEverythingACallFetches(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	// Two hops to a document whose id is two more hops away from where it stands.
	inst.Fail("/a", federationtest.Redirect("/b", 302))
	inst.Fail("/b", federationtest.Redirect("c", 307))
	inst.Put("/c", map[string]any{"id": inst.URL + "/d"})
	inst.Fail("/d", federationtest.Redirect(inst.URL+"/e", 301))
	inst.Fail("/e", federationtest.Redirect(inst.URL+"/f", 301))
	inst.Put("/f", map[string]any{"id": inst.URL + "/f"})
	_, err := client.GetActivity(t.Context(), inst.URL+"/a", nil, Conditional{})
	problem(t, "four redirects", err, playlists.Invalid)
	if n := len(inst.Requests("/f")); n != 0 {
		t.Error("the fourth redirect was followed")
	}
	if doc, err := client.GetActivity(t.Context(), inst.URL+"/d", nil, Conditional{}); err != nil || doc.URL != inst.URL+"/f" {
		t.Errorf("two redirects: %v", err)
	}

	inst.Fail("/loop", federationtest.Redirect("/loop", 302))
	_, err = client.GetActivity(t.Context(), inst.URL+"/loop", nil, Conditional{})
	problem(t, "loop", err, playlists.Invalid)
	if n := len(inst.Requests("/loop")); n != 4 {
		t.Errorf("loop was asked %d times", n)
	}
}

func TestHTTPSNeverBecomesHTTP(t *testing.T) {
	t.Parallel()
	secure, plain := federationtest.NewTLS(t), federationtest.New(t)
	secure.Fail("/a", federationtest.Redirect(plain.URL+"/a", 302))
	c := loopback()
	c.RootCAs = secure.RootCAs()
	_, err := NewClient(c).Get(t.Context(), secure.URL+"/a", "*/*", nil, Conditional{})
	problem(t, "downgrade", err, playlists.Invalid)
	if n := len(plain.Requests("")); n != 0 {
		t.Error("the redirect was followed")
	}
}

func TestEveryHopIsSignedForItsOwnAddress(t *testing.T) {
	t.Parallel()
	bridge := federationtest.New(t) // plays us: it serves the key
	actor := bridge.AddActor("instance", nil)
	sign := func(r *http.Request, _ Scheme) error { return Sign(r, nil, signingKey(actor), time.Now()) }
	first, second := federationtest.New(t), federationtest.New(t)
	second.RequireSignatures()
	id := second.Put("/doc?x=%20", map[string]any{"id": second.URL + "/doc?x=%20"})
	first.Fail("/doc", federationtest.Redirect(id, 302))
	client := NewClient(loopback())
	if _, err := client.GetActivity(t.Context(), first.URL+"/doc", sign, Conditional{}); err != nil {
		t.Error(err)
	}
	if r := first.Requests("/doc"); len(r) != 1 || r[0].KeyID != actor.KeyID {
		t.Errorf("first hop: %+v", r)
	}
	_, err := client.GetActivity(t.Context(), id, nil, Conditional{})
	problem(t, "unsigned", err, playlists.Forbidden)
}

func TestAPolicyIsAskedAtEveryHop(t *testing.T) {
	t.Parallel()
	first, second := federationtest.New(t), federationtest.New(t)
	first.Fail("/doc", federationtest.Redirect(second.URL+"/doc", 302))
	refusal := playlists.Problemf(playlists.Forbidden, nil, "no")
	c := loopback()
	c.Allowed = func(host string) error {
		if host == second.Host() {
			return refusal
		}
		return nil
	}
	if _, err := NewClient(c).GetActivity(t.Context(), first.URL+"/doc", nil, Conditional{}); !errors.Is(err, refusal) {
		t.Errorf("error is %v", err)
	}
	if n := len(second.Requests("")); n != 0 {
		t.Error("the redirect was followed")
	}
}

func TestAnUnchangedActivityIsNotReadAgain(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	inst.Fail("/doc", federationtest.Status(http.StatusNotModified))
	doc, err := NewClient(loopback()).GetActivity(t.Context(), inst.URL+"/doc", nil, Conditional{ETag: `"v1"`})
	if err != nil || doc.Status != http.StatusNotModified || len(inst.Requests("")) != 1 {
		t.Errorf("%+v, %v", doc, err)
	}
}

func TestPagesMayBeLarger(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	page := func(size, values int) {
		inst.Put("/page", []byte(`{"id":"`+inst.URL+`/page","text":"`+strings.Repeat("a", size)+`","items":[0`+strings.Repeat(",0", values)+`]}`))
	}
	for _, c := range []struct {
		size, values   int
		document, page bool
	}{
		{100, 100, true, true},
		{1 << 20, 100, false, true},
		{100, 90_000, false, true},
		{4 << 20, 100, false, false},
		{100, 100_001, false, false},
	} {
		page(c.size, c.values)
		if _, err := client.GetActivity(t.Context(), inst.URL+"/page", nil, Conditional{}); (err == nil) != c.document {
			t.Errorf("%+v as document: %v", c, err)
		}
		if _, err := client.GetPage(t.Context(), inst.URL+"/page", nil); (err == nil) != c.page {
			t.Errorf("%+v as page: %v", c, err)
		}
	}
}
