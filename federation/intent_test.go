package federation

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// home is the server of a visitor, bob.
type home struct {
	*federationtest.Instance
	bob string // his handle
}

func (w *world) home() home {
	i := w.instance()
	i.AddActor("bob", nil)
	return home{i, "@bob@" + i.Host()}
}

// offers lets the server answer about a resource with templates by relation; H in a template stands for its origin.
func (h home) offers(resource string, templates ...[2]string) {
	links := []any{map[string]any{"rel": "self", "type": activityJSON, "href": h.URL + "/users/bob"}}
	for _, t := range templates {
		links = append(links, map[string]any{"rel": t[0], "template": strings.ReplaceAll(t[1], "H", h.URL)})
	}
	body, err := json.Marshal(map[string]any{"subject": "acct:bob@" + h.Host(), "links": links})
	if err != nil {
		panic(err) // strings always encode
	}
	h.Fail(fingerPath(resource), federationtest.Answer("application/jrd+json", string(body)))
}

func (h home) offersBob(templates ...[2]string) { h.offers("acct:bob@"+h.Host(), templates...) }

// runs lets the server say in its NodeInfo what it is.
func (h home) runs(software, metadata string) {
	h.Fail("/.well-known/nodeinfo", federationtest.Answer("application/json", `{"links":[{"rel":"`+nodeInfoSchema+`","href":"`+h.URL+`/nodeinfo/2.1"}]}`))
	h.Fail("/nodeinfo/2.1", federationtest.Answer("application/json", `{"software":{"name":"`+software+`"},"metadata":`+metadata+`}`))
}

const tripActor = "https://b.example/ap/actors/trip"

var escapedTrip = url.QueryEscape(tripActor)

// follows checks where a visitor goes on; H in want stands for the server's origin.
func (w *world) follows(h home, visitor, want string) {
	w.t.Helper()
	d, err := w.RemoteFollow(w.t.Context(), visitor, tripActor, "@alice_trip@b.example")
	if want = strings.ReplaceAll(want, "H", h.URL); err != nil || d.Address != want || d.Foreign || d.Host != h.Host() {
		w.t.Errorf("%s: %+v, %v; want %s", visitor, d, err, want)
	}
}

func TestAVisitorFollowsAtTheirOwnServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mastodon := [2]string{relSubscribe, "H/authorize_interaction?uri={uri}"}
	object := [2]string{relObject, "H/object?o={object}"}
	follow := [2]string{relFollow, "H/follow/{object}?then={on-success}&x={x}"}
	for want, offered := range map[string][][2]string{
		"H/authorize_interaction?uri=" + escapedTrip:              {mastodon},
		"H/object?o=" + escapedTrip:                               {mastodon, object},
		"H/follow/" + escapedTrip + "?then=&x=":                   {mastodon, object, follow},
		"H/ostatus_subscribe?acct=alice_trip%40b.example":         {{relSubscribe, "H/ostatus_subscribe?acct={uri}"}},
		"H/remote?x=1&acct=alice_trip%40b.example#/" + "go":       {{relSubscribe, "H/remote?x=1&acct={uri}#/go"}},
		"H/second?uri=" + escapedTrip:                             {{relSubscribe, "javascript:{uri}"}, {relSubscribe, "H/second?uri={uri}"}},
		"H/activitypub/externalInteraction?uri=" + escapedTrip:    {{relFollow, "H/nothing"}, {relSubscribe, "H/activitypub/externalInteraction?uri={uri}"}},
		"H/authorize_interaction?other=1&uri=" + escapedTrip:      {{relSubscribe, "H/authorize_interaction?other=1&uri={uri}"}, {relAdd, "H/add?{object}"}},
		"H/both?a=" + escapedTrip + "&b=alice_trip%40b.example&c": {{relSubscribe, "H/both?a={uri}&b={nothing}alice_trip%40b.example&c"}},
	} {
		h := w.home()
		h.offersBob(offered...)
		w.follows(h, h.bob, want)
		w.follows(h, " acct:bob@"+h.Host()+"\n", want)
	}
}

func TestAVisitorMayNameTheirPageOrTheirServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home()
	h.offers("https://"+h.Host(), [2]string{relSubscribe, "H/by-server?uri={uri}"})
	w.follows(h, h.Host(), "H/by-server?uri="+escapedTrip)
	w.follows(h, "https://"+h.Host()+"/", "H/by-server?uri="+escapedTrip)
	w.follows(h, "https://"+h.Host()+"/@bob", "H/by-server?uri="+escapedTrip) // as long as it does not know the page
	h.offers("https://"+h.Host()+"/@bob", [2]string{relSubscribe, "H/by-page?uri={uri}"})
	w.follows(h, "https://"+h.Host()+"/@bob", "H/by-page?uri="+escapedTrip)
}

// Mastodon answers for its people, and since 4.x for itself; older ones and Friendica are known by their NodeInfo.
func TestAServerThatNamesNoPageIsKnownByItsProgramOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for software, want := range map[string]string{"Mastodon": "H/authorize_interaction?uri=" + escapedTrip, "friendica": "H/authorize_interaction?uri=" + escapedTrip, "gotosocial": "", "pixelfed": ""} {
		h := w.home()
		h.runs(software, `[]`)
		w.follows(h, h.bob, want)
		w.follows(h, h.Host(), want)
	}
	h := w.home()
	w.follows(h, h.bob, "") // there is no NodeInfo either, but bob is there
	if _, err := w.RemoteFollow(t.Context(), h.Host(), tripActor, ""); playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("a server that answers nothing: %v", err)
	}
	// A NodeInfo on another host is not the server's.
	liar, other := w.home(), w.home()
	other.runs("mastodon", `{}`)
	liar.Fail("/.well-known/nodeinfo", federationtest.Answer("application/json", `{"links":[{"rel":"`+nodeInfoSchema+`","href":"`+other.URL+`/nodeinfo/2.1"}]}`))
	w.follows(liar, liar.bob, "")
	if len(other.Requests("")) != 0 {
		t.Error("the other host was asked")
	}
}

func TestOnlyABridgeImports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	add := [2]string{relAdd, "H/import?url={object}"}
	for name, c := range map[string]struct {
		offered  [][2]string
		metadata string
		want     string
	}{
		"a bridge":                {[][2]string{add}, `{"features":["other","playlist-import"]}`, "H/import?url=" + escapedTrip},
		"Add of something else":   {[][2]string{add}, `{"features":["other"]}`, ""},
		"no metadata":             {[][2]string{add}, `[]`, ""},
		"features are no list":    {[][2]string{add}, `{"features":{"playlist-import":true}}`, ""},
		"the feature, but no Add": {[][2]string{{relSubscribe, "H/a?uri={uri}"}}, `{"features":["playlist-import"]}`, ""},
	} {
		h := w.home()
		h.offersBob(c.offered...)
		h.runs("songferry", c.metadata)
		d, err := w.RemoteImport(t.Context(), h.bob, tripActor, "")
		if want := strings.ReplaceAll(c.want, "H", h.URL); err != nil || d.Address != want || d.Host != h.Host() {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	h := w.home()
	h.offersBob(add)
	if d, err := w.RemoteImport(t.Context(), h.bob, tripActor, ""); err != nil || d.Address != "" {
		t.Errorf("without NodeInfo: %+v, %v", d, err)
	}
	if _, err := w.RemoteImport(t.Context(), w.instance().Host(), tripActor, ""); playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("no server of the fediverse: %v", err)
	}
}

func TestBetweenTwoBridges(t *testing.T) {
	t.Parallel()
	w, bobs := newWorld(t), newWorld(t)
	bobs.account("bob")
	for _, visitor := range []string{"@bob@" + bobs.addr().Host(), bobs.addr().Host(), bobs.addr().Profile("bob")} {
		follow, err := w.RemoteFollow(t.Context(), visitor, tripActor, "")
		if err != nil || follow.Address != bobs.addr().Home()+"/authorize_interaction?uri="+escapedTrip {
			t.Errorf("%s follows: %+v, %v", visitor, follow, err)
		}
		take, err := w.RemoteImport(t.Context(), visitor, tripActor, "")
		if err != nil || take.Address != bobs.addr().Home()+"/import?url="+escapedTrip {
			t.Errorf("%s imports: %+v, %v", visitor, take, err)
		}
	}
	// And on one: she does not ask herself over HTTP.
	for _, visitor := range []string{"@alice@" + w.addr().Host(), w.addr().Host(), w.addr().Home() + "/"} {
		take, err := w.RemoteImport(t.Context(), visitor, tripActor, "")
		if err != nil || take.Address != w.addr().Home()+"/import?url="+escapedTrip {
			t.Errorf("%s imports: %+v, %v", visitor, take, err)
		}
	}
	_, err := w.RemoteFollow(t.Context(), "@nobody@"+w.addr().Host(), tripActor, "")
	if playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("nobody: %v", err)
	}
}

// A playlist has no visitors of its own: nobody signs in as one.
func TestAPlaylistOffersNoIntents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pub := w.publish("Road trip", playlists.Public)
	for _, resource := range []string{"acct:" + pub.Handle + "@" + w.addr().Host(), w.addr().Actor(pub.PublicID), w.addr().Profile(pub.Handle)} {
		if a := w.get(fingerPath(resource)); a.status != 200 || strings.Contains(a.body, "template") {
			t.Errorf("%s: %+v", resource, a)
		}
	}
}

func TestG114TemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, template := range map[string]string{
		"script":              "javascript:alert({uri})",
		"data":                "data:text/html,{uri}",
		"no web address":      "ftp://x.example/{uri}",
		"no scheme":           "//x.example/{uri}",
		"relative":            "/authorize_interaction?uri={uri}",
		"no placeholder":      "H/authorize_interaction",
		"other placeholder":   "H/authorize_interaction?uri={url}",
		"placeholder as host": "https://{uri}/x",
		"part of the host":    "https://x{uri}.example/x",
		"user name":           "https://user:pw@x.example/?uri={uri}",
		"hides behind a user": "https://127.0.0.1@x.example/?uri={uri}",
		"in the clear":        "http://x.example/?uri={uri}",
		"private host":        "https://10.0.0.1/?uri={uri}",
		"private IPv6 host":   "https://[fd00::1]/?uri={uri}",
		"this machine":        "https://localhost/?uri={uri}",
		"number as host":      "https://2130706433/?uri={uri}",
		"one megabyte":        "H/?uri={uri}&" + strings.Repeat("a", 1<<20),
		"three kilobytes":     "H/?uri={uri}&" + strings.Repeat("a", 3<<10),
		"many placeholders":   "H/?" + strings.Repeat("{uri}", 300),
		"space":               "H /?uri={uri}",
		"new line":            "H/\n?uri={uri}",
		"empty":               "",
	} {
		h := w.home()
		h.offersBob([2]string{relSubscribe, template})
		d, err := w.RemoteFollow(t.Context(), h.bob, tripActor, "")
		if d.Address != "" || err != nil && playlists.Say(err) == "" {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestG114VisitorsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Policy = Policy{Blocked: []string{"127.0.0.9"}} })
	for _, typed := range []string{"", "@", "bob", "@bob", "bob@", "a b", "javascript:alert(1)", "https://u:p@x.example/", "ftp://x.example", "../..", "@bob@x.example@y.example", strings.Repeat("a", 1<<20), "\x00@x"} {
		if d, err := w.RemoteFollow(t.Context(), typed, tripActor, ""); playlists.CodeOf(err) != playlists.Invalid || playlists.Say(err) == "" {
			t.Errorf("%.40q: %+v, %v", typed, d, err)
		}
	}

	// What is inside this network, what is blocked and what is not there look alike.
	var sentences []string
	for _, host := range []string{"10.0.0.1", "169.254.169.254", "[::1]", "localhost:1", "127.0.0.9", "127.0.0.1:1", "nowhere.invalid"} {
		for _, typed := range []string{"bob@" + host, host, "https://" + host + "/@bob"} {
			_, err := w.RemoteImport(t.Context(), typed, tripActor, "")
			if playlists.CodeOf(err) != playlists.Unavailable {
				t.Errorf("%s: %v", typed, err)
			}
			sentences = append(sentences, strings.Replace(playlists.Say(err), host, "HOST", 1))
		}
	}
	for _, s := range sentences {
		if s != sentences[0] {
			t.Errorf("%q tells more than %q", s, sentences[0])
		}
	}

	h := w.home()
	_, err := w.RemoteFollow(t.Context(), "@nobody@"+h.Host(), tripActor, "")
	if playlists.CodeOf(err) != playlists.NotFound || !strings.Contains(playlists.Say(err), "@nobody@") {
		t.Errorf("nobody: %v", err)
	}
	for name, answer := range map[string]http.HandlerFunc{
		"1 MB": federationtest.Answer("application/jrd+json", `{"links":[],"x":"`+strings.Repeat("a", 1<<20)+`"}`), "endless": federationtest.Endless(), "a page": federationtest.Answer("text/html", "<html>"),
		"keys collide": federationtest.Answer("application/jrd+json", `{"links":[],"Links":[{"rel":"`+relSubscribe+`","template":"`+h.URL+`/{uri}"}]}`),
		"numbers":      federationtest.Answer("application/jrd+json", `{"links":[{"rel":1,"template":2}]}`),
		"leads inside": federationtest.Redirect("http://10.0.0.1/", 302), "leads around": federationtest.Redirect(h.URL+fingerPath("acct:bob@"+h.Host()), 302), "broken": federationtest.Status(500),
	} {
		h.Fail(fingerPath("acct:bob@"+h.Host()), answer)
		if d, err := w.RemoteFollow(t.Context(), h.bob, tripActor, ""); playlists.CodeOf(err) != playlists.Unavailable {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

func TestAPageOnAnotherHostIsShownAndNotLinked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home()
	h.offersBob([2]string{relSubscribe, "https://evil.example/?uri={uri}"})
	d, err := w.RemoteFollow(t.Context(), h.bob, tripActor, "")
	if err != nil || !d.Foreign || d.Address != "https://evil.example/?uri="+escapedTrip || d.Host != "evil.example" {
		t.Errorf("%+v, %v", d, err)
	}
	h.offersBob([2]string{relFollow, "https://evil.example/?uri={uri}"}, [2]string{relSubscribe, "H/?uri={uri}"})
	w.follows(h, h.bob, "H/?uri="+escapedTrip)
}

func TestAVisitorWhoCameByHTTPSLeavesByHTTPS(t *testing.T) {
	t.Parallel()
	v := visitor{host: "m.example", scheme: "https"}
	for template, want := range map[string]string{
		"https://m.example/?uri={uri}": "https://m.example/?uri=" + escapedTrip, "https://M.EXAMPLE:443/?uri={uri}": "https://M.EXAMPLE:443/?uri=" + escapedTrip,
		"http://m.example/?uri={uri}": "", "http://m.example:443/?uri={uri}": "", "HTTP://m.example/?uri={uri}": "",
	} {
		if d := v.leads(template, tripActor, ""); d.Address != want || d.Foreign {
			t.Errorf("%s: %+v", template, d)
		}
	}
}

func TestAServerMaySendOnOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.home()
	h.Fail("/last", federationtest.Answer("application/jrd+json", `{"links":[{"rel":"`+relSubscribe+`","template":"`+h.URL+`/?uri={uri}"}]}`))
	h.Fail("/first", federationtest.Redirect(h.URL+"/last", 302))
	resource := fingerPath("acct:bob@" + h.Host())
	h.Fail(resource, federationtest.Redirect(h.URL+"/last", 301))
	w.follows(h, h.bob, "H/?uri="+escapedTrip)
	h.Fail(resource, federationtest.Redirect(h.URL+"/first", 301))
	if d, err := w.RemoteFollow(t.Context(), h.bob, tripActor, ""); playlists.CodeOf(err) != playlists.Unavailable {
		t.Errorf("twice: %+v, %v", d, err)
	}
}

// A handle on example.com whose server is social.example.com: once both say so, it is the visitor's own.
func TestAHandleOnAnotherDomainThanItsServerLeadsToTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	domain, server := w.home(), w.home()
	account := "acct:bob@" + domain.Host()
	page := server.URL + "/?uri={uri}"
	domain.offersBob([2]string{relSubscribe, page})
	if d, err := w.RemoteFollow(t.Context(), domain.bob, tripActor, ""); err != nil || d.Address != "" {
		t.Errorf("before the server agrees: %+v, %v", d, err)
	}

	self := string(federationtest.JRD(account, server.URL+"/users/bob"))
	answer := strings.Replace(self, `"links":[`, `"links":[{"rel":"`+relSubscribe+`","template":"`+page+`"},`, 1)
	domain.Fail(fingerPath(account), federationtest.Answer("application/jrd+json", answer))
	server.Fail(fingerPath(account), federationtest.Answer("application/jrd+json", self))
	w.follows(server, domain.bob, "H/?uri="+escapedTrip)
}
