package subsonicbridge

import (
	"context"
	"fmt"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// maxSongsPerCall bounds the songs of one write. 2,000 keep their order on every server; 10,000 parameters are too many
// for those written in Go.
const maxSongsPerCall = 2_000

// Create makes a playlist of the user's and returns its id. name should be unique: where the server does not return the
// id (supysonic, old ones) the new playlist is found by it. With an id and an error both, the playlist exists but does
// not hold every song. Read it back: servers drop songs that they do not know, and say ok.
func (c *Client) Create(ctx context.Context, name string, songs []string) (id string, err error) {
	if name == "" {
		return "", playlists.Problemf(playlists.Invalid, nil, "A playlist needs a name.")
	}
	now, later := cut(songs)
	a, err := c.write(ctx, "createPlaylist", url.Values{"name": {name}, "songId": now})
	if err != nil {
		return "", c.forSongs(err)
	}
	if id = string(a.Playlist.value.ID); id == "" {
		if id, err = c.find(ctx, name); err != nil {
			return "", err
		}
	}
	return id, c.append(ctx, visibility{server: a.server().Type}, id, later)
}

// Replace makes the contents of a playlist equal to songs, in one call as far as the server allows: its first 2,000
// songs at once, so that a crash never leaves it empty, the others appended. It refuses an empty list of songs, because
// no failure of ours shall empty a person's playlist, and because Navidrome ignores it.
func (c *Client) Replace(ctx context.Context, id string, songs []string) error {
	if len(songs) == 0 {
		return playlists.Problemf(playlists.Invalid, nil, "None of the songs is in the library, so the playlist on the music server was left as it is.")
	}
	// gonic would make a nameless playlist of an id that is gone.
	was, server, err := c.writable(ctx, id)
	if err != nil {
		return err
	}
	now, later := cut(songs)
	if _, err := c.write(ctx, "createPlaylist", url.Values{"playlistId": {id}, "songId": now}); err != nil {
		return c.forSongs(err)
	}
	return c.append(ctx, visibility{server: server.Type, public: was.Public}, id, later)
}

// Describe sets a playlist's name ("" keeps it) and comment; who may see it stays as it was. LMS keeps no comments; supysonic keeps
// the old comment when the new one is empty.
func (c *Client) Describe(ctx context.Context, id, name, comment string) error {
	was, server, err := c.writable(ctx, id)
	if err != nil {
		return err
	}
	if (name == "" || was.Name == name) && was.Comment == playlists.CleanLines(comment, playlists.MaxSummary) {
		return nil // an update that changes nothing would still change Navidrome's changed
	}
	params := url.Values{"playlistId": {id}, "comment": {comment}}
	if name != "" {
		params.Set("name", name)
	}
	visibility{server: server.Type, public: was.Public}.keep(params)
	_, err = c.write(ctx, "updatePlaylist", params)
	return forPlaylist(err)
}

// Delete removes a playlist.
func (c *Client) Delete(ctx context.Context, id string) error {
	_, err := c.write(ctx, "deletePlaylist", url.Values{"id": {id}})
	return forPlaylist(err)
}

// writable returns the playlist, or an error when it is not there or must not be changed.
func (c *Client) writable(ctx context.Context, id string) (ServerPlaylist, Server, error) {
	p, server, err := c.playlist(ctx, id)
	if err != nil {
		return p, server, err
	}
	// gonic says ok to changes of other people's playlists, and ignores them.
	if p.ReadOnly || server.Type == "gonic" && p.Owner != c.login.User {
		err = playlists.Problemf(playlists.Forbidden, errReadOnly, "The music server at %s does not let %s change the playlist %q.", c.host(), c.login.User, clean(text(p.Name)))
	}
	return p, server, err
}

// append adds songs to the end of a playlist, in several calls if need be, and mends who may see it.
func (c *Client) append(ctx context.Context, v visibility, id string, songs []string) error {
	for len(songs) > 0 || v.broken() {
		now, later := cut(songs)
		params := url.Values{"playlistId": {id}, "songIdToAdd": now}
		v.keep(params)
		if _, err := c.write(ctx, "updatePlaylist", params); err != nil {
			return c.forSongs(err)
		}
		songs, v.mended = later, true
	}
	return nil
}

// cut returns the songs for one call and the rest.
func cut(songs []string) (now, later []string) {
	n := min(len(songs), maxSongsPerCall)
	return songs[:n], songs[n:]
}

// find returns the id of the user's only playlist with this name.
func (c *Client) find(ctx context.Context, name string) (string, error) {
	all, err := c.Playlists(ctx)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, p := range all {
		if p.Name == name && (p.Owner == c.login.User || p.Owner == "") {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) != 1 {
		return "", playlists.Problemf(playlists.Unavailable, fmt.Errorf("%d playlists have the new one's name", len(ids)),
			"The music server at %s does not tell which playlist it just made.", c.host())
	}
	return ids[0], nil
}

// visibility keeps a playlist as public or private as it was on servers whose writes change that by the way. On all
// others the parameter public is never sent: it is the person's business.
type visibility struct {
	server string // Server.Type
	public bool
	mended bool
}

// broken reports whether a createPlaylist has left the playlist visible to others against its owner's will: Ampache's
// publishes.
func (v visibility) broken() bool { return v.server == "ampache" && !v.public && !v.mended }

func (v visibility) keep(params url.Values) {
	switch {
	case v.server == "ampache":
		params.Set("public", fmt.Sprint(v.public)) // absent means true
	case v.server == "lms" && v.public:
		params.Set("public", "true") // absent means false, and even false means true
	}
}
