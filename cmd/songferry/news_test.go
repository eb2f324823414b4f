package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// news returns what `songferry news list` prints for a person.
func (p *person) news() string {
	p.t.Helper()
	rows, err := p.newsRows(p.t.Context(), p.account)
	if err != nil {
		p.t.Fatal(err)
	}
	var out bytes.Buffer
	rows.print(&out)
	return out.String()
}

// editServer makes a playlist on the person's music server consist of these titles, and lets the bridge notice.
func (p *person) editServer(list string, titles ...string) {
	p.t.Helper()
	p.music.SetPlaylist(list, p.ids(titles...)...)
	p.step(p.subsonic.PollOnce)
	p.step(p.fed.AnnounceOnce)
	p.step(p.fed.NewsOnce)
}

func TestAnOwnerReadsHoldsAndReleasesNews(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	if got := alice.news(); !strings.Contains(got, "No playlist of this account is on the fediverse") {
		t.Errorf("before: %s", got)
	}
	id, _ := alice.publish("Road trip", playlists.Public)
	settle(alice)
	if got := alice.news(); got != "Road trip: nothing to tell\n" {
		t.Errorf("published: %s", got)
	}
	if err := alice.fed.HoldNews(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	alice.editServer(list, "Harbour Lights", "Paper Boats")
	got := alice.news()
	for _, want := range []string{"Road trip: held, until you release or drop it\n", "  | 1 track added to Road trip:\n", "  | - The Lanterns – Paper Boats\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in:\n%s", want, got)
		}
	}
	if err := alice.fed.HoldNews(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	settle(alice)
	if got := alice.news(); !strings.Contains(got, "1 track added to Road trip:  0 likes, 0 boosts, 0 replies\n") {
		t.Errorf("sent:\n%s", got)
	}
}

func TestASmartPlaylistOfNavidromeIsSilent(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	list := alice.music.AddPlaylist("alice", "Recently played", alice.ids("Harbour Lights")...)
	alice.music.SetReadOnly(list, true)
	alice.publish("Recently played", playlists.Public)
	settle(alice)
	alice.editServer(list, "Harbour Lights", "Paper Boats")
	if got := alice.news(); got != "Recently played: nothing to tell\n" {
		t.Errorf("got %s", got)
	}
}
