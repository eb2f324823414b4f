//go:build supysonic

package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/supysonictest"
)

// home is where people live who share a real music server with real files, and a real Songferry beside it.
type home struct {
	*installation
	music *supysonictest.Server
	songs map[string]string // path of a file → its id on the music server
	paths map[string]string // and back
}

// newHome starts the music server and connects an account for each person. The daemon does not run yet.
func newHome(t testing.TB, people []string, files []supysonictest.File, settings ...string) *home {
	t.Helper()
	h := &home{installation: install(t, settings...), music: supysonictest.Start(t, files...), songs: map[string]string{}, paths: map[string]string{}}
	for _, name := range people {
		h.music.AddUser(t, name, passwordOf(name), false)
	}
	h.readSongs(people[0])
	if len(h.songs) != len(files) {
		t.Fatalf("the music server has %v instead of the %d files", h.songs, len(files))
	}
	for _, name := range people {
		h.addAccount(name, h.music.URL, passwordOf(name))
	}
	return h
}

// readSongs learns which ids the files have.
func (h *home) readSongs(user string) {
	h.t.Helper()
	a, err := h.call(user, "search3", url.Values{"query": {""}, "songCount": {"500"}})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range a.SearchResult3.Song {
		h.songs[s.Path], h.paths[s.ID] = s.ID, s.Path
	}
}

func passwordOf(name string) string { return "open-sesame-" + name }

// subsonicAnswer is what a test reads of the Subsonic API.
type subsonicAnswer struct {
	Status        string
	Error         struct{ Message string }
	SearchResult3 struct {
		Song []struct{ ID, Path string }
	}
	Playlists struct{ Playlist []musicList }
	Playlist  struct {
		Entry []struct{ ID string }
	}
}

// musicList is a playlist on a music server.
type musicList struct {
	ID, Name, Owner, Comment string
	Public                   bool
	Songs                    []string // paths of the files
}

// call asks the music server as one of its users, without any code of Songferry's.
func (h *home) call(user, method string, params url.Values) (subsonicAnswer, error) {
	form := url.Values{"u": {user}, "p": {passwordOf(user)}, "c": {"test"}, "v": {"1.8.0"}, "f": {"json"}}
	for name, values := range params {
		form[name] = values
	}
	res, err := http.PostForm(h.music.URL+"/rest/"+method+".view", form)
	if err != nil {
		return subsonicAnswer{}, err
	}
	defer res.Body.Close()
	var doc struct {
		Answer subsonicAnswer `json:"subsonic-response"`
	}
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
		return subsonicAnswer{}, fmt.Errorf("%s: HTTP %d: %w", method, res.StatusCode, err)
	}
	if doc.Answer.Status != "ok" {
		return subsonicAnswer{}, fmt.Errorf("%s: %s", method, doc.Answer.Error.Message)
	}
	return doc.Answer, nil
}

func (h *home) do(user, method string, params url.Values) {
	h.t.Helper()
	if _, err := h.call(user, method, params); err != nil {
		h.t.Fatal(err)
	}
}

// lists returns a user's own playlists.
func (h *home) lists(user string) ([]musicList, error) {
	a, err := h.call(user, "getPlaylists", nil)
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(a.Playlists.Playlist, func(l musicList) bool { return l.Owner != user })
	for i, l := range own {
		full, err := h.call(user, "getPlaylist", url.Values{"id": {l.ID}})
		if err != nil {
			return nil, err
		}
		for _, e := range full.Playlist.Entry {
			own[i].Songs = append(own[i].Songs, h.paths[e.ID])
		}
	}
	return own, nil
}

// list returns the user's only playlist of this name.
func (h *home) list(user, name string) (musicList, error) {
	lists, err := h.lists(user)
	if err != nil {
		return musicList{}, err
	}
	named := slices.DeleteFunc(slices.Clone(lists), func(l musicList) bool { return l.Name != name })
	if len(named) != 1 {
		return musicList{}, fmt.Errorf("%s has %d playlists %q: %+v", user, len(named), name, lists)
	}
	return named[0], nil
}

// comes waits until a user's playlist is there with exactly these songs, and returns it.
func (h *home) comes(user, name string, songs ...string) (l musicList) {
	h.t.Helper()
	await(h.t, fmt.Sprintf("%q of %s", name, user), func() error {
		var err error
		if l, err = h.list(user, name); err == nil && !slices.Equal(l.Songs, songs) {
			err = fmt.Errorf("it holds %q instead of %q", l.Songs, songs)
		}
		return err
	})
	return l
}

// make makes a playlist on the music server, as with any player, and returns its id.
func (h *home) make(user, name string, songs ...string) string {
	h.t.Helper()
	h.do(user, "createPlaylist", url.Values{"name": {name}, "songId": h.ids(songs)})
	l, err := h.list(user, name)
	if err != nil {
		h.t.Fatal(err)
	}
	return l.ID
}

func (h *home) ids(paths []string) []string {
	h.t.Helper()
	ids := make([]string, len(paths))
	for i, p := range paths {
		id, ok := h.songs[p]
		if !ok {
			h.t.Fatalf("no file %q", p)
		}
		ids[i] = id
	}
	return ids
}

func (h *home) set(user, list string, songs ...string) {
	h.t.Helper()
	h.do(user, "createPlaylist", url.Values{"playlistId": {list}, "songId": h.ids(songs)})
}

func (h *home) add(user, list, song string) {
	h.t.Helper()
	h.do(user, "updatePlaylist", url.Values{"playlistId": {list}, "songIdToAdd": h.ids([]string{song})})
}

func (h *home) remove(user, list string, position int) {
	h.t.Helper()
	h.do(user, "updatePlaylist", url.Values{"playlistId": {list}, "songIndexToRemove": {strconv.Itoa(position)}})
}

func (h *home) rename(user, list, name string) {
	h.t.Helper()
	h.do(user, "updatePlaylist", url.Values{"playlistId": {list}, "name": {name}})
}

// keepsSecrets looks for the passwords. supysonic knows no tokens, so the bridge keeps the passwords themselves, sealed.
func (h *home) keepsSecrets() {
	h.t.Helper()
	for _, name := range h.accounts {
		h.keepsSecret(passwordOf(name), hex.EncodeToString([]byte(passwordOf(name))))
	}
}
