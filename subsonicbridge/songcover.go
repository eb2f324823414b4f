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

const (
	maxPicturing = 2 // pictures that are decoded at a time: one may take 64 MB for that
	maxAsking    = 4 // of one account, that its music server is asked for at a time; a slow one keeps nobody else waiting
)

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
	asking, err := turn(ctx, b.asking(account))
	if err != nil {
		return nil, err
	}
	defer asking()
	id, err := conn.client.songCover(ctx, song)
	if err != nil || id == "" {
		return nil, noCover(err)
	}
	body, err := conn.client.Cover(ctx, id, SongCoverSize)
	if err != nil {
		return nil, noCover(err)
	}
	picturing, err := turn(ctx, b.picturing)
	if err != nil {
		return nil, err
	}
	defer picturing()
	img, err := decodePicture(ctx, body)
	if err != nil {
		return nil, noCover(err)
	}
	return thumbnail(img)
}

// asking holds one for each picture that an account's music server is asked for.
func (b *Bridge) asking(account playlists.ID) chan struct{} {
	turns, _ := b.askings.LoadOrStore(account, make(chan struct{}, maxAsking))
	return turns.(chan struct{}) // nothing else is in it
}

// turn waits until there is room in turns; over gives it back.
func turn(ctx context.Context, turns chan struct{}) (over func(), err error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
