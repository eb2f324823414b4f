package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// newcomers is a bridge that nobody has an account on, beside alice's music server, with what its log says.
type newcomers struct {
	*bridge
	t      *testing.T
	log    strings.Builder
	pages  *httptest.Server
	client *http.Client
	music  string
}

func newNewcomers(t *testing.T) *newcomers {
	t.Helper()
	n := &newcomers{t: t}
	music := subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser("alice", "secret")
	musicServer := httptest.NewServer(music)
	t.Cleanup(musicServer.Close)
	n.music = musicServer.URL
	n.open(Settings{Listen: "127.0.0.1:8080", Data: t.TempDir(), Mode: "open", LogLevel: "info"})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	n.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return n
}

// open starts a process.
func (n *newcomers) open(settings Settings) {
	n.t.Helper()
	n.t.Cleanup(func() { checkLog(n.t, n.log.String(), forbiddenIn(n.t, databaseOf(n.t, settings), settings.Data)) })
	var err error
	if n.bridge, err = openBridge(n.t.Context(), settings, migrations.Upgrade, settings.logger(&n.log)); err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { n.Close() })
	if err := n.readySetup(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
	n.pages = httptest.NewServer(n.handler(nil))
	n.t.Cleanup(n.pages.Close)
}

// another is another process on the same bridge, whose pages the same browser uses.
func (n *newcomers) another() *newcomers {
	n.t.Helper()
	other := &newcomers{t: n.t, music: n.music, client: n.client}
	other.open(n.settings)
	return other
}

// codes returns the set-up codes that stand in the log, the first one first.
func (n *newcomers) codes() []string {
	return regexp.MustCompile(`[A-Z0-9]{4}(-[A-Z0-9]{4}){3}`).FindAllString(n.log.String(), -1)
}

func (n *newcomers) post(path string, fields url.Values) int {
	n.t.Helper()
	res, err := n.client.PostForm(n.pages.URL+path, fields)
	if err != nil {
		n.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func (n *newcomers) setUp(code string) int {
	n.t.Helper()
	return n.post("/setup", url.Values{"code": {code}, "server": {n.music}, "user": {"alice"}, "password": {"secret"}, "name": {"Alice"}})
}

// forget is the step of the daemon by which a music server is nobody's again.
func (n *newcomers) forget() {
	n.t.Helper()
	if _, err := n.subsonic.MirrorOnce(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
}

func TestWhenTheLastOneHasLeftTheNextNeedsANewCode(t *testing.T) {
	t.Parallel()
	n := newNewcomers(t)
	first := n.codes()
	if len(first) != 1 {
		t.Fatalf("codes in the log: %q", first)
	}
	if got := n.setUp(first[0]); got != http.StatusSeeOther {
		t.Fatalf("set-up: %d", got)
	}
	if got := n.post("/settings/delete", url.Values{"name": {"Alice"}}); got != http.StatusSeeOther {
		t.Fatalf("delete: %d", got)
	}
	n.forget()
	if got := n.setUp(first[0]); got != http.StatusUnprocessableEntity {
		t.Errorf("the code that alice had sets the bridge up again: %d", got)
	}
	codes := n.codes()
	if len(codes) != 2 || codes[0] == codes[1] {
		t.Fatalf("codes in the log: %q", codes)
	}
	if got := n.setUp(codes[1]); got != http.StatusSeeOther {
		t.Errorf("with the new code: %d", got)
	}
	if n.setUp(codes[1]); len(n.codes()) != 2 {
		t.Errorf("codes in the log, while there is an account: %q", n.codes())
	}
}

func TestAllProcessesOfABridgeWantOneCode(t *testing.T) {
	t.Parallel()
	n, elsewhere := newNewcomers(t), newNewcomers(t)
	other := n.another()
	first := n.codes()
	if !slices.Equal(other.codes(), first) || slices.Equal(elsewhere.codes(), first) {
		t.Fatalf("codes in the logs: %q, %q; of another bridge: %q", first, other.codes(), elsewhere.codes())
	}
	if got := other.setUp(n.codes()[0]); got != http.StatusSeeOther {
		t.Fatalf("at one with the code that the other printed: %d", got)
	}
	if got := n.post("/settings/delete", url.Values{"name": {"Alice"}}); got != http.StatusSeeOther {
		t.Fatalf("delete: %d", got)
	}
	n.forget()
	for _, p := range []*newcomers{n, other} {
		if got := p.setUp(first[0]); got != http.StatusUnprocessableEntity {
			t.Errorf("the old code: %d", got)
		}
	}
	if codes := n.codes(); len(codes) != 2 || codes[0] == codes[1] || !slices.Equal(other.codes(), codes) {
		t.Fatalf("codes in the logs: %q, %q", codes, other.codes())
	}
	if got := n.setUp(other.codes()[1]); got != http.StatusSeeOther {
		t.Errorf("with the new code: %d", got)
	}
}

func TestACodeThatWasSetLetsInTheFirstPersonOnly(t *testing.T) {
	t.Setenv("SONGFERRY_SETUP_CODE", "from the settings")
	n := newNewcomers(t)
	if got := n.setUp("from the settings"); got != http.StatusSeeOther || len(n.codes()) != 0 {
		t.Fatalf("set-up: %d, %q", got, n.codes())
	}
	accounts, err := n.store.Accounts(t.Context())
	if err != nil || len(accounts) != 1 {
		t.Fatalf("%+v, %v", accounts, err)
	}
	// A command beside the daemon deletes the account.
	if err := n.store.DeleteAccount(t.Context(), accounts[0].ID); err != nil {
		t.Fatal(err)
	}
	n.forget()
	if got := n.setUp("from the settings"); got != http.StatusUnprocessableEntity {
		t.Errorf("the code that was set lets in a second: %d", got)
	}
	if codes := n.codes(); len(codes) != 1 || n.setUp(codes[0]) != http.StatusSeeOther {
		t.Errorf("the code in the log, %q, lets nobody in", codes)
	}
}
