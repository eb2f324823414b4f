package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation"
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
	for _, want := range []string{"Road trip: held, until you release or drop it\n", "  | 1 track added to Road trip:\n", "  | The Lanterns – Paper Boats\n"} {
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
	if got := alice.news(); !strings.HasPrefix(got, "Recently played: makes no posts, because a rule fills it") {
		t.Errorf("got %s", got)
	}
}

func TestACoverComesFromTheMusicServerToThePageAndGoesWithTheWish(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Gonic, harbour, boats)
	var sleeve bytes.Buffer
	if err := png.Encode(&sleeve, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	alice.music.SetAlbumCover(harbour.Album, sleeve.Bytes())
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	id, _ := alice.publish("Road trip", playlists.Public)
	pub, err := alice.store.Publication(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	_, page := alice.address(pub)
	settle(alice)
	wish := func(cover bool) {
		t.Helper()
		if err := alice.fed.SetNews(t.Context(), id, federation.NewsSettings{Mode: federation.NewsOn, PerDay: 1, Cover: cover}); err != nil {
			t.Fatal(err)
		}
		alice.editServer(list, "Harbour Lights", "Paper Boats")
		settle(alice)
	}
	status := func() (int, string) {
		t.Helper()
		res, err := http.Get(page + ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode, res.Header.Get("Content-Type")
	}
	if code, _ := status(); code != 404 {
		t.Errorf("nobody wanted a cover: %d", code)
	}
	wish(true)
	if code, kind := status(); code != 200 || kind != "image/jpeg" {
		t.Errorf("wanted: %d %s", code, kind)
	}
	sent, err := alice.fed.SentNewsOf(t.Context(), alice.account.ID, 1)
	if err != nil || len(sent) != 1 {
		t.Fatalf("sent %v, %v", sent, err)
	}
	base := page[:strings.LastIndex(page, "/@")]
	res, err := http.Get(base + "/ap/notes/" + sent[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var note struct {
		Attachment []struct{ URL, Name string }
	}
	if err := json.NewDecoder(res.Body).Decode(&note); err != nil || len(note.Attachment) != 1 ||
		!strings.HasPrefix(note.Attachment[0].URL, page+".jpg?v=") || note.Attachment[0].Name != "Cover of Road trip" {
		t.Errorf("the post has %+v, %v", note, err)
	}
	wish(false)
	if code, _ := status(); code != 404 {
		t.Errorf("no longer wanted: %d", code)
	}
}
