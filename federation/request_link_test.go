package federation

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// friends is alice's playlist for followers, whom bob follows with her approval.
type friends struct {
	*world
	pub   playlists.Publication
	other *federationtest.Instance
	bob   *federationtest.Actor
	n     int // messages and Follows sent
}

func newFriends(t *testing.T) *friends {
	t.Helper()
	w := newWorld(t)
	f := &friends{world: w, pub: w.publish("Friends", playlists.Followers), other: w.instance()}
	f.bob = f.other.AddActor("bob", nil)
	f.joins()
	return f
}

func (f *friends) joins() {
	f.t.Helper()
	f.n++
	f.follow(f.other, f.bob, f.n, f.addr().Actor(f.pub.PublicID))
	f.ok(f.Decide(f.t.Context(), f.pub.PublicID, f.bob.ID, true))
	f.steps()
}

var tokenPattern = regexp.MustCompile(`/s/([a-z0-9]{26})`)

// asks sends a direct message and returns the token of the link that comes back, "" when none does.
func (f *friends) asksFor(to, text string) string {
	f.t.Helper()
	f.n++
	before := len(f.direct(f.other, f.bob))
	f.sends(f.other, f.bob, f.mastodon(f.bob, f.n, to, text))
	if len(f.direct(f.other, f.bob)) == before {
		return ""
	}
	m := tokenPattern.FindStringSubmatch(f.told(f.other, f.bob))
	if m == nil {
		f.t.Fatalf("told %q", f.told(f.other, f.bob))
	}
	return m[1]
}

// opens reports whether a personal link leads somewhere, as the page asks it.
func (f *friends) opens(token string) bool {
	f.t.Helper()
	l, _, err := f.store.PersonalLinkByToken(f.t.Context(), token)
	if playlists.CodeOf(err) == playlists.NotFound {
		return false
	}
	f.ok(err)
	ok, err := f.ReadsAs(f.t.Context(), l)
	f.ok(err)
	return ok
}

func TestAnApprovedFollowerGetsAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	playlist, owner := f.addr().Actor(f.pub.PublicID), f.addr().Actor(f.alice.PublicID)
	token := f.asksFor(playlist, "the Link, please")
	if token == "" || !f.opens(token) {
		t.Fatalf("token %q", token)
	}
	if again := f.asksFor(owner, "un lien ?"); again != token {
		t.Errorf("asked again: %q, then %q", token, again)
	}
	if got := f.asksFor(playlist, "hello"); got != "" {
		t.Error("any word does")
	}
	if said := f.told(f.other, f.bob); !strings.Contains(said, "Friends by Alice") || !strings.Contains(said, "pass it on to nobody") {
		t.Errorf("told %q", said)
	}
	all, err := f.Followers(t.Context(), f.pub.PublicID)
	if err != nil || len(all) != 1 || !all[0].Page {
		t.Errorf("followers %+v, %v", all, err)
	}
	// It is a page for people: ActivityPub clients find the same as under any other token.
	if a, b := f.get("/s/"+token), f.get("/s/"+strings.Repeat("a", 26)); a.status != 404 || a.body != b.body {
		t.Errorf("ActivityPub: %+v", a)
	}
	f.says(f.addr().Share(token), playlists.NotFound, "There is no such playlist here.")
}

func TestWhoIsNoApprovedFollowerGetsNoPageAndNoAnswer(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	open, secret := f.publish("Open", playlists.Public), f.publish("Secret", playlists.Followers)
	carol := f.other.AddActor("carol", nil)
	f.follow(f.other, carol, 1, f.addr().Actor(f.pub.PublicID)) // waits
	f.follow(f.other, carol, 2, f.addr().Actor(open.PublicID))
	f.follow(f.other, f.bob, 90, f.addr().Actor(open.PublicID))
	f.steps()
	before := len(f.other.Received())
	f.sends(f.other, carol, f.mastodon(carol, 1, f.addr().Actor(f.pub.PublicID), "link"))
	for _, to := range []string{open.PublicID, secret.PublicID, instanceID, "aaaaaaaaaaaaaaaaaaaaaaaaaa"} {
		if got := f.asksFor(f.addr().Actor(to), "link"); got != "" {
			t.Errorf("%s: a link", to)
		}
	}
	if n := len(f.other.Received()); n != before || f.count(`SELECT COUNT(*) FROM requests`) != 0 {
		t.Errorf("%d answers", n-before)
	}
}

func TestAPageOfOnesOwnEndsInManyWays(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(f *friends){
		"removed":    func(f *friends) { f.ok(f.Decide(f.t.Context(), f.pub.PublicID, f.bob.ID, false)) },
		"unfollowed": func(f *friends) { f.undo(f.bob.ID + "#follow/1") },
		"unfollowed, embedded": func(f *friends) {
			f.undo(map[string]any{"id": f.bob.ID + "#other", "type": "Follow", "actor": f.bob.ID, "object": f.addr().Actor(f.pub.PublicID)})
		},
		"blocked us": func(f *friends) {
			f.other.Send(f.bob, f.addr().SharedInbox(), activity(f.bob, "Block", 1, f.addr().Actor(f.pub.PublicID)))
		},
		"deleted":   func(f *friends) { f.other.Send(f.bob, f.addr().SharedInbox(), activity(f.bob, "Delete", 1, f.bob.ID)) },
		"opened":    func(f *friends) { f.republish(f.pub.Playlist, playlists.Public) },
		"withdrawn": func(f *friends) { f.republish(f.pub.Playlist, playlists.Private) },
		"closed again": func(f *friends) {
			f.republish(f.pub.Playlist, playlists.Public)
			f.republish(f.pub.Playlist, playlists.Followers)
		},
		"blocked by us": func(f *friends) { f.blockActor(f.bob.ID) },
		"forgotten by other code": func(f *friends) {
			f.exec(`DELETE FROM followers`)
			if f.opens(f.text(`SELECT token FROM personal_links`)) {
				f.t.Error("before it is tidied")
			}
			f.ok(f.Tidy(f.t.Context()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFriends(t)
			token := f.asksFor(f.addr().Actor(f.pub.PublicID), "link")
			if !f.opens(token) {
				t.Fatal("it never opened")
			}
			end(f)
			f.steps()
			if f.opens(token) {
				t.Error("it still opens")
			}
			pub, err := f.store.Publication(t.Context(), f.pub.Playlist)
			f.ok(err)
			if pub.Audience != playlists.Followers || name == "blocked by us" {
				return
			}
			f.clock.forward(time.Minute)
			f.n = 50
			f.joins()
			if again := f.asksFor(f.addr().Actor(f.pub.PublicID), "link"); again == "" || again == token || f.opens(token) {
				t.Errorf("approved again: %q after %q", again, token)
			}
		})
	}
}

func (f *friends) undo(object any) {
	f.t.Helper()
	f.other.Send(f.bob, f.addr().SharedInbox(), activity(f.bob, "Undo", 1, object))
}
