package web_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// cover makes a playlist have one, as its owner wants and the music server's side does.
func (w *world) cover(pub playlists.Publication) []byte {
	w.t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, playlists.CoverSize, playlists.CoverSize)), nil); err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.SetCoverWanted(w.t.Context(), pub.Playlist, true); err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.KeepCover(w.t.Context(), playlists.DueCover{Playlist: pub.Playlist, Revision: 1}, b.Bytes()); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhoMaySeeACover(t *testing.T) {
	t.Parallel()
	w := setup(t)
	nothing := w.get("/@alice_nothing.jpg")
	paths := map[playlists.Audience]string{}
	var want []byte
	for a, pub := range w.published {
		paths[a] = w.path(a) + ".jpg"
		if got := w.get(paths[a]); got.StatusCode != 404 || got.text != nothing.text {
			t.Errorf("%s without a cover: %d", a, got.StatusCode)
		}
		want = w.cover(pub)
	}
	for _, a := range []playlists.Audience{playlists.Public, playlists.Unlisted, playlists.Link} {
		got := w.get(paths[a])
		if got.StatusCode != 200 || got.text != string(want) || got.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: %d %s, %d bytes", a, got.StatusCode, got.Header.Get("Content-Type"), len(got.text))
		}
		caches := "public, max-age=3600"
		if a == playlists.Link {
			caches = "private, no-cache"
		}
		for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow, noai, noimageai",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": caches} {
			if got.Header.Get(name) != value {
				t.Errorf("%s: %s is %q", a, name, got.Header.Get(name))
			}
		}
		if again := w.get(paths[a]+"?v=whatever", "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: sent again, %d", a, again.StatusCode)
		}
	}
	if got := w.get(paths[playlists.Followers]); got.StatusCode != 404 || got.text != nothing.text {
		t.Errorf("for followers: %d", got.StatusCode)
	}
	if got := w.get("/@alice.jpg"); got.StatusCode != 404 || got.text != nothing.text {
		t.Errorf("of an account: %d", got.StatusCode)
	}
	for _, a := range []playlists.Audience{playlists.Public, playlists.Link} {
		w.withdraw(w.published[a])
		if got := w.get(paths[a]); got.StatusCode != 410 {
			t.Errorf("%s, withdrawn: %d", a, got.StatusCode)
		}
	}
}

func TestPagesShowACover(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for a, pub := range w.published {
		if page := w.get(w.path(a)); len(page.all("img.cover")) != 0 || len(page.all(`meta[property="og:image"]`)) != 0 {
			t.Errorf("%s shows a cover that is not there", a)
		}
		w.cover(pub)
	}
	for a := range w.published {
		page := w.get(w.path(a))
		images, previews := page.all("img.cover"), page.all(`meta[property="og:image"]`)
		if a == playlists.Followers {
			if len(images)+len(previews) != 0 || strings.Contains(page.text, ".jpg") {
				t.Error("the card for followers shows the cover")
			}
			continue
		}
		if len(images) != 1 || len(previews) != 1 {
			t.Fatalf("%s: %d images, %d previews", a, len(images), len(previews))
		}
		src := attr(images[0], "src")
		if !strings.HasPrefix(src, w.path(a)+".jpg?v=") || attr(images[0], "width") != "600" || attr(images[0], "height") != "600" ||
			!strings.HasPrefix(attr(images[0], "alt"), "Cover of ") {
			t.Errorf("%s: image %+v", a, images[0].Attr)
		}
		if got := w.get(src); got.StatusCode != 200 || got.Header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%s: the image is %d", a, got.StatusCode)
		}
		if attr(previews[0], "content") != "https://b.example"+src || len(page.all(`meta[property="og:image:alt"]`)) != 1 {
			t.Errorf("%s: preview %q", a, attr(previews[0], "content"))
		}
	}
	cards := w.get("/@alice").all(".card img.cover")
	if len(cards) != 1 || attr(cards[0], "alt") != "" || !strings.HasPrefix(attr(cards[0], "src"), w.path(playlists.Public)+".jpg?v=") {
		t.Errorf("the account's page shows %d covers", len(cards))
	}
}

func TestFilesNameTheCoverAndSayWhetherTheListIsOpen(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, pub := range w.published {
		w.cover(pub)
	}
	for _, a := range []playlists.Audience{playlists.Public, playlists.Unlisted, playlists.Link} {
		src := "https://b.example" + attr(w.get(w.path(a)).all("img.cover")[0], "src")
		for _, ext := range []string{".jspf", ".xspf", ".m3u8"} {
			if file := w.get(w.path(a) + ext); !strings.Contains(file.text, src) {
				t.Errorf("%s: %s is not in the %s", a, src, ext)
			}
		}
		if file := w.get(w.path(a) + ".jspf"); strings.Contains(file.text, `"public": true`) != a.Open() {
			t.Errorf("%s: %s", a, file.text)
		}
	}
}
