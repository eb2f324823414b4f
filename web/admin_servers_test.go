package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// upload sends a form with a file. fields: name, value, …
func (h *home) upload(path, file string, fields ...string) answer {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		h.ok(form.WriteField(fields[i], fields[i+1]))
	}
	part, err := form.CreateFormFile("file", "list.csv")
	h.ok(err)
	_, err = part.Write([]byte(file))
	h.ok(err)
	h.ok(form.Close())
	return h.send(http.MethodPost, path, &body, "Content-Type", form.FormDataContentType(), "Sec-Fetch-Site", "same-origin")
}

func (h *home) rules() map[string]federation.Severity {
	h.t.Helper()
	rules, err := h.fed.DomainRules(h.t.Context())
	h.ok(err)
	all := map[string]federation.Severity{}
	for _, r := range rules {
		all[r.Domain] = r.Severity
	}
	return all
}

func TestAnAdministratorBlocksAServerAndTakesThatBack(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	a := h.follow(h.post("/admin/servers", "domain", "Spam.Example", "what", "suspend", "comment", "advertisements"))
	if h.rules()["spam.example"] != federation.Suspend || !strings.Contains(a.one("#rules ~ .cards"), "advertisements") {
		t.Errorf("%v\n%s", h.rules(), a.text)
	}
	for _, fields := range [][]string{{"domain", "not a name", "what", "suspend"}, {"domain", "x.example", "what", "everything"}, {"domain", "127.0.0.1", "what", "suspend"}} {
		if a := h.post("/admin/servers", fields...); a.StatusCode != http.StatusUnprocessableEntity || attr(a.all("#domain")[0], "value") != fields[1] {
			t.Errorf("%v: %d\n%s", fields, a.StatusCode, a.text)
		}
	}
	if a := h.get("/admin/servers/blocked.csv"); !strings.Contains(a.text, "spam.example,suspend") || strings.Contains(a.text, "advertisements") {
		t.Errorf("the file:\n%s", a.text)
	}
	if a := h.get("/admin/servers?search=other"); len(a.all("#rules ~ .cards")) != 0 {
		t.Errorf("the search finds\n%s", a.text)
	}
	h.follow(h.post("/admin/servers/remove", "domain", "spam.example"))
	if len(h.rules()) != 0 {
		t.Errorf("%v", h.rules())
	}
}

func TestAListIsTriedBeforeItIsImported(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.post("/admin/servers", "domain", "friend.example", "what", "allow")
	list := "#domain,#severity\nspam.example,suspend\nfriend.example,suspend\nloud.example,silence\n"
	trial := h.upload("/admin/servers/import", list, "comment", "from a friend")
	if text := trial.one("main ul:not([role])"); !strings.Contains(text, "1 server would be blocked.") || !strings.Contains(text, "1 server is left alone") || len(h.rules()) != 1 {
		t.Fatalf("%v\n%s", h.rules(), trial.text)
	}
	var fields []string
	for _, input := range trial.all("main input[type=hidden]") {
		fields = append(fields, attr(input, "name"), attr(input, "value"))
	}
	a := h.follow(h.post("/admin/servers/import", fields...))
	if got := h.rules(); len(got) != 3 || got["spam.example"] != federation.Suspend || got["loud.example"] != federation.Silence || got["friend.example"] != federation.Allow {
		t.Errorf("%v\n%s", got, a.text)
	}
	if !strings.Contains(a.one("#rules ~ .cards"), "from a friend") {
		t.Errorf("the comment is lost:\n%s", a.text)
	}
	if a := h.upload("/admin/servers/import", "#domain,#severity\nspam.example,\"\n"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "Line 2") {
		t.Errorf("a damaged list: %d\n%s", a.StatusCode, a.text)
	}
}

func TestOthersDecideNothingAboutServers(t *testing.T) {
	t.Parallel()
	h, _ := member(t)
	h.admit("bob", playlists.Account{Name: "Bob", Language: "en"})
	for _, path := range []string{"/admin/servers", "/admin/servers/remove", "/admin/servers/import", "/admin/persons", "/admin/persons/remove"} {
		if a := h.post(path, "domain", "spam.example", "what", "suspend"); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/admin/servers", "/admin/servers/blocked.csv"} {
		if a := h.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	if len(h.rules()) != 0 {
		t.Errorf("%v", h.rules())
	}
}
