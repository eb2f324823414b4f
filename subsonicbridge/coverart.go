package subsonicbridge

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// maxAlbumCovers is how many albums of a playlist are looked at for its cover: not every album has one.
const maxAlbumCovers = 8

// coverIDs are the server's names for images. They are asked for and never kept: they may tell of the server.
type coverIDs struct {
	own    string   // the playlist's; "" when it has none
	albums []string // of its first distinct albums, in the order of the playlist
}

func (p playlistAnswer) coverIDs() coverIDs {
	ids := coverIDs{own: usableID(p.CoverArt)}
	seen := map[string]bool{}
	for _, s := range p.Entry {
		id := usableID(s.CoverArt)
		if id == "" || seen[s.albumKey()] || slices.Contains(ids.albums, id) {
			continue
		}
		seen[s.albumKey()] = true
		if ids.albums = append(ids.albums, id); len(ids.albums) == maxAlbumCovers {
			break
		}
	}
	return ids
}

// albumKey is the same for songs of one album: by its id, else by its name.
func (s songAnswer) albumKey() string {
	if s.AlbumID != "" {
		return "id " + string(s.AlbumID)
	}
	if s.Album == "" {
		return "of its own " + string(s.CoverArt)
	}
	return fmt.Sprintf("name %q by %q", s.Album, first(s.AlbumBy, joined(s.AlbumArtists), s.Artist))
}

func usableID(t text) string {
	if len(t) > maxID {
		return ""
	}
	return string(t)
}

// songCover returns the server's name for the image of a song, "" when it has none.
func (c *Client) songCover(ctx context.Context, song string) (string, error) {
	a, err := c.read(ctx, "getSong", url.Values{"id": {song}}, smallBytes)
	if err != nil {
		return "", err
	}
	return usableID(a.Song.value.CoverArt), nil
}

// Cover returns an image, as the server sends it: at most coverBytes, and not yet known to be one that can be read. size
// is the longer side in pixels that is enough, 0 for the image as it is kept; not every server heeds it.
func (c *Client) Cover(ctx context.Context, id string, size int) (image []byte, err error) {
	params := url.Values{"id": {id}}
	if size > 0 {
		params.Set("size", strconv.Itoa(size))
	}
	err = c.reading(func(get bool) error {
		if image, err = c.exchange(ctx, "getCoverArt", params, coverBytes, get); err != nil {
			return err
		}
		return c.checkImage(image)
	})
	return image, err
}

// imageTypes are those that are read. Which one it is the first bytes say, whatever the server calls it.
var imageTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// checkImage returns what the server said in place of an image.
func (c *Client) checkImage(body []byte) error {
	if slices.Contains(imageTypes, http.DetectContentType(body)) {
		return nil
	}
	if a, err := decode(body[:min(len(body), smallBytes)]); err == nil {
		if err := c.refusal(a); err != nil {
			return err
		}
	}
	return errNoImage
}

var errNoImage = fmt.Errorf("%w: it is no image", errNotSubsonic)
