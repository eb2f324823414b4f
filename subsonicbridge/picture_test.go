package subsonicbridge

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestOfAnImageOnlyItsPixelsAreKept(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 800, 400)), nil))
	const place = "Exif\x00\x00 59.3293 N 18.0686 E, taken by Bob"
	marked := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(place)+2))...)
	marked = append(append(marked, place...), b.Bytes()[2:]...)
	img, err := decodePicture(t.Context(), marked)
	must(t, err)
	cover, err := encodeCover(mosaic([]image.Image{squared(img)}))
	must(t, err)
	if strings.Contains(string(cover), "Exif") || strings.Contains(string(cover), "Bob") {
		t.Error("the cover tells where the photograph was taken")
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(cover)); err != nil || c.Width != playlists.CoverSize || c.Height != playlists.CoverSize {
		t.Errorf("the cover is %+v, %v", c, err)
	}
}

func TestTheMiddleOfAnOblongImageIsShownOnWhite(t *testing.T) {
	t.Parallel()
	wide := image.NewNRGBA(image.Rect(10, 10, 310, 110)) // left and right third red, the middle clear with a blue middle
	for y := 10; y < 110; y++ {
		for x := range 300 {
			switch {
			case x < 100 || x >= 200:
				wide.Set(10+x, y, color.NRGBA{R: 255, A: 255})
			case x >= 140 && x < 160:
				wide.Set(10+x, y, color.NRGBA{B: 255, A: 255})
			}
		}
	}
	out := squared(wide)
	for _, c := range []struct {
		x    int
		want color.Color
	}{{20, color.RGBA{255, 255, 255, 255}}, {580, color.RGBA{255, 255, 255, 255}}, {300, color.RGBA{0, 0, 255, 255}}} {
		if got := out.At(c.x, 300); got != c.want {
			t.Errorf("at %d: %v, want %v", c.x, got, c.want)
		}
	}
}

func TestACoverOfNoiseIsNotTooLongToKeep(t *testing.T) {
	t.Parallel()
	noise := blank()
	source := rand.NewPCG(1, 2)
	for i := range noise.Pix {
		noise.Pix[i] = byte(source.Uint64()) | 1
	}
	cover, err := encodeCover(noise)
	if err != nil || len(cover) > playlists.MaxCover {
		t.Errorf("%d bytes, %v", len(cover), err)
	}
}

func TestImagesThatClaimTooMuchAreNotDecoded(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, maxSide+1, 1))))
	if _, err := decodePicture(t.Context(), b.Bytes()); !errors.Is(err, errTooLarge) {
		t.Errorf("a long line: %v", err)
	}
	if _, err := decodePicture(t.Context(), nil); err == nil {
		t.Error("nothing is an image")
	}
}

// A progressive JPEG of 10 MB can ask for hundreds of thousands of passes over 16 million pixels.
func TestAnImageThatTakesForEverIsGivenUp(t *testing.T) {
	t.Parallel()
	body := manyScans(maxSide, 200_000)
	if _, err := jpeg.DecodeConfig(bytes.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := decodePicture(ctx, body)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("decoded: %v", err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// manyScans is a gray progressive JPEG whose scans each say, in a few bytes, that nothing changes anywhere.
func manyScans(side, scans int) []byte {
	marker := func(b []byte, kind byte, content ...byte) []byte {
		b = append(b, 0xff, kind)
		b = binary.BigEndian.AppendUint16(b, uint16(len(content)+2))
		return append(b, content...)
	}
	b := []byte{0xff, 0xd8}
	b = marker(b, 0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)                               // quantisation
	b = marker(b, 0xc2, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)             // one component
	b = marker(b, 0xc4, append(append([]byte{0x00}, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0)...) // DC: "0" is no difference
	b = marker(b, 0xc4, append(append([]byte{0x10}, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0xe0)...)
	blocks := (side / 8) * (side / 8)
	b = marker(b, 0xda, 1, 1, 0x00, 0, 0, 0)
	b = append(b, make([]byte, blocks/8)...)
	var runs []byte // "0" and fourteen more bits: 2^14 blocks end here
	for range blocks/(1<<14) + 1 {
		runs = append(runs, 0, 0)
	}
	for range scans {
		b = marker(b, 0xda, 1, 1, 0x00, 1, 63, 0)
		b = append(b, runs...)
	}
	return append(b, 0xff, 0xd9)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
