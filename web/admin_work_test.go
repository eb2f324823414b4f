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
	if facts := page.one("#health ~ .facts"); !strings.Contains(facts, "2.5 MB") || !strings.Contains(facts, "7.0 GB") || !strings.Contains(facts, "1.2.3") {
		t.Errorf("%q", facts)
	}
	if a := h.follow(h.post("/admin/work/host", "host", "sick.example", "do", "drop")); a.one(".news") != "1 message was dropped." || len(a.all("#waits ~ .cards")) != 0 {
		t.Errorf("%s", a.text)
	}
	if a := h.post("/admin/work/host", "host", "sick.example", "do", "something"); a.StatusCode != http.StatusNotFound {
		t.Errorf("%d", a.StatusCode)
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
	for _, path := range []string{path, "/admin/work"} {
		if a := h.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("bob at %s: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/admin/backups", "/admin/work/host", "/admin/reports/x"} {
		if a := h.post(path, "host", "x", "do", "drop"); a.StatusCode != http.StatusNotFound {
			t.Errorf("bob at %s: %d", path, a.StatusCode)
		}
	}
}
