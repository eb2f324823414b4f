package subsonicbridge

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/gif"
	"image/jpeg"
	_ "image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"github.com/songferry/songferry/playlists"
)

// maxSide bounds an image before it is decoded, in pixels: a few bytes can claim to be gigapixels.
const maxSide = 4096

var errTooLarge = errors.New("the image is too large")

// decodePicture reads an image from a stranger. It stops when ctx ends. Of a moving image it reads the first frame.
func decodePicture(ctx context.Context, body []byte) (img image.Image, err error) {
	defer func() {
		if r := recover(); r != nil { // decoders have panicked before
			img, err = nil, playlists.Panicked(r)
		}
	}()
	c, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide {
		return nil, errTooLarge
	}
	img, _, err = image.Decode(patientReader{ctx, bytes.NewReader(body)})
	return img, err
}

// patientReader ends when its context does: a progressive JPEG can hold a hundred thousand scans of all its pixels, so
// neither bytes nor pixels bound how long it takes.
type patientReader struct {
	ctx  context.Context
	from io.Reader
}

func (r patientReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}

// squared scales the middle of an image to a cover's size. Nothing but pixels is left of it.
func squared(img image.Image) image.Image {
	out := blank()
	draw.CatmullRom.Scale(out, out.Bounds(), img, middle(img), draw.Over, nil)
	return out
}

// middle is the largest square in the middle of an image.
func middle(img image.Image) image.Rectangle {
	b := img.Bounds()
	side := min(b.Dx(), b.Dy())
	corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}

// blank is a white square: what is transparent becomes white.
func blank() *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, playlists.CoverSize, playlists.CoverSize))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	return out
}

// mosaic puts squared images, one to four, into one. One stands alone; two and three are repeated so that four tiles are
// filled and no equal ones touch by a side.
func mosaic(tiles []image.Image) image.Image {
	switch len(tiles) {
	case 1:
		return tiles[0]
	case 2:
		tiles = []image.Image{tiles[0], tiles[1], tiles[1], tiles[0]}
	case 3:
		tiles = []image.Image{tiles[0], tiles[1], tiles[2], tiles[0]}
	}
	const half = playlists.CoverSize / 2
	out := blank()
	for i, tile := range tiles {
		corner := image.Pt(i%2*half, i/2*half)
		draw.BiLinear.Scale(out, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(half, half))}, tile, tile.Bounds(), draw.Src, nil)
	}
	return out
}

// encodeCover writes a cover as JPEG. Noise, which compresses badly, gets less quality rather than more bytes.
func encodeCover(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	for _, quality := range []int{85, 60, 35, 10} {
		b.Reset()
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if b.Len() <= playlists.MaxCover {
			break
		}
	}
	return b.Bytes(), nil
}
