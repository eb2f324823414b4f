package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// maxAnswers bounds how many answers keepsSecret reads.
const maxAnswers = 300

var (
	inPage     = regexp.MustCompile(`(?:href|src|action)="(/[^"]*)"`)
	inDocument = regexp.MustCompile(`"(https?://[^"\s]+)"`)
)

// keepsSecret wants these texts nowhere: not in the daemon's log, in what commands said, in the data folder, or in any
// answer of the daemon that can be reached by links.
func (i *installation) keepsSecret(secrets ...string) {
	i.t.Helper()
	check := func(where, text string) {
		i.t.Helper()
		for _, s := range secrets {
			if strings.Contains(text, s) {
				i.t.Errorf("a secret (%q) is in %s:\n%s", s, where, text)
			}
		}
	}
	check("the log", i.readLog())
	check("what the commands said", i.transcript.String())
	err := filepath.WalkDir(i.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), secrets[0]) {
			i.t.Errorf("a secret (%q) is in the file %s", secrets[0], e.Name())
		}
		return err
	})
	if err != nil {
		i.t.Error(err)
	}
	i.eachAnswer(check)
}

// eachAnswer visits what strangers can read: pages and documents, along their links.
func (i *installation) eachAnswer(visit func(address, answer string)) {
	i.t.Helper()
	seen := map[string]bool{}
	todo := []string{i.url + "/", i.url + "/readyz", i.url + "/nowhere", i.url + "/.well-known/nodeinfo", i.url + "/ap/actors/instance"}
	for _, account := range i.accounts {
		todo = append(todo, i.url+"/@"+account, i.url+"/.well-known/webfinger?resource="+url.QueryEscape("acct:"+account+"@"+strings.TrimPrefix(i.url, "http://")))
	}
	for len(todo) > 0 && len(seen) < maxAnswers {
		address := todo[0]
		todo = todo[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		for _, accept := range []string{"text/html", "application/activity+json"} {
			_, body, err := get(address, accept)
			if err != nil {
				i.t.Error(err)
			}
			visit(address, body)
			todo = append(todo, i.linksIn(body)...)
		}
	}
	if len(seen) < 10 {
		i.t.Errorf("only %d addresses could be found: %v", len(seen), seen)
	}
}

func (i *installation) linksIn(body string) (links []string) {
	for _, m := range inPage.FindAllStringSubmatch(body, -1) {
		links = append(links, i.url+m[1])
	}
	for _, m := range inDocument.FindAllStringSubmatch(body, -1) {
		if strings.HasPrefix(m[1], i.url+"/") {
			links = append(links, m[1])
		}
	}
	return links
}

// eavesdropper notes what a music server is sent to sign in with. It can also send all of it back, as servers and what
// stands before them do in their error pages.
type eavesdropper struct {
	server http.Handler

	mu      sync.Mutex
	secrets []string
	echo    int // the status to answer with, 0 to let the server answer
}

func (e *eavesdropper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	form, parseErr := url.ParseQuery(string(body))
	if err != nil || parseErr != nil {
		http.Error(w, "cannot read that", http.StatusBadRequest)
		return
	}
	e.mu.Lock()
	for _, name := range []string{"p", "t", "s", "apiKey"} {
		for _, secret := range append(form[name], r.URL.Query()[name]...) {
			if !slices.Contains(e.secrets, secret) {
				e.secrets = append(e.secrets, secret)
			}
		}
	}
	status := e.echo
	e.mu.Unlock()
	if status != 0 {
		w.WriteHeader(status)
		fmt.Fprintf(w, "%s %s\n%s", r.Method, r.URL, body)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	e.server.ServeHTTP(w, r)
}

func (e *eavesdropper) answerAll(status int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.echo = status
}

// TestG105NoSecretIsShown lets everything go well, then lets the music server answer with what it was sent.
func TestG105NoSecretIsShown(t *testing.T) {
	t.Parallel()
	const password = "correct horse battery"
	music := subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser("alice", password)
	music.AddPlaylist("alice", "Road trip", music.AddSong(harbour))
	ear := &eavesdropper{server: music}
	server := httptest.NewServer(ear)
	t.Cleanup(server.Close)
	i := install(t)
	i.serve()
	i.addAccount("alice", server.URL, password)
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	i.must("account", "list", "--json")

	for _, status := range []int{http.StatusInternalServerError, http.StatusOK, http.StatusUnauthorized} {
		ear.answerAll(0)
		i.must("playlist", "list", "--account", "alice")
		failed := strings.Count(i.readLog(), "poll failed")
		ear.answerAll(status)
		i.runWith([]string{"SONGFERRY_SUBSONIC_PASSWORD=" + password}, "account", "connect", "alice", "--subsonic-url", server.URL, "--subsonic-user", "alice")
		i.run("playlist", "list", "--account", "alice")
		i.run("account", "list")
		await(t, "a poll to fail", func() error {
			if strings.Count(i.readLog(), "poll failed") == failed {
				return errors.New("the log does not say so")
			}
			return nil
		})
	}

	i.run("export", "--account", "alice", "Road trip")
	place := strings.TrimPrefix(server.URL, "http://")
	i.eachAnswer(func(where, answer string) {
		if strings.Contains(answer, place) {
			t.Errorf("where the music server is stands in %s:\n%s", where, answer)
		}
	})
	ear.mu.Lock()
	secrets := append([]string{password, hex.EncodeToString([]byte(password))}, ear.secrets...)
	ear.mu.Unlock()
	if len(secrets) < 4 {
		t.Fatalf("no token and salt were seen: %q", secrets)
	}
	for _, s := range forbiddenIn(t, i.database, i.data).secrets {
		if s != place && s != "" { // the owner's own commands say where the server is; the log does not, as is seen at the end of each test
			secrets = append(secrets, s)
		}
	}
	if len(secrets) < 10 {
		t.Fatalf("no private keys were seen: %d secrets", len(secrets))
	}
	i.keepsSecret(secrets...)
}
