package subsonicbridge

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/url"
	"strconv"

	"github.com/songferry/songferry/playlists"
)

const (
	pageSize  = 500       // LMS refuses more than 1,000; some servers send fewer than asked for
	maxSongs  = 1_000_000 // of a library
	maxAlbums = 200_000
)

// ScanKey returns a text that changes when the server has read its files anew, and the number of songs it then had. The
// key is "" while it reads them, and when it cannot tell (supysonic without its daemon); the count is 0 when unknown.
func (c *Client) ScanKey(ctx context.Context) (key string, count int, err error) {
	a, err := c.read(ctx, "getScanStatus", nil, smallBytes)
	if err != nil {
		if optional(err) {
			return "", 0, nil
		}
		return "", 0, err
	}
	scan := a.Scan.value
	count = max(0, int(scan.Count))
	if !a.Scan.given || bool(scan.Scanning) || scan.LastScan == "" && count == 0 {
		return "", count, nil
	}
	return fmt.Sprintf("%d %s", count, clean(scan.LastScan)), count, nil
}

// optional reports whether err says that the server does not have what was asked for, rather than that it is out of
// order or refuses the user.
func optional(err error) bool {
	var s statusError
	if errors.As(err, &s) {
		return s == http.StatusNotFound || s == http.StatusNotImplemented || s == http.StatusGone
	}
	return refused(err) >= 0 && !Unauthorized(err)
}

// EachSong calls fn with every song of the library once, in batches that fn may keep. It ends with fn's error.
func (c *Client) EachSong(ctx context.Context, fn func([]Song) error) error {
	key, count, err := c.ScanKey(ctx)
	if err != nil {
		return err
	}
	r := &librarian{client: c, fn: fn, seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
	for _, everything := range []string{"", `""`} { // the specification's word for it, and an older habit of clients
		// A refusal in the middle must not pass for the end: songs would look deleted.
		if err := r.search(ctx, everything); err != nil && (len(r.seen) > 0 || !optional(err)) {
			return err
		}
		if len(r.seen) > 0 || key != "" && count == 0 {
			break
		}
	}
	if len(r.seen) > 0 && len(r.seen) >= count-count/10 {
		return nil // a count also covers files that are missing or no music: most of it is enough
	}
	if err := r.albums(ctx); err != nil {
		return err
	}
	if len(r.seen) == 0 && count > 0 {
		return playlists.Problemf(playlists.Unavailable, nil, "The music server at %s says that it has %d songs, but shows none of them.", c.host(), count)
	}
	return nil
}

// librarian reads a library once.
type librarian struct {
	client *Client
	fn     func([]Song) error
	seed   maphash.Seed
	seen   map[uint64]bool // hashes of ids, which are half as much to keep
}

// search pages through what query finds, until a page brings nothing new: gonic sorts by nothing, so pages overlap, and
// a server that ignores the offset would send the same page for ever.
func (r *librarian) search(ctx context.Context, query string) error {
	for offset := 0; offset < maxSongs; {
		a, err := r.client.read(ctx, "search3", url.Values{
			"query":       {query},
			"songCount":   {strconv.Itoa(pageSize)},
			"songOffset":  {strconv.Itoa(offset)},
			"artistCount": {"0"},
			"albumCount":  {"0"},
		}, pageBytes)
		if err != nil {
			return err
		}
		page := a.Search.value.Song
		fresh, err := r.take(page)
		if err != nil || fresh == 0 {
			return err
		}
		offset += len(page)
	}
	return nil
}

// albums reads the library album by album, for servers whose search does not find everything.
func (r *librarian) albums(ctx context.Context) error {
	done := map[text]bool{}
	for offset := 0; offset < maxAlbums; {
		a, err := r.client.read(ctx, "getAlbumList2", url.Values{
			"type":   {"alphabeticalByName"},
			"size":   {strconv.Itoa(pageSize)},
			"offset": {strconv.Itoa(offset)},
		}, pageBytes)
		if err != nil {
			return err
		}
		page := a.Albums.value.Album
		before := len(done)
		for _, album := range page {
			if album.ID == "" || done[album.ID] {
				continue
			}
			done[album.ID] = true
			if err := r.album(ctx, string(album.ID)); err != nil {
				return err
			}
		}
		if len(done) == before {
			return nil
		}
		offset += len(page)
	}
	return nil
}

func (r *librarian) album(ctx context.Context, id string) error {
	a, err := r.client.read(ctx, "getAlbum", url.Values{"id": {id}}, pageBytes)
	if NotFound(err) {
		return nil // deleted in the meantime
	}
	if err != nil {
		return err
	}
	_, err = r.take(a.Album.value.Song)
	return err
}

// take hands on the songs that were not seen before and returns their number.
func (r *librarian) take(page []songAnswer) (fresh int, err error) {
	var batch []Song
	for _, s := range songs(page) {
		id := maphash.String(r.seed, s.ID)
		if s.ID == "" || r.seen[id] || len(r.seen) >= maxSongs {
			continue
		}
		r.seen[id] = true
		batch = append(batch, s)
	}
	if len(batch) == 0 {
		return 0, nil
	}
	return len(batch), r.fn(batch)
}
