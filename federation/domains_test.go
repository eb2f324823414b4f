package federation

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// rule makes a rule about a domain, as the administrator does.
func (w *world) rule(domain string, s Severity) Swept {
	w.t.Helper()
	swept, err := w.SetDomain(w.t.Context(), DomainRule{Domain: domain, Severity: s})
	w.ok(err)
	return swept
}

// blockActor blocks one account elsewhere.
func (w *world) blockActor(target string) Swept {
	w.t.Helper()
	_, swept, err := w.BlockActor(w.t.Context(), target, "")
	w.ok(err)
	return swept
}

// atLocalhost gives our bridge another name than the instances have, so that a rule about theirs is not about it.
func atLocalhost(c *Config) { c.BaseURL.Host = "localhost:" + c.BaseURL.Port() }

// neighbour is an instance that is known as localhost, so that a rule about 127.0.0.1 is not about it.
func (w *world) neighbour() *federationtest.Instance {
	i := w.instance()
	i.URL = strings.Replace(i.URL, "127.0.0.1", "localhost", 1)
	return i
}

// acquainted is a bridge and a server that have all kinds of contact: bob there follows alice's road trip, one message
// of hers is on its way to him and one of his to her, and alice follows a list there. A neighbour follows too.
type acquainted struct {
	*world
	road      playlists.Publication
	evil      *federationtest.Instance // at 127.0.0.1
	good      *federationtest.Instance // at localhost
	bob, dora *federationtest.Actor
	mix       remoteList
	want      playlists.Want
}

func newAcquainted(t *testing.T, options ...func(*Config)) acquainted {
	t.Helper()
	w := newWorld(t, append([]func(*Config){atLocalhost}, options...)...)
	a := acquainted{world: w, road: w.publish("Road trip", playlists.Public), evil: w.instance(), good: w.neighbour()}
	a.bob, a.dora = a.evil.AddActor("bob", nil), a.good.AddActor("dora", nil)
	w.follow(a.evil, a.bob, 1, w.addr().Actor(a.road.PublicID))
	w.follow(a.good, a.dora, 1, w.addr().Actor(a.road.PublicID))
	a.mix = w.list(a.evil, "mix", "One")
	a.want = w.wants(w.alice, a.mix.actor.ID)
	w.steps()
	w.record(a.road.Playlist, "Road trip", "Another")
	w.step(w.AnnounceOnce)
	w.clock.forward(w.quiet)
	w.step(w.AnnounceOnce)
	a.evil.Send(a.bob, w.addr().SharedInbox(), activity(a.bob, "Follow", 2, w.addr().Actor(w.alice.PublicID)))
	return a
}

// contact counts what there is of a server.
func (a acquainted) contact(host string) Swept {
	return Swept{
		Followers:  a.count(`SELECT COUNT(*) FROM followers WHERE host = $1`, host),
		Deliveries: a.count(`SELECT COUNT(*) FROM deliveries WHERE host = $1`, host),
		Activities: a.count(`SELECT COUNT(*) FROM inbox WHERE due > 0 AND actor LIKE $1`, "%"+host+"%"),
		Follows:    a.count(`SELECT COUNT(*) FROM subscriptions WHERE actor LIKE $1`, "%"+host+"%"),
	}
}

func TestABlockTakesEffectOnWhatThereIs(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	neighbours := a.contact(a.good.URL[len("http://"):])
	before := a.contact(a.evil.Host())
	if before.Followers != 1 || before.Deliveries == 0 || before.Activities != 1 || before.Follows != 1 {
		t.Fatalf("at first %+v", before)
	}
	got := a.rule("127.0.0.1", Suspend)
	before.Copies = 1
	if got != before {
		t.Errorf("swept %+v of %+v", got, before)
	}
	if left := a.contact(a.evil.Host()); left != (Swept{}) {
		t.Errorf("left %+v", left)
	}
	if now := a.contact(a.good.URL[len("http://"):]); now != neighbours {
		t.Errorf("of its neighbour there is %+v, was %+v", now, neighbours)
	}
	if again := a.rule("127.0.0.1", Suspend); again != (Swept{}) {
		t.Errorf("again: %+v", again)
	}

	// Nothing is said to the other side, nothing is read there, and the copy stays, with a sentence.
	asked := len(a.evil.Requests(""))
	a.mix.set("Two")
	a.clock.forward(30 * 24 * time.Hour)
	a.steps()
	a.ok(a.Tidy(t.Context()))
	if n := len(a.evil.Requests("")) - asked; n != 0 {
		t.Errorf("%d requests went there", n)
	}
	if got := a.has(a.want.Playlist); !slices.Equal(got, []string{"One"}) {
		t.Errorf("the copy has %v", got)
	}
	if w, err := a.store.Want(t.Context(), a.want.ID); err != nil || !w.Ended.IsZero() || !w.Granted {
		t.Errorf("the want is %+v, %v", w, err)
	}
	if text, err := a.SourceTrouble(t.Context(), a.want.Playlist); err != nil || text.String() != "The administrator of this bridge has blocked 127.0.0.1." {
		t.Errorf("the sentence is %q, %v", text, err)
	}
	if len(sent(t, a.good, "Update")) == 0 {
		t.Error("the neighbour heard nothing")
	}
}

func TestAFollowedPersonIsLetGoByABlockAndFollowedAnewAfterIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	p := w.person(other, "bea", mix)
	w.wantsPerson(w.alice, p)
	follows := func() (n int) {
		for _, d := range sent(t, other, "Follow") {
			if d.Activity["object"] == p.actor.ID {
				n++
			}
		}
		return n
	}
	if swept := w.rule("127.0.0.1", Suspend); swept.Follows != 2 || w.count(`SELECT COUNT(*) FROM subscriptions`) != 0 {
		t.Errorf("swept %+v", swept)
	}
	asked := len(other.Requests(""))
	w.clock.forward(7 * 24 * time.Hour)
	w.everything()
	w.ok(w.Tidy(t.Context()))
	if n := len(other.Requests("")) - asked; n != 0 || follows() != 1 {
		t.Errorf("%d requests went there, %d Follows", n, follows())
	}
	_, err := w.RemoveDomain(t.Context(), "127.0.0.1")
	w.ok(err)
	p.set(mix, w.list(other, "new", "Two"))
	w.everything()
	if follows() != 2 || len(w.copies(w.alice)) != 2 {
		t.Errorf("%d Follows, copies %v", follows(), w.copies(w.alice))
	}
}

func TestUnblockingLetsThingsGoOn(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	a.rule("127.0.0.1", Suspend)
	a.mix.set("Two")
	follows := len(sent(t, a.evil, "Follow"))

	swept, err := a.RemoveDomain(t.Context(), "127.0.0.1")
	if err != nil || swept.Resumed != 1 {
		t.Errorf("resumed %+v, %v", swept, err)
	}
	a.steps()
	if got := a.has(a.want.Playlist); !slices.Equal(got, []string{"Two"}) {
		t.Errorf("the copy has %v", got)
	}
	if n := len(sent(t, a.evil, "Follow")) - follows; n != 1 {
		t.Errorf("%d Follows were sent", n)
	}
	if text, err := a.SourceTrouble(t.Context(), a.want.Playlist); err != nil || text.String() != "" {
		t.Errorf("still %q, %v", text, err)
	}
	a.follow(a.evil, a.bob, 3, a.addr().Actor(a.road.PublicID))
	if n := a.count(`SELECT COUNT(*) FROM followers WHERE follower = $1 AND state = 'accepted'`, a.bob.ID); n != 1 {
		t.Error("who was blocked cannot follow again")
	}
	_, err = a.RemoveDomain(t.Context(), "127.0.0.1")
	problem(t, "a rule that is gone", err, playlists.NotFound)
}

func TestWhenSomebodyStoppedWantingACopyMeanwhileItIsNotFollowedAgain(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	a.rule("127.0.0.1", Suspend)
	a.ok(a.store.EndWant(t.Context(), a.want))
	a.steps()
	follows := len(sent(t, a.evil, "Follow"))
	_, err := a.RemoveDomain(t.Context(), "127.0.0.1")
	a.ok(err)
	a.steps()
	if n := len(sent(t, a.evil, "Follow")) - follows; n != 0 || a.count(`SELECT COUNT(*) FROM sources`) != 0 {
		t.Errorf("%d Follows were sent, %d lists are read", n, a.count(`SELECT COUNT(*) FROM sources`))
	}
}

func TestABlockOfTheSettingsTakesEffectWhenAProcessStarts(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	again := a.open(a.key, atLocalhost, func(c *Config) { c.Policy.Blocked = []string{"127.0.0.1"} })
	n, err := again.EnforceOnce(t.Context())
	if err != nil || n == 0 || a.contact(a.evil.Host()) != (Swept{}) {
		t.Errorf("%d things were changed, %v; left %+v", n, err, a.contact(a.evil.Host()))
	}
	if n, err := again.EnforceOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("once more: %d, %v", n, err)
	}
	// A rule of the database cannot open it.
	if _, err := again.SetDomain(t.Context(), DomainRule{Domain: "127.0.0.1", Severity: Allow}); err != nil || again.WhyBlocked("127.0.0.1") == "" {
		t.Errorf("opened: %v", err)
	}
	// Without the setting things go on.
	third := a.open(a.key, atLocalhost)
	if n, err := third.EnforceOnce(t.Context()); n != 1 || err != nil {
		t.Errorf("without the setting: %d, %v", n, err)
	}
}

func TestWhatSlippedInAfterABlockIsSweptByTidy(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	a.rule("127.0.0.1", Suspend)
	a.exec(`INSERT INTO followers (actor, follower, host, state, follow_id, follow, inbox, at) VALUES ($1, $2, $3, 'accepted', '', '', '', 1)`,
		a.road.PublicID, a.bob.ID, a.evil.Host())
	a.ok(a.Tidy(t.Context()))
	if left := a.contact(a.evil.Host()); left != (Swept{}) {
		t.Errorf("left %+v", left)
	}
}

func TestOtherProcessesSeeARuleWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	daemon := w.open(w.key, atLocalhost)
	if err := daemon.policy.AllowsHost("evil.example"); err != nil {
		t.Fatal(err)
	}
	w.rule("evil.example", Suspend)
	if err := w.policy.AllowsHost("evil.example"); !isForbidden(err) {
		t.Errorf("the process that made it: %v", err)
	}
	w.clock.forward(rulesFresh)
	if err := daemon.policy.AllowsHost("evil.example"); !isForbidden(err) {
		t.Errorf("the other: %v", err)
	}
}

func TestWithoutTheDatabaseTheLastRulesStayInForce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	w.rule("evil.example", Suspend)
	knows, fresh := w.open(w.key, atLocalhost), w.open(w.key, atLocalhost)
	if err := knows.policy.AllowsHost("good.example"); err != nil {
		t.Fatal(err)
	}
	w.ok(knows.db.Close())
	w.ok(fresh.db.Close())
	w.clock.forward(time.Hour)
	if good, evil := knows.policy.AllowsHost("good.example"), knows.policy.AllowsHost("evil.example"); good != nil || !isForbidden(evil) {
		t.Errorf("who knows the rules: %v, %v", good, evil)
	}
	problem(t, "who has never read them", fresh.policy.AllowsHost("good.example"), playlists.Unavailable)
	if !fresh.limited("good.example") {
		t.Error("who has never read them limits nobody")
	}
	if status, err := fresh.authenticate(&http.Request{}, nil, envelope{Actor: "https://good.example/bob"}); status != 503 {
		t.Errorf("the inbox answers %d, %v", status, err)
	}
}

func TestOneRuleTakesThePlaceOfWhatItContradicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	has := func() (rules []string) {
		all, err := w.DomainRules(t.Context())
		w.ok(err)
		for _, r := range all {
			rules = append(rules, r.Domain+" "+string(r.Severity))
		}
		return rules
	}
	for _, c := range []struct {
		domain string
		s      Severity
		want   string
	}{
		{"A.example", Allow, "a.example allow"},
		{"a.example", Silence, "a.example allow, a.example silence"},
		{"*.a.example", Suspend, "a.example suspend"},
		{"a.example:443", Silence, "a.example silence"},
		{"a.example.", Suspend, "a.example suspend"},
		{"https://a.example/", Allow, "a.example allow"},
	} {
		w.rule(c.domain, c.s)
		if got := strings.Join(has(), ", "); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.s, c.domain, got, c.want)
		}
	}
	// What is below a blocked domain stays blocked, whatever allows it.
	w.rule("evil.example", Suspend)
	w.rule("sub.evil.example", Allow)
	if w.WhyBlocked("sub.evil.example") == "" {
		t.Error("an allowance opened what is within a blocked domain")
	}
	for _, own := range []string{"localhost", "LOCALHOST:80"} {
		_, err := w.SetDomain(t.Context(), DomainRule{Domain: own, Severity: Suspend})
		problem(t, own, err, playlists.Invalid)
	}
	_, err := w.SetDomain(t.Context(), DomainRule{Domain: "not a domain", Severity: Suspend})
	problem(t, "no domain", err, playlists.Invalid)
}

func TestInAllowlistModeFollowersOfOthersWaitUntilTheirServerIsAllowed(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	chosen := a.open(a.key, atLocalhost, func(c *Config) { c.Policy = Policy{Mode: AllowlistMode, Allowed: []string{"localhost"}} })
	_, err := chosen.EnforceOnce(t.Context())
	a.ok(err)
	if now := a.contact(a.evil.Host()); now != (Swept{Followers: 1}) {
		t.Errorf("left %+v, want the follower alone", now)
	}
	if text, err := chosen.SourceTrouble(t.Context(), a.want.Playlist); err != nil || !strings.Contains(text.String(), "chosen servers only") {
		t.Errorf("the sentence is %q, %v", text, err)
	}
	swept, err := chosen.SetDomain(context.Background(), DomainRule{Domain: "127.0.0.1", Severity: Allow})
	if err != nil || swept.Resumed != 1 {
		t.Errorf("allowed: %+v, %v", swept, err)
	}
}
