package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// copies makes bob follow a playlist of alice's that has these tracks, and returns the path of his copy.
func (h *home) copies(alice *home, tracks ...playlists.Track) string {
	h.t.Helper()
	path, _ := h.looksAt(alice.publishes("Sunday", playlists.Public, tracks...))
	copied := h.post(path, "mode", "sync").Header.Get("Location")
	h.settle()
	return copied
}

// edits records a new version of alice's playlist.
func (h *home) edits(tracks ...playlists.Track) {
	h.t.Helper()
	owner, err := h.store.AccountByHandle(h.t.Context(), "alice")
	h.ok(err)
	all, err := h.store.List(h.t.Context(), owner.ID)
	h.ok(err)
	for _, l := range all {
		if l.Name == "Sunday" {
			_, _, err := h.store.Record(h.t.Context(), playlists.Playlist{ID: l.ID, Owner: owner.ID, Origin: playlists.Local, Name: "Sunday",
				Curator: playlists.Curator{Name: "Alice"}, Tracks: tracks})
			h.ok(err)
		}
	}
}

// titles of the songs in bob's copy, in order.
func (h *home) titles() string {
	h.t.Helper()
	list, _ := h.music.PlaylistNamed("alice", "Sunday · Alice")
	return strings.Join(h.music.Titles(list.ID), ", ")
}

func TestAChangeArrivesWhenAskedForAndIsInTheHistory(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, _ := friend(t)
	copied := h.copies(alice, joga, unknown)
	alice.edits(joga, sinnerman)
	h.exec(`UPDATE sources SET refreshed = 1, due = due + 1000000`)
	if page := h.follow(h.post(copied + "/again")); page.one("[role=status]") != "The playlist is read again." {
		t.Errorf("%s", page.text)
	}
	h.step(h.fed.RefreshOnce)
	h.settle()
	if h.titles() != "Jóga, Sinnerman" {
		t.Errorf("the list has %s", h.titles())
	}
	page := h.get(copied)
	if changes := page.all(".changes li"); len(changes) != 1 || !strings.Contains(textOf(changes[0]), "1 added, 1 removed Sinnerman") {
		t.Errorf("%s", page.text)
	}
}

func TestAPausedCopyStaysAsItIs(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, _ := friend(t)
	copied := h.copies(alice, joga, unknown)
	if page := h.follow(h.post(copied + "/pause")); len(page.all("form[action$='/resume']")) != 1 || len(page.all("form[action$='/pause']")) != 0 {
		t.Errorf("%s", page.text)
	}
	alice.edits(joga, sinnerman)
	h.exec(`UPDATE sources SET due = 1`)
	h.step(h.fed.RefreshOnce)
	h.settle()
	if h.titles() != "Jóga" || !strings.Contains(h.get("/following").one(".card"), "paused") {
		t.Errorf("the list has %s", h.titles())
	}
	h.post(copied + "/resume")
	h.settle()
	if h.titles() != "Jóga, Sinnerman" {
		t.Errorf("the list has %s", h.titles())
	}
}

func TestUnfollowingKeepsTheListOrRemovesIt(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	for how, left := range map[string]string{"keep": "Jóga", "": "Jóga", "remove": ""} {
		h, _ := friend(t)
		copied := h.copies(alice, joga)
		if a := h.post(copied+"/end", "list", how); a.Header.Get("Location") != copied {
			t.Fatalf("%s: %d\n%s", how, a.StatusCode, a.text)
		}
		h.settle()
		if h.titles() != left {
			t.Errorf("%s: the list has %q", how, h.titles())
		}
		if page := h.get(copied); len(page.all("main form")) != 0 || !strings.Contains(page.one(".masthead"), "over") {
			t.Errorf("%s: %s", how, page.text)
		}
		if page := h.get("/following"); len(page.all(".card")) != 0 {
			t.Errorf("%s: %s", how, page.text)
		}
		if a := h.post(copied + "/pause"); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: what is over is paused: %d", how, a.StatusCode)
		}
	}
}

func TestTheQuestionsOfACopyAreAnsweredByButtons(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, _ := friend(t)
	copied := h.copies(alice, joga, sinnerman)
	list, _ := h.music.PlaylistNamed("alice", "Sunday · Alice")

	h.music.SetPlaylist(list.ID, h.songs["Sinnerman"], h.songs["Jóga"])
	h.post(copied + "/again")
	h.settle()
	if page := h.get(copied); page.one("#question") != "A question for you" || page.one("button[value=mine]") != "Keep my order" {
		t.Fatalf("%s", page.text)
	}
	if page := h.get("/following"); page.one(".asks") != "has a question for you" {
		t.Errorf("%s", page.text)
	}
	h.post(copied+"/order", "order", "original")
	h.settle()
	if h.titles() != "Jóga, Sinnerman" {
		t.Errorf("the list has %s", h.titles())
	}

	h.music.SetPlaylist(list.ID, h.songs["Jóga"])
	h.post(copied + "/again")
	h.settle()
	page := h.get(copied)
	if page.one("#refused") != "Not for you" {
		t.Fatalf("%s", page.text)
	}
	h.post(copied+"/restore", "song", attr(page.all("input[name=song]")[0], "value"))
	h.settle()
	if h.titles() != "Jóga, Sinnerman" {
		t.Errorf("restored, the list has %s", h.titles())
	}
	if a := h.post(copied+"/restore", "song", "no such"); a.StatusCode != http.StatusUnprocessableEntity || a.one("[role=alert]") == "" {
		t.Errorf("%d\n%s", a.StatusCode, a.text)
	}

	h.music.DeletePlaylist(list.ID)
	h.post(copied + "/again")
	h.settle()
	if page := h.get(copied); page.one("#question ~ .buttons button") != "Make it again" {
		t.Fatalf("%s", page.text)
	}
	h.post(copied + "/agree")
	h.settle()
	if h.titles() != "Jóga, Sinnerman" {
		t.Errorf("made again, the list has %s", h.titles())
	}
}

func TestACopyWhoseServerIsSilentSaysThatItStays(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	change, _, err := h.store.Record(t.Context(), playlists.Playlist{Origin: playlists.File, Owner: alice.ID, Name: "Sunday", Tracks: []playlists.Track{{Title: "Jóga", Artist: "Björk"}}})
	h.ok(err)
	_, err = h.store.AddWant(t.Context(), playlists.Want{Account: alice.ID, Playlist: change.Playlist, Target: "@sunday@gone.example", Mode: playlists.Sync, Granted: true})
	h.ok(err)
	h.step(h.bridge.MirrorOnce)
	const day int64 = 24 * 60 * 60 * 1000
	h.exec(`INSERT INTO sources (playlist_id, collection, actor, etag, last_modified, due, lease, attempts, error, refreshed, failing)
		VALUES ($1, 'https://gone.example/1', '', '', '', 1, 0, 99, 'It does not answer.', $2, 1)`, change.Playlist, 30*day)
	if a := h.get("/following"); strings.Contains(a.text, "your copy stays") {
		t.Errorf("too early:\n%s", a.text)
	}
	h.exec(`UPDATE sources SET refreshed = $1`, 31*day)
	if a := h.get("/following"); !strings.Contains(a.one(".card"), "ended; your copy stays") {
		t.Errorf("%s", a.text)
	}
}
