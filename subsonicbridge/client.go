// Package subsonicbridge is one side of the bridge: a person's music server that speaks the Subsonic API.
package subsonicbridge

import (
	"context"
	"errors"
	"net/http"
)

// Client speaks to one server as one user. It may be used by several goroutines.
type Client struct {
	login Login
	http  *http.Client
}

// Server is what a server says about itself.
type Server struct {
	Type         string // "navidrome", "gonic", …; "" when it does not say (supysonic)
	Version      string // of the program
	APIVersion   string // of the Subsonic API
	OpenSubsonic bool
}

// NewClient returns a client for l. hc may be nil.
func NewClient(l Login, hc *http.Client) *Client { return &Client{login: l, http: hc} }

var errTODO = errors.New("not written yet")

// SignIn finds out by trying how the server lets user in.
func SignIn(ctx context.Context, hc *http.Client, baseURL, user, secret string) (Login, Server, error) {
	return Login{}, Server{}, errTODO
}

// Ping checks that the server lets the user in.
func (c *Client) Ping(ctx context.Context) (Server, error) { return Server{}, errTODO }

// Playlists lists every playlist that the user can see, without songs.
func (c *Client) Playlists(ctx context.Context) ([]ServerPlaylist, error) { return nil, errTODO }

// Playlist returns one playlist with its songs.
func (c *Client) Playlist(ctx context.Context, id string) (ServerPlaylist, error) {
	return ServerPlaylist{}, errTODO
}

// Create makes a playlist and returns its id.
func (c *Client) Create(ctx context.Context, name string, songs []string) (id string, err error) {
	return "", errTODO
}

// Replace makes the contents of a playlist equal to songs.
func (c *Client) Replace(ctx context.Context, id string, songs []string) error { return errTODO }

// Describe sets name and comment.
func (c *Client) Describe(ctx context.Context, id, name, comment string) error { return errTODO }

// Delete removes a playlist.
func (c *Client) Delete(ctx context.Context, id string) error { return errTODO }

// ScanKey returns a text that changes when the library was rescanned ("" when the server cannot tell) and its songs.
func (c *Client) ScanKey(ctx context.Context) (key string, count int, err error) {
	return "", 0, errTODO
}

// EachSong calls fn with every song of the library, in batches.
func (c *Client) EachSong(ctx context.Context, fn func([]Song) error) error { return errTODO }
