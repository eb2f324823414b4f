package federation

import (
	"bytes"
	"encoding/json"
	"fmt"
	pixels "image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// cover makes the playlist have a cover of one shade, as the music server's side does once its owner wants one.
func (r *readers) cover(shade uint8) {
	r.t.Helper()
	img := pixels.NewGray(pixels.Rect(0, 0, playlists.CoverSize, playlists.CoverSize))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	var b bytes.Buffer
	r.ok(jpeg.Encode(&b, img, nil))
	revision, _, err := r.store.Newest(r.t.Context(), r.pub.Playlist)
	r.ok(err)
	r.ok(r.store.KeepCover(r.t.Context(), playlists.DueCover{Playlist: r.pub.Playlist, Revision: revision}, b.Bytes()))
	r.steps()
}

func (r *readers) setCover(wanted bool) {
	r.t.Helper()
	r.ok(r.SetNews(r.t.Context(), r.pub.Playlist, NewsSettings{Mode: NewsAuto, PerDay: 10, Cover: wanted}))
	r.steps()
}

// coverAddress is where the cover is now.
func (r *readers) coverAddress() string {
	r.t.Helper()
	pub, err := r.store.PublicationByPublicID(r.t.Context(), r.pub.PublicID)
	r.ok(err)
	return r.addr().Cover(r.addr().Profile(pub.Handle), pub.Cover)
}

func TestTheCoverIsAttachedWhereItsOwnerWantsThat(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	attached := func(title string) any {
		r.t.Helper()
		titles := append(r.has(r.pub.Playlist), title)
		r.now(titles...)
		r.later(time.Hour)
		notes := objects(t, r.bobs, "Create", "Note")
		if last := notes[len(notes)-1]; strings.Contains(last["content"].(string), title) {
			return last["attachment"]
		}
		t.Fatalf("%s was not told: %v", title, notes)
		return nil
	}
	r.cover(1)
	if got := attached("Unwanted"); got != nil {
		t.Errorf("nobody wanted it: %v", got)
	}
	r.setCover(true)
	if s, err := r.NewsSettingsOf(t.Context(), r.pub.Playlist); err != nil || !s.Cover {
		t.Errorf("settings %+v, %v", s, err)
	}
	if got := attached("Before"); got != nil {
		t.Errorf("there is none yet: %v", got)
	}
	r.cover(1)
	address := r.coverAddress()
	want := fmt.Sprintf(`[{"height":600,"mediaType":"image/jpeg","name":"Cover of Road trip","type":"Image","url":%q,"width":600}]`, address)
	got, err := json.Marshal(attached("Night Bus"))
	r.ok(err)
	if string(got) != want {
		t.Errorf("attached %s\nwant %s", got, want)
	}

	// A corrected post keeps what it showed; a later one shows what is there then.
	r.cover(200)
	if r.coverAddress() == address {
		t.Error("another cover at the same address: nobody would fetch it")
	}
	r.later(day)
	r.now("Harbour Lights", "Paper Boats", "Fog", "Oops")
	r.later(time.Hour)
	r.now("Harbour Lights", "Paper Boats", "Fog")
	r.cover(100)
	r.later(time.Hour)
	notes := objects(t, r.bobs, "Create", "Note")
	first, err := json.Marshal(notes[len(notes)-1]["attachment"])
	r.ok(err)
	updated := objects(t, r.bobs, "Update", "Note")
	if len(updated) == 0 {
		t.Fatal("no post was corrected")
	}
	second, err := json.Marshal(updated[len(updated)-1]["attachment"])
	r.ok(err)
	if !bytes.Equal(first, second) || bytes.Equal(first, []byte("null")) || strings.Contains(string(first), address) {
		t.Errorf("it showed %s, and %s once corrected", first, second)
	}

	r.setCover(false)
	r.later(day)
	if got := attached("After"); got != nil {
		t.Errorf("it is no longer wanted: %v", got)
	}
}

// Who keeps an avatar is told of another one.
func TestFollowersAreToldOfAnotherCover(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Unlisted)
	r.setCover(true)
	r.later(time.Hour)
	icon := func() any {
		t.Helper()
		actors := objects(t, r.bobs, "Update", "Service")
		if len(actors) == 0 {
			return nil
		}
		i, _ := actors[len(actors)-1]["icon"].(map[string]any)
		return i["url"]
	}
	head := func() (d struct{ Icon, Image *shownImage }) {
		t.Helper()
		r.ok(json.Unmarshal([]byte(r.get(r.addr().Actor(r.pub.PublicID)).body), &d))
		var list struct{ Image *shownImage }
		r.ok(json.Unmarshal([]byte(r.get(r.addr().Collection(r.pub.PublicID)).body), &list))
		d.Image = list.Image
		return d
	}
	before := r.get(r.addr().Collection(r.pub.PublicID))
	for _, shade := range []uint8{1, 100} {
		r.cover(shade)
		r.later(3 * time.Minute)
		if icon() != r.coverAddress() {
			t.Errorf("told of %v, want %s", icon(), r.coverAddress())
		}
		if d := head(); d.Icon == nil || d.Image == nil || d.Icon.URL != r.coverAddress() || d.Image.URL != r.coverAddress() {
			t.Errorf("documents show %+v", d)
		}
	}
	n := len(objects(t, r.bobs, "Update", "Service"))
	r.cover(100) // the same again
	r.later(time.Hour)
	if got := len(objects(t, r.bobs, "Update", "Service")); got != n {
		t.Errorf("told again of the same: %d and %d", n, got)
	}
	// Nobody who read the collection before holds on to that.
	for _, header := range [][2]string{{"If-None-Match", before.header.Get("ETag")}, {"If-Modified-Since", before.header.Get("Last-Modified")}} {
		if got := r.get(r.addr().Collection(r.pub.PublicID), func(q *http.Request) { q.Header.Set(header[0], header[1]) }); got.status != 200 {
			t.Errorf("%s: %d", header[0], got.status)
		}
	}
	r.setCover(false)
	r.later(3 * time.Minute)
	if d := head(); d.Icon != nil || d.Image != nil || icon() != nil {
		t.Errorf("still shown: %+v, told of %v", d, icon())
	}
}

type shownImage struct{ URL string }

func TestAPlaylistForFollowersShowsNoCover(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.setCover(true)
	r.cover(1)
	r.republish(r.pub.Playlist, playlists.Followers)
	// At once, before anything is read from the journal.
	if got := r.get(r.addr().Actor(r.pub.PublicID)); got.status != 200 || strings.Contains(got.body, ".jpg") {
		t.Errorf("the actor shows it: %+v", got)
	}
	r.cover(1)
	r.later(time.Hour)
	if got := r.get(r.addr().Actor(r.pub.PublicID)); got.status != 200 || strings.Contains(got.body, ".jpg") {
		t.Errorf("the actor shows it: %+v", got)
	}
}
