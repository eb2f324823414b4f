package subsonicbridge

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"

	"golang.org/x/image/draw"

	"github.com/songferry/songferry/playlists"
)

// SongCoverSize is the width and height of a song's picture, in pixels.
const SongCoverSize = 160

// maxPicturing is how many pictures are decoded at a time: one may take 64 MB for that.
const maxPicturing = 2

// SongCover returns the picture that an account's music server has of one of their songs, as JPEG. It is NotFound when
// there is none, and when the account has no such song.
func (b *Bridge) SongCover(ctx context.Context, account playlists.ID, song string) ([]byte, error) {
	known, err := b.songsByID(ctx, account, []string{song})
	if err != nil {
		return nil, err
	}
	if len(known) == 0 {
		return nil, noCover(nil)
	}
	conn, err := b.connect(ctx, account)
	if err != nil {
		return nil, err
	}
	select {
	case b.picturing <- struct{}{}:
		defer func() { <-b.picturing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	id, err := conn.client.songCover(ctx, song)
	if err != nil || id == "" {
		return nil, noCover(err)
	}
	body, err := conn.client.Cover(ctx, id, SongCoverSize)
	if err != nil {
		return nil, noCover(err)
	}
	img, err := decodePicture(ctx, body)
	if err != nil {
		return nil, noCover(err)
	}
	return thumbnail(img)
}

func noCover(cause error) error {
	return playlists.Problemf(playlists.NotFound, cause, "There is no picture of this song.")
}

// thumbnail scales the middle of an image down. Nothing but pixels is left of it.
func thumbnail(img image.Image) ([]byte, error) {
	out := image.NewRGBA(image.Rect(0, 0, SongCoverSize, SongCoverSize))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, middle(img), draw.Over, nil)
	var b bytes.Buffer
	err := jpeg.Encode(&b, out, nil)
	return b.Bytes(), err
}
