package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestTheFirstPersonComesInByTheSetupCode(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	fields := []string{"server", h.musics, "user", "alice", "password", "wonder", "name", "Alice"}

	if a := h.get("/signin"); a.Header.Get("Location") != "/setup" {
		t.Errorf("a new bridge does not lead to its set-up: %d %v", a.StatusCode, a.Header)
	}
	a := h.post("/setup", append(fields, "code", "WRONG")...)
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.one("[role=alert]"), "not the set-up code") || attr(a.all("#server")[0], "value") != h.musics {
		t.Errorf("wrong code: %d\n%s", a.StatusCode, a.text)
	}
	if strings.Contains(a.text, "wonder") {
		t.Error("the page repeats the password")
	}
	a = h.post("/setup", "code", setupCode, "server", h.musics, "user", "alice", "password", "no", "name", "Alice")
	if a.StatusCode != http.StatusUnprocessableEntity || len(a.all("[role=alert]")) != 1 {
		t.Errorf("wrong password: %d\n%s", a.StatusCode, a.text)
	}
	if accounts, err := h.store.Accounts(t.Context()); err != nil || len(accounts) != 0 {
		t.Errorf("accounts after refusals: %v %v", accounts, err)
	}

	lists := h.follow(h.post("/setup", append(fields, "code", setupCode)...))
	if got := lists.one(".card bdi"); got != "Road trip" {
		t.Errorf("after the set-up the page shows %q", got)
	}
	accounts, err := h.store.Accounts(t.Context())
	if err != nil || len(accounts) != 1 || !accounts[0].Admin || accounts[0].Handle != "" {
		t.Errorf("the first account: %+v %v", accounts, err)
	}

	h.client = browser(t) // somebody else
	if a := h.get("/setup"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the set-up is still open: %d", a.StatusCode)
	}
	if a := h.post("/setup", append(fields, "code", setupCode)...); a.StatusCode != http.StatusNotFound {
		t.Errorf("the set-up is still open: %d", a.StatusCode)
	}
}

// A person copies the code from a log by eye, or on a phone.
func TestTheSetupCodeMayBeTypedAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for code, known := range map[string]bool{
		"abcd-efgh": true, "ABCDEFGH": true, " abcd efgh\t": true, "Ab cd\u2013ef\u00a0gh": true,
		"-": false, "abcd-efg": false, "abcd-efgh-i": false, "abcd_efgh": false,
	} {
		h := newHome(t) // tries are counted
		a := h.post("/setup", "code", code, "server", h.musics, "user", "alice", "password", "wonder", "name", "Alice")
		if in := a.StatusCode == http.StatusSeeOther; in != known {
			t.Errorf("%q: %d %s", code, a.StatusCode, a.text)
		}
	}
}

func TestACodeOfDashesLetsNobodyIn(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(c *config) { c.SetupCode = func(context.Context) (string, error) { return "- -", nil } })
	for _, code := range []string{"- -", ""} {
		a := h.post("/setup", "code", code, "server", h.musics, "user", "alice", "password", "wonder", "name", "Alice")
		if a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", code, a.StatusCode)
		}
	}
}

func TestOfTwoWhoSetUpTheBridgeAtOnceOneIsTheFirst(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.spread(2)
	h.music.AddUser("bob", "builder")
	in := h.allAtOnce("/setup", []string{"code", setupCode, "server", h.musics, "user", "alice", "password", "wonder", "name", "Alice"},
		[]string{"code", setupCode, "server", h.musics, "user", "bob", "password", "builder", "name", "Bob"})
	if accounts, err := h.store.Accounts(t.Context()); err != nil || len(accounts) != 1 || in != 1 {
		t.Errorf("%d came in: %+v %v", in, accounts, err)
	}
}

func TestTheFamilyDoesNotComeInBeforeTheFirstPerson(t *testing.T) {
	t.Parallel()
	h := newHome(t, func(c *config) { c.FamilyServer = theOne })
	if a := h.post("/signin", "name", "alice", "password", "wonder", "called", "Alice"); a.Header.Get("Location") != "/setup" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	if accounts, err := h.store.Accounts(t.Context()); err != nil || len(accounts) != 0 {
		t.Errorf("somebody came in without the code, and is no administrator: %+v %v", accounts, err)
	}
}

func TestWhoPressesTheButtonTwiceIsOnePerson(t *testing.T) {
	t.Parallel()
	h, _ := member(t, func(c *config) { c.FamilyServer = theOne })
	h.spread(3)
	h.music.AddUser("carol", "carols")
	fields := []string{"name", "carol", "password", "carols", "called", "Carol"}
	h.allAtOnce("/signin", fields, fields, fields)
	if accounts, err := h.store.Accounts(t.Context()); err != nil || len(accounts) != 2 {
		t.Errorf("accounts: %+v %v", accounts, err)
	}
}

// spread answers each next request by another process.
func (h *home) spread(processes int) {
	var all []http.Handler
	for range processes {
		all = append(all, h.process())
	}
	var asked atomic.Int64
	h.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all[int(asked.Add(1))%processes].ServeHTTP(w, r)
	})
}

// allAtOnce sends forms from as many browsers, and returns how many of them are signed in then.
func (h *home) allAtOnce(path string, forms ...[]string) (in int) {
	h.t.Helper()
	var together sync.WaitGroup
	statuses := make([]int, len(forms))
	for i, fields := range forms {
		together.Go(func() {
			visitor := home{site: &site{t: h.t, server: h.server, client: browser(h.t)}}
			statuses[i] = visitor.post(path, fields...).StatusCode
		})
	}
	together.Wait()
	for _, status := range statuses {
		if status == http.StatusSeeOther {
			in++
		}
	}
	return in
}
