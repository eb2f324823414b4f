package subsonicbridge_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// Covers of these colours stay apart when they are scaled and compressed.
var (
	red    = color.RGBA{R: 255, A: 255}
	green  = color.RGBA{G: 255, A: 255}
	blue   = color.RGBA{B: 255, A: 255}
	yellow = color.RGBA{R: 255, G: 255, A: 255}
	black  = color.RGBA{A: 255}
)

func solid(c color.Color) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 80, 80))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func pngOf(c color.Color) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, solid(c)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// listWithCovers makes a playlist of bob's with one song of an album for each colour, publishes it, and lets him want a
// cover.
func (w *home) listWithCovers(a playlists.Audience, colours ...color.Color) (list string, pub playlists.Publication) {
	w.Helper()
	titles := words(len(colours))
	songs := w.own(titles...)
	for i, title := range titles {
		w.server.SetAlbumCover(track(title).Album, pngOf(colours[i]))
	}
	list = w.server.AddPlaylist("bob", "Mine", songs...)
	w.poll()
	return list, w.wantCover("Mine", a)
}

func (w *home) wantCover(name string, a playlists.Audience) playlists.Publication {
	w.Helper()
	pub, err := w.store.Publish(w.Context(), w.named(name).ID, a)
	w.must(err)
	w.must(w.store.SetCoverWanted(w.Context(), pub.Playlist, true))
	w.server.Requests()
	return pub
}

// cover is the cover that is shown now, nil when there is none.
func (w *home) cover(pub playlists.Publication) image.Image {
	w.Helper()
	pub, err := w.store.PublicationByPublicID(w.Context(), pub.PublicID)
	w.must(err)
	c, err := w.store.Cover(w.Context(), pub)
	if playlists.CodeOf(err) == playlists.NotFound {
		return nil
	}
	w.must(err)
	img, err := jpeg.Decode(bytes.NewReader(c.JPEG))
	w.must(err)
	return img
}

// expectCover compares the colours in the middles of its four tiles.
func (w *home) expectCover(pub playlists.Publication, colours ...color.RGBA) {
	w.Helper()
	img := w.cover(pub)
	if img == nil || img.Bounds() != image.Rect(0, 0, playlists.CoverSize, playlists.CoverSize) {
		w.Fatalf("no cover, or one of another size: %v", img)
	}
	for i, at := range []image.Point{{150, 150}, {450, 150}, {150, 450}, {450, 450}} {
		got := color.RGBAModel.Convert(img.At(at.X, at.Y)).(color.RGBA)
		if want := colours[i%len(colours)]; !near(got.R, want.R) || !near(got.G, want.G) || !near(got.B, want.B) {
			w.Errorf("tile %d is %v, want %v", i, got, want)
		}
	}
}

func near(a, b uint8) bool { return max(a, b)-min(a, b) < 12 }

func (w *home) expectNoCover(pub playlists.Publication) {
	w.Helper()
	if img := w.cover(pub); img != nil {
		w.Error("there is a cover")
	}
	if s, err := w.bridge.Status(w.Context(), w.bob.ID); err != nil || s.LastError.String() != "" {
		w.Errorf("bob is told %q, %v", s.LastError, err)
	}
}

// coverCalls counts the images asked for since the last look.
func (w *home) coverCalls() (n int) {
	for _, r := range w.server.Requests() {
		if r.Method == "getCoverArt" {
			n++
		}
	}
	return n
}

func TestACoverShowsTheFirstAlbums(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		list, pub := w.listWithCovers(playlists.Public, red, green, blue, yellow, black)
		songs := w.lists()[0].Songs
		w.server.SetPlaylist(list, append([]string{songs[0]}, songs...)...) // two rows of one album
		w.poll()
		w.expectCover(pub, red, green, blue, yellow)
		if n := w.coverCalls(); n < 4 || n > 5 {
			w.Errorf("%d images asked for", n)
		}
		for range 3 {
			w.poll()
		}
		if n := w.coverCalls(); n != 0 {
			w.Errorf("nothing is new, and %d images were asked for", n)
		}
		w.server.SetPlaylist(list, songs[4], songs[3])
		w.poll()
		w.expectCover(pub, black, yellow, yellow, black)
		w.server.SetPlaylist(list, songs[1])
		w.poll()
		w.expectCover(pub, green)
	})
}

func TestACoverThatItsOwnerChoseIsShownWhole(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	list, pub := w.listWithCovers(playlists.Unlisted, red, green, blue, yellow)
	w.poll()
	w.expectCover(pub, red, green, blue, yellow) // not what Navidrome draws of random albums
	w.server.SetPlaylistCover(list, pngOf(black))
	w.clock.pass(24 * time.Hour) // a day later it is seen without a change of the list
	w.poll()
	w.expectCover(pub, black)
}

func TestNavidromesImageForAlbumsWithoutCoverIsNoTile(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	songs := w.own("Amber", "Birch", "Cedar", "Dahlia")
	w.server.SetAlbumCover(track("Dahlia").Album, pngOf(red))
	w.server.AddPlaylist("bob", "Mine", songs...)
	w.poll()
	pub := w.wantCover("Mine", playlists.Public)
	w.poll()
	w.expectCover(pub, subsonictest.PlaceholderColour, red, red, subsonictest.PlaceholderColour) // once, not three times
}

func TestNoCoverIsMadeThatNobodyMaySeeOrWants(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	_, pub := w.listWithCovers(playlists.Followers, red)
	w.poll()
	w.expectNoCover(pub)
	w.must(w.store.SetCoverWanted(t.Context(), pub.Playlist, false))
	_, err := w.store.Publish(t.Context(), pub.Playlist, playlists.Public)
	w.must(err)
	w.poll()
	w.expectNoCover(pub)
	if n := w.coverCalls(); n != 0 {
		t.Errorf("%d images asked for", n)
	}
	w.must(w.store.SetCoverWanted(t.Context(), pub.Playlist, true))
	w.poll()
	w.expectCover(pub, red)
}

func TestHostileImagesAreNoCoverAndNoTrouble(t *testing.T) {
	t.Parallel()
	var photograph, moving bytes.Buffer
	noise := image.NewGray(image.Rect(0, 0, 500, 500))
	for i := range noise.Pix {
		noise.Pix[i] = byte(i * i >> 3)
	}
	if err := jpeg.Encode(&photograph, noise, nil); err != nil {
		t.Fatal(err)
	}
	frame := image.NewPaletted(image.Rect(0, 0, 10, 10), color.Palette{red, blue})
	frames := &gif.GIF{Config: image.Config{Width: 60_000, Height: 60_000, ColorModel: frame.Palette}}
	for range 500 {
		frames.Image, frames.Delay = append(frames.Image, frame), append(frames.Delay, 1)
	}
	if err := gif.EncodeAll(&moving, frames); err != nil {
		t.Fatal(err)
	}
	for what, body := range map[string][]byte{
		"50,000 by 50,000 pixels": pngHeader(50_000, 50_000),
		"no pixels":               pngHeader(0, 0),
		"an SVG image":            []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"a page":                  []byte(`<!doctype html><script>alert(1)</script>`),
		"half a photograph":       photograph.Bytes()[:photograph.Len()/2],
		"an animated bomb":        moving.Bytes(),
		"11 MB":                   append(pngOf(red), make([]byte, 11<<20)...),
		"nothing":                 {},
		"a first byte":            {0xff},
		"another answer":          []byte(`{"subsonic-response":{"status":"ok"}}`),
		"a format of no use":      []byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00"),
		"a WebP that is none":     []byte("RIFF\x10\x00\x00\x00WEBPVP8 \xff\xff\xff\xff"),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newHome(t, subsonictest.Supysonic)
			_, pub := w.listWithCovers(playlists.Public, red, blue)
			w.server.SetAlbumCover(track("Amber").Album, body)
			w.server.SetAlbumCover(track("Birch").Album, body)
			w.poll()
			w.expectNoCover(pub)
			if n := w.coverCalls(); n != 2 {
				t.Fatalf("%d images asked for", n)
			}
			w.poll()
			if n := w.coverCalls(); n != 0 {
				t.Errorf("%d images asked for a minute later", n)
			}
			w.server.SetAlbumCover(track("Birch").Album, pngOf(green)) // one bad image does not stand for all
			w.clock.pass(time.Hour)
			w.poll()
			w.expectCover(pub, green)
		})
	}
}

// pngHeader is the beginning of a PNG of that size.
func pngHeader(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	head = append(binary.BigEndian.AppendUint32(head, height), 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestAMovingImageStandsStill(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.LMS)
	_, pub := w.listWithCovers(playlists.Link, red)
	var moving bytes.Buffer
	frames := &gif.GIF{}
	for _, c := range []color.Color{blue, red} {
		frame := image.NewPaletted(image.Rect(0, 0, 20, 20), color.Palette{c})
		frames.Image, frames.Delay = append(frames.Image, frame), append(frames.Delay, 1)
	}
	w.must(gif.EncodeAll(&moving, frames))
	w.server.SetAlbumCover(track("Amber").Album, moving.Bytes())
	w.poll()
	w.expectCover(pub, blue)
}

func TestAServerThatIsOutOfOrderKeepsTheCover(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Gonic)
	list, pub := w.listWithCovers(playlists.Public, red, blue)
	w.poll()
	w.expectCover(pub, red, blue, blue, red)
	w.front.habit = func(method string, _ url.Values) string {
		if method == "getCoverArt" {
			w.server.Fail(subsonictest.BadGateway)
		}
		return method
	}
	w.server.SetPlaylist(list, w.lists()[0].Songs[1])
	w.poll()
	w.expectCover(pub, red, blue, blue, red)
	w.front.habit = nil
	w.server.Fail(subsonictest.Works)
	w.clock.pass(time.Hour)
	w.poll()
	w.expectCover(pub, blue)
}

func TestManyCoversAreMadeInTurns(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	songs := w.own("Amber", "Birch")
	w.server.SetAlbumCover(track("Amber").Album, pngOf(red))
	for i := range 12 { // half of them have none to show
		w.server.AddPlaylist("bob", fmt.Sprintf("Mine %02d", i), songs[i%2])
	}
	w.poll()
	pubs := make([]playlists.Publication, 12)
	for i := range pubs {
		pubs[i] = w.wantCover(fmt.Sprintf("Mine %02d", i), playlists.Public)
	}
	for range 3 {
		w.poll()
		if n := w.coverCalls(); n > 5 {
			t.Errorf("%d images in one poll", n)
		}
	}
	for i, pub := range pubs {
		if has := w.cover(pub) != nil; has != (i%2 == 0) {
			t.Errorf("playlist %d has a cover: %v", i, has)
		}
	}
}

// What a server calls its images may tell of it, so it is nowhere in what is kept, and thus in nothing that is sent.
func TestNamesOfImagesAreNotKept(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	list, _ := w.listWithCovers(playlists.Public, red)
	w.poll()
	var names []string
	for _, r := range w.server.Requests() {
		if r.Method == "getCoverArt" {
			names = append(names, r.Params.Get("id"))
		}
	}
	if len(names) != 2 || !slices.Contains(names, "pl-"+list) {
		t.Fatalf("asked for %q", names)
	}
	tables := map[string]bool{}
	for _, c := range migrationstest.Columns(t, w.db) {
		tables[c.Table] = true
	}
	for table := range tables {
		w.notIn(table, names)
	}
}

// notIn checks that no column of a table holds one of some texts.
func (w *home) notIn(table string, texts []string) {
	w.Helper()
	rows, err := w.db.QueryContext(w.Context(), `SELECT * FROM `+table)
	w.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	w.must(err)
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		w.must(rows.Scan(values...))
		for i, v := range values {
			held := fmt.Sprintf("%s", *v.(*any))
			for _, text := range texts {
				if strings.Contains(held, text) {
					w.Errorf("%s.%s holds %q", table, columns[i], text)
				}
			}
		}
	}
}
