package web_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
	"github.com/songferry/songferry/web"
)

func TestAnAdministratorSeesWhatWaitsAndWhatWentWrong(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) {
		c.Storage, c.Version = func() (web.Storage, error) { return web.Storage{Database: 2_500_000, Free: 7_000_000_000}, nil }, "1.2.3"
	})
	h.music.AddUser("bob", "builder")
	bob := h.join("bob", "builder", playlists.Account{Name: "Bob", Language: "en"})
	h.music.SetPassword("bob", "another")
	if h.bridge.PollAccount(t.Context(), bob.ID) == nil {
		t.Fatal("the old password still works")
	}
	h.queue("sick.example", "The server answered 502.")

	page := h.get("/admin/work")
	for selector, want := range map[string]string{
		"#waits ~ .cards strong": "sick.example", "#waits ~ .cards .warn": "The server answered 502.", "#trouble ~ .cards strong": "Music server of Bob"} {
		if got := page.one(selector); got != want {
			t.Errorf("%s: %q", selector, got)
		}
	}
	if facts := page.one("#health ~ .facts"); !strings.Contains(facts, "2.5 MB") || !strings.Contains(facts, "7.0 GB") || !strings.Contains(facts, "1.2.3") || !strings.Contains(facts, "not read yet") {
		t.Errorf("%q", facts)
	}
	confirm := h.get(attr(page.all(`a[href^="/admin/work/drop"]`)[0], "href"))
	if confirm.one("h1") != "Drop what waits" || confirm.one("button.danger") != "Drop 1 message" || !strings.Contains(confirm.text, "is never sent") {
		t.Errorf("%s", confirm.text)
	}
	if a := h.get("/admin/work"); len(a.all("#waits ~ .cards")) != 1 {
		t.Error("to be asked drops it")
	}
	if a := h.follow(h.post("/admin/work/host", "host", "sick.example", "do", "drop")); a.one(".news") != "1 message was dropped." || len(a.all("#waits ~ .cards")) != 0 {
		t.Errorf("%s", a.text)
	}
	if a := h.post("/admin/work/host", "host", "sick.example", "do", "something"); a.StatusCode != http.StatusNotFound {
		t.Errorf("%d", a.StatusCode)
	}
}

func TestAnAdministratorTriesACopyThatFailedAndSeesWhoWaits(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, bob := friend(t)
	h.ok(h.store.SetPerson(t.Context(), bob.ID, playlists.PersonRules{MaxAudience: playlists.Public, Admin: true}))
	handle := alice.publishes("Road trip", playlists.Public, joga)
	path, _ := h.looksAt(handle)
	h.post(path, "mode", "sync")
	h.music.Fail(subsonictest.Down)
	for range 3 {
		_, _ = h.bridge.MirrorOnce(t.Context()) // it fails, and keeps why
	}
	h.post("/follow", "target", handle) // nobody looks at it yet

	page := h.get("/admin/work")
	if waits := page.one("#waits ~ ul.plain"); !strings.HasPrefix(waits, "Bob") || !strings.Contains(waits, "has not begun") || strings.Contains(waits, "road_trip") {
		t.Errorf("who waits: %q", waits)
	}
	retry := page.all(`form[action^="/admin/work/copies/"]`)
	if len(retry) != 1 || !strings.Contains(page.one("#trouble ~ .cards"), "copy for Bob") {
		t.Fatalf("%s", page.text)
	}
	h.music.Fail(subsonictest.Works)
	if n, err := h.bridge.MirrorOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("it is tried before its time: %d, %v", n, err)
	}
	if a := h.follow(h.post(attr(retry[0], "action"))); a.one(".news") != "The copy is tried now." {
		t.Errorf("%s", a.text)
	}
	h.step(h.bridge.MirrorOnce)
	if lists := h.copiesOf("Alice"); len(lists) != 1 {
		t.Errorf("%q", lists)
	}
	if a := h.follow(h.post(attr(retry[0], "action"))); a.one(".news") != "That copy waits for nothing any more." {
		t.Errorf("once more: %s", a.text)
	}
}

// queue makes a message wait for a host that failed.
func (h *home) queue(host, failure string) {
	h.t.Helper()
	for _, query := range []string{
		`INSERT INTO activities (id, actor, body, created) VALUES ('a', 'b', '{}', 1777636800000)`,
		`INSERT INTO deliveries (activity, inbox, host, due, attempts, error, created) VALUES ('a', 'https://` + host + `/inbox', '` + host + `', 1777636800000, 1, '', 1777636800000)`,
		`INSERT INTO delivery_hosts (host, due, lease, attempts, error) VALUES ('` + host + `', 1777636800000, 0, 1, '` + failure + `')`,
	} {
		h.exec(query)
	}
}

func TestBackupsAreMadeAndFetchedByAdministratorsOnly(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "backups")
	h, _ := member(t, func(c *config) {
		path := filepath.Join(folder, "songferry-20260501-120000.tar.gz.age")
		c.Backup = func(_ context.Context, password string) error {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return err
			}
			return os.WriteFile(path, []byte("everything, under "+password), 0o600)
		}
		c.Backups = func() ([]web.Backup, error) {
			return []web.Backup{{Path: path, Made: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}}, nil
		}
	})
	h.ok(os.WriteFile(filepath.Join(filepath.Dir(folder), "songferry.key"), []byte("the key"), 0o600))
	page := h.follow(h.post("/admin/backups", "password", "correct horse"))
	link := page.all(`a[href^="/admin/backups/"]`)
	if len(link) != 1 {
		t.Fatalf("%s", page.text)
	}
	path := attr(link[0], "href")
	if a := h.get(path); a.text != "everything, under correct horse" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %q", a.Header, a.text)
	}
	for _, other := range []string{"/admin/backups/..%2Fsongferry.key", "/admin/backups/nothing.tar.gz", "/admin/backups/%2e%2e"} {
		if a := h.get(other); a.StatusCode != http.StatusNotFound || strings.Contains(a.text, "the key") {
			t.Errorf("%s: %d %q", other, a.StatusCode, a.text)
		}
	}
	h.admit("bob", playlists.Account{Name: "Bob", Language: "en"})
	for _, path := range []string{path, "/admin/work", "/admin/work/drop?host=x"} {
		if a := h.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("bob at %s: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/admin/backups", "/admin/work/host", "/admin/work/copies/x", "/admin/reports/x"} {
		if a := h.post(path, "host", "x", "do", "drop"); a.StatusCode != http.StatusNotFound {
			t.Errorf("bob at %s: %d", path, a.StatusCode)
		}
	}
}
