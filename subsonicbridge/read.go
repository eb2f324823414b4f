package subsonicbridge

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Playlists lists every playlist that the user can see, other people's among them, without songs. It never takes an
// answer that says nothing for an empty list.
func (c *Client) Playlists(ctx context.Context) ([]ServerPlaylist, error) {
	a, err := c.read(ctx, "getPlaylists", nil, listBytes)
	if err != nil {
		return nil, err
	}
	if !a.Playlists.given {
		return nil, c.problem(fmt.Errorf("%w: getPlaylists without playlists", errNotSubsonic))
	}
	var out []ServerPlaylist
	for _, p := range a.Playlists.value.Playlist {
		if p.ID == "" || len(p.ID) > maxID {
			// Leaving it out would look as if the owner had deleted it.
			return nil, c.problem(fmt.Errorf("%w: a playlist without usable id", errNotSubsonic))
		}
		out = append(out, p.serverPlaylist())
	}
	return out, nil
}

// Playlist returns one playlist with its songs, in order, repeated ones repeated. NotFound tells that it is gone, or
// that the id is of a form that the server does not know.
func (c *Client) Playlist(ctx context.Context, id string) (ServerPlaylist, error) {
	p, _, err := c.playlist(ctx, id)
	return p, err
}

// playlist is Playlist, and also tells which kind of server it is.
func (c *Client) playlist(ctx context.Context, id string) (ServerPlaylist, Server, error) {
	if strings.TrimSpace(id) == "" {
		return ServerPlaylist{}, Server{}, playlists.Problemf(playlists.Invalid, nil, "Which playlist is meant is not known.")
	}
	a, err := c.read(ctx, "getPlaylist", url.Values{"id": {id}}, playlistBytes)
	if err != nil {
		return ServerPlaylist{}, Server{}, forPlaylist(err)
	}
	if !a.Playlist.given || a.Playlist.value.ID == "" {
		return ServerPlaylist{}, Server{}, c.problem(fmt.Errorf("%w: getPlaylist without playlist", errNotSubsonic))
	}
	p := a.Playlist.value.serverPlaylist()
	p.Songs = songs(a.Playlist.value.Entry)
	p.covers = a.Playlist.value.coverIDs()
	return p, a.server(), nil
}
