package federation

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

const (
	maxPages    = 250
	maxListSize = 32 << 20 // bytes of all pages
)

// readPages follows a collection's pages, which stay on its host, up to the limits.
func (f *Federation) readPages(ctx context.Context, c RemoteCollection, sign Signer) ([]playlists.Track, error) {
	tracks, next := c.Items, c.Next
	host := hostOf(c.ID)
	seen := map[string]bool{}
	size := 0
	for next != "" {
		if seen[next] || len(seen) >= maxPages {
			return nil, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s has pages that never end, so it was not read.", host)
		}
		seen[next] = true
		doc, err := f.client.GetPage(ctx, next, sign)
		if err != nil {
			return nil, err
		}
		if !sameOrigin(doc.URL, c.ID) {
			return nil, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s goes on at another server, so it was not read.", host)
		}
		items, after, err := decodePage(doc.Body)
		if err != nil {
			return nil, err
		}
		tracks, next = append(tracks, items...), after
		if size += len(doc.Body); size > maxListSize || len(tracks) > playlists.MaxTracks {
			return nil, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s is too long: Songferry carries at most %d tracks.", host, playlists.MaxTracks)
		}
	}
	return tracks, nil
}
