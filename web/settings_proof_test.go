package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
)

func TestAPersonProvesTheirFediverseAccount(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	mastodon := federationtest.New(t)
	mastodon.AddActor("alice", nil)
	page := h.follow(h.post("/settings/proof", "handle", "@alice@"+mastodon.Host()))
	if len(page.all("#code")) != 1 || !strings.Contains(page.one(".news"), mastodon.Host()) {
		t.Fatalf("%s", page.text)
	}
	h.step(h.fed.GreetOnce)
	var message string
	for _, d := range mastodon.Received() {
		message += fmt.Sprint(d.Activity["object"])
	}
	code := regexp.MustCompile(`\d{3}-\d{3}`).FindString(message)
	wrong := "000-000"
	if code == wrong {
		wrong = "111-111"
	}
	if a := h.post("/settings/proof/code", "code", wrong); a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
		t.Errorf("a wrong code: %d", a.StatusCode)
	}
	page = h.follow(h.post("/settings/proof/code", "code", " "+code+" "))
	if forget := page.all(`form[action="/settings/proof/forget"]`); len(forget) != 1 {
		t.Fatalf("the code %q from %q proves nothing:\n%s", code, message, page.text)
	}
	if page := h.follow(h.post("/settings/proof/forget")); len(page.all("#handle")) != 1 || len(page.all("#code")) != 0 {
		t.Errorf("%s", page.text)
	}
}
