package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// exported returns all that is in the export of who sits at the browser.
func (h *home) exported() string {
	h.t.Helper()
	a := h.get("/settings/export.zip")
	archive, err := zip.NewReader(bytes.NewReader([]byte(a.text)), int64(len(a.text)))
	h.ok(err)
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		h.ok(err)
		_, err = io.Copy(&all, r)
		h.ok(err)
	}
	return all.String()
}

// sunday records a version of the playlist of alice's that has this ID.
func (h *home) sunday(owner, id playlists.ID, tracks ...playlists.Track) {
	h.t.Helper()
	_, _, err := h.store.Record(h.t.Context(), playlists.Playlist{ID: id, Owner: owner, Origin: playlists.Local, Name: "Road trip", Tracks: tracks})
	h.ok(err)
}

func TestWhoIsNotApprovedYetReadsNothingOfThePlaylist(t *testing.T) {
	t.Parallel()
	f := newFriends(t)
	wants, err := f.store.AccountWants(t.Context(), f.bob.ID)
	f.ok(err)
	f.sunday(f.alice.ID, f.pub.Playlist, joga, sinnerman, unknown)
	f.client = browser(t)
	f.signIn("bob", "builder")
	if a := f.get("/following/" + string(wants[0].ID)); strings.Contains(a.text, unknown.Title) || !strings.Contains(a.text, "Road trip") {
		t.Errorf("his page of it:\n%s", a.text)
	}
	if all := f.exported(); !strings.Contains(all, "\nplaylist,'@") { // a spreadsheet would take it for a formula
		t.Errorf("his export:\n%s", all)
	}
	if all := f.exported(); strings.Contains(all, unknown.Title) || strings.Contains(all, sinnerman.Title) || !strings.Contains(all, f.pub.Handle) {
		t.Errorf("his export:\n%s", all)
	}
}

func TestWhoKnewAnOldLinkIsNotToldTheNewOne(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	list := h.list(alice.ID)
	old, err := h.store.Publish(t.Context(), list.ID, playlists.Link)
	h.ok(err)
	bob := h.admit("bob", playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	target := h.server.URL + "/s/" + old.Token
	var pages []string
	for _, mode := range []playlists.Mode{playlists.Sync, playlists.Once} {
		found, err := h.fed.Find(t.Context(), bob.ID, target)
		h.ok(err)
		want, err := h.fed.Subscribe(t.Context(), bob.ID, found, target, mode, playlists.Keep)
		h.ok(err)
		pages = append(pages, "/following/"+string(want.ID))
	}
	h.settle()
	for _, page := range pages {
		if a := h.get(page); !strings.Contains(a.text, "/s/"+old.Token) {
			t.Errorf("%s does not lead to the playlist:\n%s", page, a.text)
		}
	}
	now, err := h.store.NewLink(t.Context(), list.ID)
	h.ok(err)
	h.sunday(alice.ID, list.ID, joga, unknown)
	h.settle()
	for _, page := range pages {
		if a := h.get(page); strings.Contains(a.text, now.Token) || strings.Contains(a.text, unknown.Title) {
			t.Errorf("%s tells the new link:\n%s", page, a.text)
		}
	}
	if a := h.get(pages[0]); !strings.Contains(a.text, "Its owner withdrew the playlist.") {
		t.Errorf("bob is not told why his copy is over:\n%s", a.text)
	}
	if all := h.exported(); strings.Contains(all, now.Token) || strings.Contains(all, unknown.Title) || !strings.Contains(all, sinnerman.Title) {
		t.Errorf("the export:\n%s", all)
	}
	lists, err := h.bridge.LastResult(t.Context(), playlists.ID(strings.TrimPrefix(pages[1], "/following/")))
	h.ok(err)
	if l, ok := h.music.Playlist(lists.ServerID); !ok || strings.Contains(l.Comment, now.Token) {
		t.Errorf("the list on bob's music server says %q", l.Comment)
	}
}
