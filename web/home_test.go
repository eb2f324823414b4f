package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// home is a site beside a music server that knows alice ("wonder") and has two songs and a playlist of hers, "Road trip".
// Nobody has an account yet; see member.
type home struct {
	*site
	music  *subsonictest.Server
	musics string            // address of the music server
	asked  atomic.Int64      // how often it was
	songs  map[string]string // title → song id
}

// theOne, as web.Config.FamilyServer, is the home's music server.
const theOne = "the one"

const setupCode = "ABCD-EFGH"

func newHome(t *testing.T, changes ...func(*config)) *home {
	t.Helper()
	h := &home{music: subsonictest.NewServer(subsonictest.Navidrome), songs: map[string]string{}}
	h.music.AddUser("alice", "wonder")
	for _, s := range []playlists.Track{
		{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305},
		{Title: "Sinnerman", Artist: "Nina Simone", Album: "Pastel Blues", Duration: 622},
	} {
		h.songs[s.Title] = h.music.AddSong(s)
	}
	h.music.AddPlaylist("alice", "Road trip", h.songs["Jóga"], h.songs["Sinnerman"])
	music := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		h.music.ServeHTTP(w, r)
	}))
	t.Cleanup(music.Close)
	h.musics = music.URL
	h.site = newSite(t, append(changes, func(c *config) {
		c.SetupCode = func(context.Context) (string, error) { return setupCode, nil }
		if c.FamilyServer == theOne {
			c.FamilyServer = h.musics
		}
	})...)
	return h
}

// member is a home where alice has an account, is connected, and is signed in.
func member(t *testing.T, changes ...func(*config)) (*home, playlists.Account) {
	t.Helper()
	h := newHome(t, changes...)
	a := h.join("alice", "wonder", playlists.Account{Handle: "alice", Name: "Alice", Language: "en", Admin: true})
	h.signIn("alice", "wonder")
	return h, a
}

// join makes an account for somebody whom the music server knows.
func (h *home) join(user, password string, a playlists.Account) playlists.Account {
	h.t.Helper()
	a, err := h.store.AddAccount(h.t.Context(), a)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.bridge.Connect(h.t.Context(), a.ID, h.musics, user, password); err != nil {
		h.t.Fatal(err)
	}
	h.ok(h.bridge.PollAccount(h.t.Context(), a.ID))
	return a
}

func (h *home) signIn(user, password string) {
	h.t.Helper()
	if a := h.post("/signin", "name", user, "password", password); a.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("sign in: %d\n%s", a.StatusCode, a.text)
	}
}

// account is the ID of who has a public name.
func (h *home) account(handle string) playlists.ID {
	h.t.Helper()
	a, err := h.store.AccountByHandle(h.t.Context(), handle)
	h.ok(err)
	return a.ID
}
