// Package subsonictest is an in-memory music server that speaks the Subsonic API in the dialects of real servers.
package subsonictest

import (
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// Dialect is the real server whose behaviour a Server imitates.
type Dialect string

const (
	Navidrome Dialect = "navidrome" // 0.63.2
	Gonic     Dialect = "gonic"     // 0.22.0
	Supysonic Dialect = "supysonic" // 0.7.2
	LMS       Dialect = "lms"
)

// Dialects are all that a Server can imitate.
var Dialects = []Dialect{Navidrome, Gonic, Supysonic, LMS}

// Mode is a way in which a Server fails.
type Mode string

const (
	Works         Mode = ""               // it does not
	Down          Mode = "down"           // connections break off without an answer
	BadGateway    Mode = "bad gateway"    // a reverse proxy's HTML page, status 502
	HTMLPage      Mode = "html page"      // an HTML page, status 200
	Slow          Mode = "slow"           // no answer until the client gives up
	WrongPassword Mode = "wrong password" // every login is refused
)

// Playlist is a playlist as the Server keeps it.
type Playlist struct {
	ID, Name, Owner, Comment string
	Public, ReadOnly         bool
	Songs                    []string
}

// Request is one call that the Server received.
type Request struct {
	Method   string              // of the API: "getPlaylists"
	HTTP     string              // "GET" or "POST"
	Query    string              // what stood in the URL
	Params   map[string][]string // from URL and body together, without those of authentication
	HTTPCode int
}

// Server is an in-memory music server. Its methods may be called while it serves.
type Server struct{ dialect Dialect }

// NewServer returns an empty server without users.
func NewServer(d Dialect) *Server { return &Server{dialect: d} }

// AddUser adds a user; the first one is the administrator. On LMS the password is the API key.
func (s *Server) AddUser(name, password string) {}

// AddSong adds a file to the library and returns the song's id.
func (s *Server) AddSong(t playlists.Track) (id string) { return "" }

// AddPlaylist adds a playlist and returns its id.
func (s *Server) AddPlaylist(owner, name string, songs ...string) (id string) { return "" }

// Playlist returns the playlist with this id.
func (s *Server) Playlist(id string) (Playlist, bool) { return Playlist{}, false }

// PlaylistNamed returns the first of the owner's playlists with this name.
func (s *Server) PlaylistNamed(owner, name string) (Playlist, bool) { return Playlist{}, false }

// Playlists returns all playlists.
func (s *Server) Playlists() []Playlist { return nil }

// SetPlaylist replaces a playlist's songs, as its owner would with another client.
func (s *Server) SetPlaylist(id string, songs ...string) {}

// SetReadOnly makes the server refuse changes to a playlist.
func (s *Server) SetReadOnly(id string, readOnly bool) {}

// Rename gives a playlist another name.
func (s *Server) Rename(id, name string) {}

// DeletePlaylist removes a playlist.
func (s *Server) DeletePlaylist(id string) {}

// RemoveSong removes a file from the library, and from every playlist.
func (s *Server) RemoveSong(id string) {}

// Renumber gives every song and playlist a new id, as Navidrome 0.64 did.
func (s *Server) Renumber() {}

// Rescan lets the server say that it read the library again.
func (s *Server) Rescan() {}

// Fail makes every request from now on fail in the given way; Works ends that.
func (s *Server) Fail(m Mode) {}

// Requests returns what was received since the last call.
func (s *Server) Requests() []Request { return nil }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
