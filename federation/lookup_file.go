package federation

import (
	"context"
	"errors"
	"net/url"
	"path"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// acceptFile asks for a playlist's file, and takes whatever a browser would get.
const acceptFile = "application/jspf+json, application/xspf+xml, text/html;q=0.9, */*;q=0.5"

// getFile fetches a page or a playlist's file. No file is secret, so the request is not signed.
func (c *Client) getFile(ctx context.Context, url string) (*Document, error) {
	return c.get(ctx, url, acceptFile, formats.MaxBytes, nil, Conditional{})
}

// lookupFile finds a playlist in what was fetched: a file of any format, the page of a Navidrome share, or a page that
// names a JSPF or XSPF file of its own host. missing is the error when there is none of these.
func (f *Federation) lookupFile(ctx context.Context, doc *Document, missing error) (Found, error) {
	found, err := foundIn(doc, doc.URL)
	if !errors.Is(err, formats.ErrUnknown) {
		return found, err
	}
	for _, mediaType := range []string{"application/jspf+json", "application/xspf+xml"} {
		alternate := alternateOf(doc, func(t string) bool { return strings.EqualFold(t, mediaType) })
		if alternate == "" {
			continue
		}
		file, err := f.client.getFile(ctx, alternate)
		if err != nil {
			return Found{}, err
		}
		if found, err = foundIn(file, doc.URL); errors.Is(err, formats.ErrUnknown) {
			return Found{}, missing // a page names another page, and so on
		}
		return found, err
	}
	return Found{}, missing
}

// foundIn reads a file, whose playlist people look at on page unless it says otherwise itself. It is not Remote: nobody
// speaks for it.
func foundIn(doc *Document, page string) (Found, error) {
	u, err := url.Parse(doc.URL)
	if err != nil {
		return Found{}, err
	}
	p, err := formats.Read(u.Path, doc.Body)
	if err != nil {
		return Found{}, err
	}
	if len(p.Tracks) == 0 {
		return Found{}, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s names no tracks, so there is nothing to import.", u.Host)
	}
	if p.Page == "" {
		p.Page = page
	}
	return Found{Playlist: p, Readable: true, File: true}, nil
}

// listenBrainz returns the address of the file of a playlist whose page at ListenBrainz address is, "" when it is none.
// The page itself is made by a script.
func (f *Federation) listenBrainz(address string) string {
	u, err := parseAddress(address)
	if err != nil || u.Host != "listenbrainz.org" && u.Host != "beta.listenbrainz.org" {
		return ""
	}
	dir, id := path.Split(strings.TrimSuffix(u.Path, "/"))
	if id = playlists.CleanMBID(id); dir != "/playlist/" || id == "" {
		return ""
	}
	return f.brainz + "/1/playlist/" + id
}

// lookupListenBrainz reads a playlist of ListenBrainz, where descriptions are HTML.
func (f *Federation) lookupListenBrainz(ctx context.Context, address string) (Found, error) {
	doc, err := f.client.getFile(ctx, address)
	switch playlists.CodeOf(err) {
	case playlists.NotFound, playlists.Forbidden: // it does not tell which
		return Found{}, playlists.Problemf(playlists.NotFound, err, "ListenBrainz shows nobody a playlist at this address: there is none, or it is private.")
	}
	if err != nil {
		return Found{}, err
	}
	found, err := foundIn(doc, "")
	found.Playlist.Summary = plainText(found.Playlist.Summary, playlists.MaxSummary)
	return found, err
}
