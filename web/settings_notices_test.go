package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestAPersonChoosesWhereMessagesGo(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	var mu sync.Mutex
	var came []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		came = append(came, r.URL.Path+" "+string(body))
		if r.URL.Path == "/closed" {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(server.Close)
	if a := h.get("/settings"); len(a.all(`a[href="/settings/notices"]`)) != 1 {
		t.Error("the settings do not lead there")
	}
	if a := h.post("/settings/notices/webhook", "address", "nowhere at all"); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
		t.Errorf("no address: %d", a.StatusCode)
	}
	h.follow(h.post("/settings/notices/ntfy", "topic", server.URL+"/songs", "token", "tk_secret"))
	page := h.follow(h.post("/settings/notices/webhook", "address", server.URL+"/closed"))
	if !strings.Contains(page.text, "whsec_") || len(page.all(".chip")) < 2 {
		t.Errorf("%s", page.text)
	}
	if a := h.follow(h.post("/settings/notices/ntfy/test")); !strings.Contains(a.one(".news"), "taken there") {
		t.Errorf("%s", a.text)
	}
	if a := h.post("/settings/notices/webhook/test"); !strings.Contains(a.one("[role=alert]"), "403") {
		t.Errorf("%s", a.text)
	}
	mu.Lock()
	if len(came) != 2 || came[0] != "/songs This is a test. What this bridge has to tell you comes here." {
		t.Errorf("came %q", came)
	}
	mu.Unlock()
	h.follow(h.post("/settings/notices/webhook/remove"))
	if a := h.post("/settings/notices/webhook/remove"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("removed twice: %d", a.StatusCode)
	}
	ways, err := h.notify.Ways(t.Context(), alice.ID)
	if err != nil || len(ways) != 1 || ways[0].Kind != playlists.Ntfy {
		t.Errorf("%+v, %v", ways, err)
	}
	if a := h.get("/settings/notices"); !strings.Contains(a.text, "cannot send e-mail") || len(a.all("#email")) != 0 {
		t.Errorf("without a mail server:\n%s", a.text)
	}
	h.post("/settings/delete", "name", "Alice")
	if ways, err := h.notify.Ways(t.Context(), alice.ID); len(ways) != 0 || err != nil {
		t.Errorf("kept of who is gone: %+v, %v", ways, err)
	}
}

func TestWhereMessagesGoIsShownToNobodyElse(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.ok(h.notify.SetNtfy(t.Context(), alice.ID, "https://ntfy.example/alices-topic", "tk_secret"))
	h.admit("carol", playlists.Account{Handle: "carol", Name: "Carol", Language: "en"})
	if a := h.get("/settings/notices"); strings.Contains(a.text, "alices-topic") || strings.Contains(a.text, "tk_secret") {
		t.Errorf("%s", a.text)
	}
	if a := h.post("/settings/notices/ntfy/test"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a test of nothing: %d", a.StatusCode)
	}
	h.client = browser(t)
	if a := h.get("/settings/notices"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger: %d", a.StatusCode)
	}
}
