package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/playlists/match"
)

func TestPeopleChangeWhatTheirAccountIs(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	if a := h.follow(h.post("/settings/you", "name", "Alice W.", "language", "fr")); a.one("h1") != "Réglages" || a.one(".news") != "Enregistré." {
		t.Errorf("%q\n%s", a.one("h1"), a.text)
	}
	if a := h.post("/settings/you", "name", "Alice", "language", "no language"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a language that is none: %d", a.StatusCode)
	}
	h.follow(h.post("/settings/match", "match", "any"))
	h.follow(h.post("/settings/news", "perday", "7", "mention", "yes"))
	for path, field := range map[string][2]string{"/settings/match": {"match", "everything"}, "/settings/news": {"perday", "1000"}} {
		if a := h.post(path, field[0], field[1]); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	now, err := h.store.Account(t.Context(), alice.ID)
	if err != nil || now.Name != "Alice W." || now.Language != "fr" || !now.Admin || now.MaxAudience != playlists.Public {
		t.Errorf("%+v %v", now, err)
	}
	if p, err := h.bridge.Policy(t.Context(), alice.ID); err != nil || p != match.AnyVersion {
		t.Errorf("%q %v", p, err)
	}
	if l, err := h.fed.NewsLimitsOf(t.Context(), alice.ID); err != nil || l.PerDay != 7 || !l.Mention {
		t.Errorf("%+v %v", l, err)
	}
}

func TestAMusicServerIsConnectedAnew(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.music.AddUser("bob", "builder")
	h.join("bob", "builder", playlists.Account{Name: "Bob", Language: "en"})
	h.music.SetPassword("alice", "changed")
	fields := func(user, password string) []string {
		return []string{"server", h.musics, "user", user, "password", password}
	}
	if a := h.post("/settings/server", fields("alice", "wonder")...); a.StatusCode != http.StatusUnprocessableEntity || strings.Contains(a.text, "wonder") {
		t.Errorf("the old password: %d", a.StatusCode)
	}
	if a := h.post("/settings/server", fields("bob", "builder")...); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "Somebody else") {
		t.Errorf("somebody else's account: %d\n%s", a.StatusCode, a.text)
	}
	h.follow(h.post("/settings/server", fields("alice", "changed")...))
	h.ok(h.bridge.PollAccount(t.Context(), alice.ID))
	if a := h.follow(h.post("/settings/library")); !strings.Contains(a.one(".news"), "read again") {
		t.Errorf("%s", a.text)
	}
}

func TestChildrenHaveNoSettingsThatOthersSee(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.admit("carol", playlists.Account{Name: "Carol", Language: "en", Child: true, MaxAudience: playlists.Link})
	a := h.get("/settings")
	if len(a.all("#proof, #news")) != 0 || !strings.Contains(a.text, "no public name") {
		t.Errorf("%s", a.text)
	}
	if a := h.post("/settings/proof", "handle", "@carol@mastodon.example"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("she proves an account: %d", a.StatusCode)
	}
}

func TestEverythingIsInTheExportAndNoPassword(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	list := h.list(alice.ID)
	h.ok(ignorePublication(h.store.Publish(t.Context(), list.ID, playlists.Public)))
	pub, err := h.store.Publication(t.Context(), list.ID)
	h.ok(err)
	const fans = 2_500 // more than the bridge reads at a time
	h.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		INSERT INTO followers (actor, follower, host, state, follow_id, follow, inbox, at) SELECT $1, 'https://fans.example/' || i, 'fans.example', 'accepted', '', '', '', 1 FROM n`, pub.PublicID, fans)
	h.wants(alice, "Sunday", playlists.Track{Title: "Jóga", Artist: "Björk", Note: "because it rains"})
	h.ok(h.notify.SetNtfy(t.Context(), alice.ID, "https://ntfy.example/wonder-topic", "tk_oken"))
	a := h.get("/settings/export.zip")
	archive, err := zip.NewReader(bytes.NewReader([]byte(a.text)), int64(len(a.text)))
	h.ok(err)
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		h.ok(err)
		text, err := io.ReadAll(r)
		h.ok(err)
		files[f.Name] = string(text)
	}
	rows, err := csv.NewReader(strings.NewReader(files["followers.csv"])).ReadAll()
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row[2]] = true
	}
	if err != nil || len(rows) != 1+fans || len(seen) != len(rows) || !seen["https://fans.example/2500"] {
		t.Errorf("%d followers, %d of them different: %v", len(rows)-1, len(seen)-1, err)
	}
	for _, name := range []string{"account.json", "settings.json", "followers.csv", "following.csv", "playlists/001 Road trip.jspf", "copies/001 Sunday.jspf"} {
		if files[name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
	p, err := formats.Read("x.jspf", []byte(files["copies/001 Sunday.jspf"]))
	if err != nil || len(p.Tracks) != 1 || p.Tracks[0].Note != "because it rains" {
		t.Errorf("%+v %v", p, err)
	}
	var about map[string]any
	if err := json.Unmarshal([]byte(files["account.json"]), &about); err != nil || about["name"] != "Alice" {
		t.Errorf("%v %v", about, err)
	}
	for name, text := range files {
		if strings.Contains(text, "wonder") || strings.Contains(text, "PRIVATE KEY") || strings.Contains(text, "oken") {
			t.Errorf("%s holds a secret:\n%s", name, text)
		}
	}
	h.client = browser(t)
	if a := h.get("/settings/export.zip"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger: %d", a.StatusCode)
	}
}

func ignorePublication(_ playlists.Publication, err error) error { return err }

func TestAnAccountIsDeletedByWhoTypesItsName(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	bob := h.admit("bob", playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	for _, name := range []string{"", "bob", "Alice"} {
		if a := h.post("/settings/delete", "name", name); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", name, a.StatusCode)
		}
	}
	h.post("/follow", "target", "@carol_mix@music.example")
	if a := h.post("/settings/delete", "name", "Bob"); a.Header.Get("Location") != "/" {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
	var asked int
	if err := h.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM lookups`).Scan(&asked); asked != 0 || err != nil {
		t.Errorf("%d things that he looked at are kept, %v", asked, err)
	}
	if _, err := h.store.Account(t.Context(), bob.ID); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("bob is still here: %v", err)
	}
	if a := h.get("/settings"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("he is still signed in: %d", a.StatusCode)
	}
	h.step(h.bridge.MirrorOnce)
	h.client = browser(t)
	if a := h.post("/signin", "name", "bob", "password", "secret of bob"); a.StatusCode == http.StatusSeeOther && h.follow(a).StatusCode == http.StatusOK {
		t.Error("he comes in again")
	}
}

func TestTheLastAdministratorStaysWhileOthersAreHere(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.music.AddUser("bob", "builder")
	bob := h.join("bob", "builder", playlists.Account{Name: "Bob", Language: "en"})
	if a := h.post("/settings/delete", "name", "Alice"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "administrator") {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}
	if a := h.post("/admin/people/"+string(bob.ID)+"/remove", "name", "Bobby"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d", a.StatusCode)
	}
	h.follow(h.post("/admin/people/"+string(bob.ID)+"/remove", "name", "Bob"))
	if all, err := h.store.Accounts(t.Context()); err != nil || slices.ContainsFunc(all, func(a playlists.Account) bool { return a.Name == "Bob" }) {
		t.Errorf("%v %v", all, err)
	}
}

func TestFormsOfSettingsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	for _, path := range []string{"/settings/you", "/settings/match", "/settings/news", "/settings/library", "/settings/server", "/settings/proof", "/settings/proof/code",
		"/settings/proof/forget", "/settings/notices/webhook", "/settings/notices/ntfy", "/settings/notices/email", "/settings/notices/email/code", "/settings/notices/email/test", "/settings/notices/email/remove", "/settings/delete", "/signout/everywhere", "/asks/x", "/playlists/x/ask/withdraw", "/admin/people/" + string(alice.ID), "/admin/people/x/remove", "/admin/invitations",
		"/admin/invitations/x/takeback", "/admin/servers", "/admin/servers/remove", "/admin/servers/import", "/admin/persons", "/admin/persons/remove", "/admin/work/host", "/admin/work/copies/x",
		"/admin/reports/x", "/admin/backups", "/join/" + strings.Repeat("A", 26)} {
		for _, site := range []string{"cross-site", "same-site"} {
			a := h.send(http.MethodPost, path, strings.NewReader("name=Mallory&language=en"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", site)
			if a.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s: %d", path, site, a.StatusCode)
			}
		}
	}
	if now, err := h.store.Account(t.Context(), alice.ID); err != nil || now.Name != "Alice" {
		t.Errorf("%+v %v", now, err)
	}
}

func TestAPublicNameIsChosenOnceAndIsNotTheLogin(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.join("alice", "wonder", playlists.Account{Name: "Alice", Language: "en"})
	h.signIn("alice", "wonder")
	if a := h.post("/settings/handle", "handle", "Alice"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "sign in with") {
		t.Errorf("the login as a public name: %d", a.StatusCode)
	}
	if a := h.follow(h.post("/settings/handle", "handle", "@Ally")); !strings.Contains(a.text, "@ally") || len(a.all("#handle-of-yours")) != 0 {
		t.Errorf("after choosing:\n%s", a.text)
	}
	if a := h.post("/settings/handle", "handle", "other"); a.StatusCode == http.StatusSeeOther {
		t.Error("a second name is chosen")
	}
}
