package subsonicbridge

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	coversPerPoll = 5
	coverTimeout  = 30 * time.Second // for one cover
	mosaicTiles   = 4
)

// makeCovers makes the covers that are due. That one cannot be had is no reason for a poll to fail; the error is our
// database's.
func (p *poll) makeCovers(ctx context.Context) error {
	due, err := p.b.store.CoversDue(ctx, p.conn.account, coversPerPoll)
	for _, d := range due {
		if ctx.Err() != nil {
			return nil // the next poll goes on
		}
		if err := p.makeCover(ctx, d); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (p *poll) makeCover(ctx context.Context, d playlists.DueCover) error {
	i := slices.IndexFunc(p.known, func(k *knownPlaylist) bool { return k.ID == d.Playlist && p.seen[k] && k.ServerID != "" })
	if i < 0 {
		return p.b.store.PostponeCover(ctx, d) // it is missing on the server at present
	}
	asking, cancel := context.WithTimeout(ctx, coverTimeout)
	defer cancel()
	picture, err := p.conn.client.playlistCover(asking, p.known[i].ServerID)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		p.b.log.InfoContext(ctx, "cover not made", slog.String("playlist", string(d.Playlist)), slog.Any("error", err))
		return p.b.store.PostponeCover(ctx, d)
	}
	return p.b.store.KeepCover(ctx, d, picture)
}

// playlistCover makes the cover of a playlist from what the server has: the image that somebody chose for it, else its
// first albums. It returns nil when there is none that can be read. An error says that the server did not answer.
func (c *Client) playlistCover(ctx context.Context, id string) ([]byte, error) {
	list, server, err := c.playlist(ctx, id)
	if err != nil {
		return nil, err
	}
	var tiles []image.Image
	chosen, err := c.chosenCover(ctx, list.covers.own, server)
	switch {
	case err != nil:
		return nil, err
	case chosen != nil:
		tiles = []image.Image{chosen}
	default:
		if tiles, err = c.albumCovers(ctx, list.covers.albums); err != nil {
			return nil, err
		}
	}
	if len(tiles) == 0 {
		return nil, nil
	}
	return encodeCover(mosaic(tiles))
}

// chosenCover returns a playlist's own image, nil when it has none or when the server has made it up: Navidrome names
// an image for every playlist, and draws it from random albums where nobody chose one.
func (c *Client) chosenCover(ctx context.Context, id string, server Server) (image.Image, error) {
	if id == "" {
		return nil, nil
	}
	body, err := c.Cover(ctx, id, 0) // in another size a drawn one could not be told
	if err != nil {
		return nil, unlessNoImage(ctx, err)
	}
	img, err := decodePicture(ctx, body)
	if err != nil || server.Type == "navidrome" && isDrawn(img.Bounds().Size()) {
		return nil, ctx.Err()
	}
	return squared(img), nil
}

// isDrawn recognises an image that Navidrome has drawn by its odd sizes: of four albums, or of one
// (reader_playlist.go, createTiledImage).
func isDrawn(size image.Point) bool { return size == image.Pt(599, 599) || size == image.Pt(300, 300) }

// albumCovers returns the first images that can be read and differ, at most as many as a mosaic has. A server that has
// one image for all albums without cover shows it once.
func (c *Client) albumCovers(ctx context.Context, ids []string) (tiles []image.Image, err error) {
	var bodies []string
	for _, id := range ids {
		body, err := c.Cover(ctx, id, playlists.CoverSize)
		if err := unlessNoImage(ctx, err); err != nil {
			return nil, err
		}
		if err != nil || slices.Contains(bodies, string(body)) {
			continue
		}
		bodies = append(bodies, string(body))
		img, err := decodePicture(ctx, body)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue
		}
		if tiles = append(tiles, squared(img)); len(tiles) == mosaicTiles {
			break
		}
	}
	return tiles, nil
}

// unlessNoImage drops an error that says that the server has no such image, sends what is none, or breaks down over it.
func unlessNoImage(ctx context.Context, err error) error {
	var status statusError
	var moved *movedError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil, optional(err), errors.Is(err, errNoImage), errors.Is(err, errTooLong), errors.As(err, &moved),
		errors.As(err, &status) && status == http.StatusInternalServerError:
		return nil
	}
	return err
}
