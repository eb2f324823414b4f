// Package subsonictest is an in-memory music server that speaks the Subsonic API as real servers do, with their gaps and
// oddities. Tests and `songferry demo` use it in place of a person's server.
//
// Navidrome, gonic and supysonic behave as measured (dialect_test.go replays recorded calls); LMS behaves as its source
// says. What a client of playlists does not need is left out: no audio, ratings, shares of anything but playlists.
package subsonictest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Server is an in-memory music server. It is an http.Handler; its methods may be called while it serves. Calls of its Go
// methods with unknown users or ids panic: they are mistakes of the test.
type Server struct {
	dialect Dialect
	traits  traits

	mu       sync.Mutex // covers everything below
	users    []user
	songs    []song         // in the order of AddSong
	byID     map[string]int // index of songs; nil when it must be made anew
	lists    []*list
	covers   map[string][]byte // images by the name of an album or the id of a playlist
	counter  int               // of all ids ever given
	epoch    int               // of Renumber
	scans    int
	clock    time.Time
	mode     Mode
	requests []Request
	shares   map[string]string // playlist by share; nil: sharing is switched off
}

type user struct {
	name, password string
	admin          bool
}

type song struct {
	id string
	playlists.Track
}

type list struct {
	Playlist
	created, changed time.Time
}

// Playlist is a playlist as the Server keeps it.
type Playlist struct {
	ID, Name, Owner, Comment string
	Public, ReadOnly         bool
	Songs                    []string // ids
}

// NewServer returns an empty server without users.
func NewServer(d Dialect) *Server {
	t, known := dialects[d]
	if !known {
		panic("subsonictest: no dialect " + string(d))
	}
	return &Server{dialect: d, traits: t, covers: map[string][]byte{}, clock: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

// AddUser adds a user; the first one is the administrator. On LMS the password is the API key.
func (s *Server) AddUser(name, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users = append(s.users, user{name: name, password: password, admin: len(s.users) == 0})
}

// SetPassword changes a user's password.
func (s *Server) SetPassword(name, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.users, func(u user) bool { return u.name == name })
	s.users[i].password = password
}

// AddSong adds a file with these tags to the library and returns its id. Rescan tells clients.
func (s *Server) AddSong(t playlists.Track) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counter++
	id = s.traits.ids.song(s.counter, s.epoch)
	s.songs, s.byID = append(s.songs, song{id: id, Track: t}), nil
	return id
}

// RemoveSong takes a file out of the library and, as servers do, out of every playlist.
func (s *Server) RemoveSong(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustHave(id)
	s.songs, s.byID = slices.DeleteFunc(s.songs, func(x song) bool { return x.id == id }), nil
	for _, l := range s.lists {
		l.Songs = slices.DeleteFunc(l.Songs, func(x string) bool { return x == id })
	}
}

// AddPlaylist adds a private playlist and returns its id.
func (s *Server) AddPlaylist(owner, name string, songs ...string) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustHave(songs...)
	if !slices.ContainsFunc(s.users, func(u user) bool { return u.name == owner }) {
		panic("subsonictest: no user " + owner)
	}
	return s.add(owner, name, songs).ID
}

func (s *Server) add(owner, name string, songs []string) *list {
	s.counter++
	now := s.tick()
	l := &list{created: now, changed: now}
	l.Playlist = Playlist{
		ID: s.traits.ids.playlist(s.counter, s.epoch), Name: name, Owner: owner, Songs: slices.Clone(songs),
	}
	s.lists = append(s.lists, l)
	return l
}

func (s *Server) list(id string) *list {
	for _, l := range s.lists {
		if l.ID == id {
			return l
		}
	}
	return nil
}

func (s *Server) song(id string) *song {
	if s.byID == nil {
		s.byID = make(map[string]int, len(s.songs))
		for i, x := range s.songs {
			s.byID[x.id] = i
		}
	}
	if i, known := s.byID[id]; known {
		return &s.songs[i]
	}
	return nil
}

func (s *Server) mustHave(songs ...string) {
	for _, id := range songs {
		if s.song(id) == nil {
			panic(fmt.Sprintf("subsonictest: no song %q", id))
		}
	}
}

// tick returns a time a second later than the last one, so that every change shows in every dialect's format.
func (s *Server) tick() time.Time {
	s.clock = s.clock.Add(time.Second)
	return s.clock
}
