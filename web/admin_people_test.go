package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// admit makes an account for somebody, who then sits at the browser.
func (h *home) admit(user string, a playlists.Account) playlists.Account {
	h.t.Helper()
	h.music.AddUser(user, "secret of "+user)
	a = h.join(user, "secret of "+user, a)
	h.client = browser(h.t)
	h.signIn(user, "secret of "+user)
	return a
}

func TestAdministrationIsForAdministrators(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.admit("bob", playlists.Account{Name: "Bob", Language: "en"})
	if a := h.get("/playlists"); strings.Contains(a.one("nav.menu"), "Administration") {
		t.Error("bob's menu has the administration")
	}
	for _, path := range []string{"/admin", "/admin/people", "/admin/people/" + string(alice.ID)} {
		if a := h.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/admin/invitations", "/admin/people/" + string(alice.ID), "/admin/invitations/x/takeback"} {
		if a := h.post(path, "most", "private"); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	h.client = browser(t)
	if a := h.get("/admin/people"); a.Header.Get("Location") != "/signin?next=%2Fadmin%2Fpeople" {
		t.Errorf("a stranger: %d", a.StatusCode)
	}
}

func TestAnAdministratorSeesHowPeopleStandAndRaisesWhatTheyMayShare(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.music.AddUser("bob", "builder")
	bob := h.join("bob", "builder", playlists.Account{Name: "Bob", Language: "en", MaxAudience: playlists.Link})
	h.music.SetPassword("bob", "another")
	if h.bridge.PollAccount(t.Context(), bob.ID) == nil {
		t.Fatal("the old password still works")
	}

	list := h.follow(h.get("/admin"))
	if cards := list.all(".cards > li"); len(cards) != 2 || !strings.Contains(list.one(".warn"), "does not accept") {
		t.Errorf("%d people\n%s", len(cards), list.text)
	}
	page := "/admin/people/" + string(bob.ID)
	if a := h.get(page); a.one("h1") != "Bob" || len(a.all(`input[name=most][value=link][checked]`)) != 1 {
		t.Errorf("bob's page:\n%s", a.text)
	}
	h.follow(h.post(page, "most", "followers"))
	if now, err := h.store.Account(t.Context(), bob.ID); err != nil || now.MaxAudience != playlists.Followers {
		t.Errorf("bob: %+v %v", now, err)
	}
	own := "/admin/people/" + string(alice.ID)
	if a := h.post(own, "most", "public"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "no other administrator") {
		t.Errorf("the last administrator resigns: %d\n%s", a.StatusCode, a.text)
	}
	if a := h.get("/admin/people/nobody"); a.StatusCode != http.StatusNotFound {
		t.Errorf("nobody's page: %d", a.StatusCode)
	}
}

func TestAChildAsksAndItsGuardianAgrees(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("carol", "carols")
	h.music.AddPlaylist("carol", "Bus", h.songs["Jóga"])
	carol := h.join("carol", "carols", playlists.Account{Name: "Carol", Language: "en", MaxAudience: playlists.Link})
	admins := h.client
	bob := h.admit("bob", playlists.Account{Name: "Bob", Language: "en"})
	guardians := h.client

	h.client = admins
	h.follow(h.post("/admin/people/"+string(carol.ID), "most", "link", "child", "yes", "guardian", string(bob.ID)))
	lists, err := h.store.List(t.Context(), carol.ID)
	h.ok(err)
	h.ok(h.store.AskToPublish(t.Context(), lists[0].ID, playlists.Link))
	if a := h.get("/playlists"); len(a.all(".badge")) != 0 {
		t.Error("alice, who is not her guardian, is asked")
	}

	h.client = guardians
	if a := h.get("/playlists"); a.one(".menu li .badge") != "1 waiting" {
		t.Errorf("bob's menu says %q", a.one(".menu li .badge"))
	}
	asks := h.get("/asks")
	if asks.one(".card strong") != "Bus" {
		t.Errorf("%s", asks.text)
	}
	answer := attr(asks.all(`form[action^="/asks/"]`)[0], "action")
	h.client = admins
	if a := h.post(answer, "answer", "yes"); a.StatusCode != http.StatusNotFound {
		t.Errorf("alice answers for bob: %d", a.StatusCode)
	}
	h.client = guardians
	if a := h.follow(h.post(answer, "answer", "yes")); a.one(".news") != "Bus is shared now." || len(a.all(".badge")) != 0 {
		t.Errorf("%s", a.text)
	}
	if pub, err := h.store.Publication(t.Context(), lists[0].ID); err != nil || pub.Audience != playlists.Link {
		t.Errorf("%+v %v", pub, err)
	}
}
