package federation

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestB47G107G108ABlockedDomainSeesOnNoPathWhatIsHere(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	mallory := g.instance().AddActor("mallory", nil)
	g.blockActor(mallory.ID)
	signers := map[string]func(*http.Request){
		"blocked domain": g.readers["blocked"][0],
		"blocked actor":  g.signedBy(mallory),
		"below it":       named(`keyId="https://a.b.EVIL.example:8443/users/x#main-key",signature="eA=="`),
		"odd signature":  named(`signature="?",  keyid = "https://evil.example./x"`),
		"by handle":      named(`keyId="acct:x@evil.example",signature="eA=="`),
		"second of two": func(r *http.Request) {
			named(`keyId="https://good.example/x",signature="eA=="`)(r)
			named(`keyId="https://evil.example/x"`)(r)
		},
		"RFC 9421": func(r *http.Request) {
			r.Header.Set("Signature-Input", `sig1=("@method");created=1;keyid="https://evil.example/x"`)
		},
		"address as characters": named(`keyId="https://ⓔvil.example/x"`),
	}
	public := append(append(g.open(g.public), g.tracks(g.public)...), "/ap/actors/"+g.alice.PublicID, "/@alice", "/s/"+g.link.Token,
		"/ap/nodeinfo/2.1", "/.well-known/nodeinfo", fingerPath(g.addr().Home()), "/ap/actors/instance")
	all := append(append(append([]string{}, public...), g.open(g.friends)...), g.tracks(g.friends)...)
	tag := g.get("/ap/playlists/" + g.public.PublicID).header.Get("ETag")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
		for name, headers := range map[string]http.Header{
			"plain": {}, "Range": {"Range": {"bytes=0-10"}}, "If-None-Match": {"If-None-Match": {tag}}, "any": {"If-None-Match": {"*"}},
			"If-Modified-Since": {"If-Modified-Since": {"Sat, 01 Aug 2026 23:00:00 GMT"}}, "If-Range": {"If-Range": {tag}, "Range": {"bytes=0-0"}},
		} {
			ask := func(address string, sign func(*http.Request)) answered {
				got := g.send(method, address, func(r *http.Request) {
					r.Header.Set("Accept", activityJSON)
					for k, v := range headers {
						r.Header[k] = v
					}
				}, sign)
				got.header.Del("Access-Control-Allow-Origin") // WebFinger's, whatever the answer
				return got
			}
			for signer, sign := range signers {
				missing := ask("/ap/playlists/none", sign)
				for _, address := range all {
					if method == http.MethodOptions && !strings.HasPrefix(address, "/ap/playlists/") {
						continue
					}
					if got := ask(address, sign); !reflect.DeepEqual(got, missing) {
						t.Errorf("%s %s by %s, %s: %d %.60q differs from what is missing: %d", method, address, signer, name, got.status, got.body, missing.status)
					}
				}
			}
		}
	}
	for _, address := range public {
		if got := g.get(address); got.status != 200 {
			t.Errorf("%s is closed to everybody: %d", address, got.status)
		}
	}
	// What is between them must not give one the answer of another.
	if got := g.get("/ap/actors/" + g.alice.PublicID); !strings.Contains(got.header.Get("Vary"), "Signature") || got.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("a cache may keep it for all: %v", got.header)
	}
}

func named(signature string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Add("Signature", signature) }
}

// 47
func TestABlockedSignerIsRefusedAtEveryInboxWithoutSideEffects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	road := w.publish("Road trip", playlists.Public)
	evil, good := w.instance(), w.neighbour()
	bob, mallory := evil.AddActor("bob", nil), good.AddActor("mallory", nil)
	w.blockActor(mallory.ID)
	w.rule("127.0.0.1", Suspend)
	for n, c := range []struct {
		from *federationtest.Instance
		who  *federationtest.Actor
	}{{evil, bob}, {good, mallory}} {
		before := len(c.from.Requests(""))
		for _, inbox := range []string{w.addr().SharedInbox(), w.addr().Inbox(road.PublicID), w.addr().Inbox(w.alice.PublicID)} {
			for m, kind := range []string{"Follow", "Undo", "Block", "Accept", "Create", "Update", "Announce", "Flag", "Anything"} {
				if status := c.from.Send(c.who, inbox, activity(c.who, kind, 10*n+m, w.addr().Actor(road.PublicID))); status != 403 {
					t.Errorf("%s of %s: %d", kind, c.who.ID, status)
				}
			}
		}
		farewell := activity(c.who, "Delete", 1, c.who.ID)
		if status := c.from.Send(c.who, w.addr().SharedInbox(), farewell); status != 202 {
			t.Errorf("its farewell: %d", status)
		}
		if asked := len(c.from.Requests("")) - before; asked != 0 {
			t.Errorf("%s was asked %d times", c.from.URL, asked)
		}
	}
	w.steps()
	if n := w.count(`SELECT COUNT(*) FROM inbox`) + w.count(`SELECT COUNT(*) FROM followers`) + w.count(`SELECT COUNT(*) FROM deliveries`) +
		w.count(`SELECT COUNT(*) FROM reports`) + w.count(`SELECT COUNT(*) FROM missing_keys`); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}

func TestNothingLeadsToABlockedDomain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	evil, good := w.instance(), w.neighbour()
	mix := w.list(evil, "mix", "One")
	bob := evil.AddActor("bob", nil)
	w.rule("127.0.0.1", Suspend)
	good.Fail("/moved", federationtest.Redirect(mix.actor.ID, 302))
	good.Put("/alias", map[string]any{"@context": activityStreams, "id": mix.actor.ID, "type": "Person"})
	x := "x@" + strings.TrimPrefix(good.URL, "http://")
	good.Fail(fingerPath("acct:"+x), federationtest.Answer("application/jrd+json", string(federationtest.JRD("acct:"+x, bob.ID))))
	for _, target := range []string{mix.actor.ID, mix.id, "@mix@" + evil.Host(), good.URL + "/moved", good.URL + "/alias", "@" + x} {
		_, err := w.Lookup(t.Context(), w.alice.ID, target)
		if !isForbidden(err) {
			t.Errorf("%s: %v", target, err)
		}
	}
	for name, err := range map[string]error{
		"actor": second(w.fetchActor(t.Context(), bob.ID)),
		"key":   second(w.Key(t.Context(), bob.KeyID, false)),
	} {
		if !isForbidden(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(evil.Requests("")); n != 0 {
		t.Errorf("%d requests went there", n)
	}
}

func second[T any](_ T, err error) error { return err }

func TestABlockedAccountIsAloneBlocked(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	carol := a.evil.AddActor("carol", nil)
	a.follow(a.evil, carol, 1, a.addr().Actor(a.road.PublicID))
	swept := a.blockActor(strings.Replace("@bob@HOST", "HOST", strings.ToUpper(a.evil.Host()), 1))
	if swept != (Swept{Followers: 2, Deliveries: 3}) { // he followed alice too, and waited for the answer and two Updates
		t.Errorf("swept %+v", swept)
	}
	if n := a.count(`SELECT COUNT(*) FROM followers WHERE host = $1`, a.evil.Host()); n != 1 {
		t.Errorf("%d followers of that server are left", n)
	}
	blocked, err := a.BlockedActors(t.Context())
	if err != nil || len(blocked) != 1 || blocked[0].ID != a.bob.ID || blocked[0].Handle != "@bob@"+a.evil.Host() {
		t.Errorf("blocked are %+v, %v", blocked, err)
	}
	// Carol on the same server is told on.
	updates := len(sent(t, a.evil, "Update"))
	a.edit(a.road, "New")
	a.steps()
	if len(sent(t, a.evil, "Update")) == updates {
		t.Error("carol is not told any more")
	}
	if _, _, err := a.UnblockActor(t.Context(), "@BOB@"+a.evil.Host()); err != nil {
		t.Error(err)
	}
	a.follow(a.evil, a.bob, 5, a.addr().Actor(a.road.PublicID))
}

func TestWhoIsBlockedIsSoWithTheirPlaylists(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	a.evil.Change(a.mix.actor, map[string]any{"attributedTo": a.bob.ID})
	a.blockActor(a.bob.ID)
	a.mix.set("Two")
	a.reads(a.want.Playlist)
	if got := a.has(a.want.Playlist); fmt.Sprint(got) != "[One]" {
		t.Errorf("the copy has %v", got)
	}
	_, err := a.Lookup(t.Context(), a.alice.ID, a.mix.actor.ID)
	problem(t, "lookup", err, playlists.Forbidden)
}

func TestOurOwnAccountsCannotBeBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	for _, target := range []string{"@alice@" + w.addr().Host(), w.addr().Actor(w.alice.PublicID), w.addr().Profile("alice")} {
		_, _, err := w.BlockActor(t.Context(), target, "")
		problem(t, target, err, playlists.Invalid)
	}
	_, _, err := w.UnblockActor(t.Context(), "@nobody@a.example")
	problem(t, "an account that is not blocked", err, playlists.NotFound)
}

func TestALimitedDomainFollowsWithApprovalOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	before, bob := other.AddActor("before", nil), other.AddActor("bob", nil)
	w.follow(other, before, 1, w.addr().Actor(road.PublicID))
	w.rule("127.0.0.1", Silence)
	for n, object := range []string{w.addr().Actor(road.PublicID), w.addr().Actor(w.alice.PublicID)} {
		w.follow(other, bob, n, object)
	}
	w.steps()
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1 AND state = 'pending'`, bob.ID); n != 2 || len(sent(t, other, "Accept")) != 1 {
		t.Errorf("%d Follows wait, %d were accepted", n, len(sent(t, other, "Accept")))
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE error <> ''`); n != 0 {
		t.Error("a Follow was not acted on to its end")
	}
	notices, err := w.store.Notices(t.Context(), w.alice.ID)
	w.ok(err)
	words, err := w.noticeParagraphs(t.Context(), w.alice, notices)
	if got := strings.Join(words, "\n"); err != nil || !strings.Contains(got, "asks to follow it") || !strings.Contains(got, "asks to follow you") {
		t.Errorf("the owner is told %q, %v", got, err)
	}
	w.ok(w.Decide(t.Context(), road.PublicID, bob.ID, true))
	w.steps()
	if n := len(sent(t, other, "Accept")); n != 2 {
		t.Errorf("%d Accepts after the approval", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1 AND state = 'accepted'`, before.ID); n != 1 {
		t.Error("who followed before has lost it")
	}
	for host, limited := range map[string]bool{"127.0.0.1:80": true, "localhost": false, "": false} {
		if w.limited(host) != limited {
			t.Errorf("%s is limited: %v", host, !limited)
		}
	}
}

func TestWhatALimitedDomainLikesCountsForNothing(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"]
	r.world.exec(`INSERT INTO domain_rules (` + ruleColumns + `) VALUES ('127.0.0.1', 'silence', FALSE, FALSE, FALSE, '', '', 1)`) // our own host as well, in this test
	r.world.exec(`UPDATE policy_version SET n = n + 1`)
	r.policy.forget()
	for n, a := range []map[string]any{activity(r.bob, "Like", 1, note), activity(r.bob, "Announce", 2, note), activity(r.bob, "Flag", 3, note)} {
		if status := r.bobs.Send(r.bob, r.addr().SharedInbox(), a); status != 202 {
			t.Errorf("%d: %d", n, status)
		}
		r.step(r.InboxOnce)
	}
	if n := r.count(`SELECT COUNT(*) FROM reactions`); n != 0 {
		t.Errorf("%d reactions count", n)
	}
	if got := r.reports(); len(got) != 1 || got[0].Objects[0] != note {
		t.Errorf("its report about a post is not kept: %+v", got)
	}
}
