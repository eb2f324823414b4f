package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// friends is a home whose alice shares her playlist with followers; bob of the same bridge and carol elsewhere ask to.
type friends struct {
	*home
	alice, bob playlists.Account
	pub        playlists.Publication
	carol      *federationtest.Actor
}

func newFriends(t *testing.T) friends {
	t.Helper()
	h, alice := member(t)
	h.post(h.page(alice.ID)+"/who", "audience", "followers")
	f := friends{home: h, alice: alice, pub: h.list(alice.ID).Publication}
	h.music.AddUser("bob", "builder")
	f.bob = h.join("bob", "builder", playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	handle := "@" + f.pub.Handle + "@" + strings.TrimPrefix(h.server.URL, "http://")
	found, err := h.fed.Find(t.Context(), f.bob.ID, handle)
	h.ok(err)
	_, err = h.fed.Subscribe(t.Context(), f.bob.ID, found, handle, playlists.Sync, playlists.Keep)
	h.ok(err)
	h.step(h.fed.SubscribeOnce)

	elsewhere := federationtest.New(t)
	f.carol = elsewhere.AddActor("carol", nil)
	status := elsewhere.Send(f.carol, h.server.URL+"/ap/inbox", map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": f.carol.ID + "#follow",
		"type": "Follow", "actor": f.carol.ID, "object": h.server.URL + "/ap/actors/" + f.pub.PublicID})
	if status != http.StatusAccepted {
		t.Fatalf("carol's question was answered with %d", status)
	}
	h.step(h.fed.InboxOnce)
	return f
}

// choice is how a form names who follows alice's playlist.
func (f friends) choice(id string) string { return f.pub.PublicID + " " + id }

func TestWhoWaitsIsShownFirstAndApprovedOrRefused(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	a := f.get("/followers")
	if a.one(".menu li .badge") != "2 waiting" || len(a.all("[aria-labelledby=waiting] li")) != 2 || !strings.Contains(a.one("[aria-labelledby=waiting]"), "Bob of this bridge · wants to follow Road trip") {
		t.Fatalf("waiting:\n%s", a.text)
	}
	if got := f.get("/playlists").one(".card-text .who"); !strings.HasSuffix(got, "0 followers · 2 wait") && !strings.HasSuffix(got, "approve · 2 wait") {
		t.Errorf("in the list: %q", got)
	}
	a = f.follow(f.post("/followers", "approve", f.choice(string(f.bob.ID))))
	if a.one(".menu li .badge") != "1 waiting" || a.one("[role=status]") != "Bob follows now." {
		t.Errorf("approved:\n%s", a.text)
	}
	wants, err := f.store.AccountWants(t.Context(), f.bob.ID)
	if err != nil || len(wants) != 1 || !wants[0].Granted {
		t.Errorf("bob may read: %+v, %v", wants, err)
	}
	if a = f.follow(f.post("/followers", "remove", f.choice(f.carol.ID))); len(a.all(".menu li .badge")) != 0 {
		t.Errorf("refused:\n%s", a.text)
	}
	a = f.follow(f.post("/followers", "of", f.pub.PublicID, "remove", f.choice(string(f.bob.ID))))
	if a.one("h1") != "Followers of Road trip" || !strings.Contains(a.one("[aria-labelledby=approved] h2"), "0 people follow") {
		t.Errorf("removed:\n%s", a.text)
	}
	if a := f.post("/followers", "approve", f.choice(f.carol.ID)); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
		t.Errorf("approved after she was refused: %d", a.StatusCode)
	}
}

func TestAnAdministratorBlocksAFollower(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	f.follow(f.post("/followers", "block", f.choice(f.carol.ID)))
	blocked, err := f.fed.BlockedActors(t.Context())
	if err != nil || len(blocked) != 1 || blocked[0].ID != f.carol.ID {
		t.Errorf("blocked: %+v, %v", blocked, err)
	}
	if n := len(f.get("/followers").all("[aria-labelledby=waiting] li")); n != 1 {
		t.Errorf("%d still wait", n)
	}
	if a := f.post("/followers", "block", f.choice(string(f.bob.ID))); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("somebody of the bridge is blocked: %d", a.StatusCode)
	}
}

func TestOnlyTheOwnerDecidesOnFollowers(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	f.client = browser(t)
	f.signIn("bob", "builder")
	for _, do := range []string{"approve", "remove", "block"} {
		if a := f.post("/followers", do, f.choice(string(f.bob.ID))); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("bob's %s: %d", do, a.StatusCode)
		}
	}
	if a := f.get("/followers/" + url.PathEscape(f.pub.PublicID)); a.StatusCode != http.StatusNotFound {
		t.Errorf("bob sees alice's followers: %d\n%s", a.StatusCode, a.text)
	}
	if a := f.post("/followers", "of", f.pub.PublicID, "approve", "x y"); a.StatusCode != http.StatusNotFound {
		t.Errorf("bob sees them by a wrong form: %d", a.StatusCode)
	}
	if n, err := f.fed.Waiting(t.Context(), f.alice); n != 2 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
}

func TestFollowersAreNotLostByASlip(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	f.post("/followers", "approve", f.choice(string(f.bob.ID)))
	page := f.page(f.alice.ID)
	a := f.post(page+"/who", "audience", "link")
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "1 person follows") || f.audience(f.alice.ID) != playlists.Followers {
		t.Fatalf("%d\n%s", a.StatusCode, a.text)
	}
	if checked := a.all("input[name=audience][checked]"); len(checked) != 1 || attr(checked[0], "value") != "link" || len(a.all("input[name=sure]")) != 1 {
		t.Errorf("asked:\n%s", a.text)
	}
	f.follow(f.post(page+"/who", "audience", "public"))
	if got := f.audience(f.alice.ID); got != playlists.Public {
		t.Errorf("to share with everyone loses nobody, and it is %s", got)
	}
	f.follow(f.post(page+"/who", "audience", "private", "sure", "yes"))
	if got := f.audience(f.alice.ID); got != playlists.Private {
		t.Errorf("they mean it, and it is %s", got)
	}
}
