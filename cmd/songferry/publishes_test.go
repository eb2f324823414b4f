package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// gossip is a music server that tells with every song what is nobody's business but its owner's.
type gossip struct {
	server http.Handler
	told   atomic.Int32 // answers
}

var indiscretions = strings.NewReplacer(
	`"path":"`, `"path":"/srv/secret-disk/`,
	`"isDir":false`, `"isDir":false,"coverArt":"al-secretcover","playCount":471147,"starred":"2020-02-02T02:02:02Z","userRating":5,"comment":"secret song comment","size":987654321,"suffix":"flac"`,
)

func (g *gossip) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	g.server.ServeHTTP(rec, r)
	body := indiscretions.Replace(rec.Body.String())
	if body != rec.Body.String() {
		g.told.Add(1)
	}
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(rec.Code)
	_, _ = bytes.NewBufferString(body).WriteTo(w) // the bridge may have hung up
}

// TestG105NothingOfTheMusicServerIsPublished walks every answer that strangers can reach, as a page and as a document.
func TestG105NothingOfTheMusicServerIsPublished(t *testing.T) {
	t.Parallel()
	const login, password = "alicia.private-login", "correct horse battery"
	music := subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser(login, password)
	first, second := music.AddSong(harbour), music.AddSong(boats)
	lists := []string{music.AddPlaylist(login, "Road trip", first, second), music.AddPlaylist(login, "For Bob", second), music.AddPlaylist(login, "Secret diary", first)}
	g := &gossip{server: music}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	i := install(t)
	i.serve()
	i.mustWith([]string{"SONGFERRY_SUBSONIC_PASSWORD=" + password}, "account", "add", "alice", "--subsonic-url", server.URL, "--subsonic-user", login)
	i.accounts = append(i.accounts, "alice")
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	link := i.must("playlist", "publish", "--account", "alice", "--audience", "link", "For Bob")
	at := strings.Index(link, "/s/")
	if at < 0 {
		t.Fatalf("no link in %s", link)
	}
	token := strings.Fields(link[at+len("/s/"):])[0]

	secrets := append([]string{login, password, strings.TrimPrefix(server.URL, "http://"), "secret-disk", "al-secretcover", "471147", "2020-02-02", "secret song comment", "987654321", ".flac",
		"Secret diary"}, append(lists, first, second)...)
	answers, tracks := 0, 0
	i.eachAnswer(func(address, answer string) {
		answers++
		if strings.Contains(answer, "Harbour Lights") {
			tracks++
		}
		for _, s := range append(slices.Clone(secrets), token, "For Bob") {
			if strings.Contains(answer, s) {
				t.Errorf("%s tells %q:\n%s", address, s, answer)
			}
		}
	})
	for _, accept := range []string{"text/html", "application/activity+json"} {
		for _, path := range []string{"/s/" + token, "/s/" + token + "?page=1", "/s/" + token + ".jspf", "/s/" + token + ".xspf", "/s/" + token + ".csv", "/s/" + token + ".m3u8",
			"/s/" + token + "x", "/ap/playlists/" + token, "/ap/actors/" + first, "/@" + login, "/.well-known/webfinger?resource=acct:" + login + "@x"} {
			_, answer, err := get(i.url+path, accept)
			if err != nil {
				t.Error(err)
			}
			for _, s := range secrets {
				if strings.Contains(answer, s) {
					t.Errorf("%s tells %q:\n%s", path, s, answer)
				}
			}
		}
	}
	if answers < 20 || tracks < 3 || g.told.Load() == 0 {
		t.Errorf("only %d answers were read, %d with tracks, of a server that told %d times", answers, tracks, g.told.Load())
	}
	for _, s := range append(secrets[1:2], secrets[3:10]...) { // who runs the bridge may read whose login at which server fails
		if strings.Contains(i.readLog(), s) {
			t.Errorf("the log tells %q", s)
		}
	}
	if strings.Contains(i.readLog(), token) {
		t.Error("the log tells the secret link")
	}
}
