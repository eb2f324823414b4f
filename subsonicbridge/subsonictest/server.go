// Package subsonictest is an in-memory music server that speaks the Subsonic API as real servers do, with their gaps and
// oddities. Tests and `songferry demo` use it in place of a person's server.
//
// Navidrome, gonic and supysonic behave as measured (dialect_test.go replays recorded calls); LMS behaves as its source
// says. What a client of playlists does not need is left out: no audio, covers, ratings, shares.
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
	counter  int // of all ids ever given
	epoch    int // of Renumber
	scans    int
	clock    time.Time
	mode     Mode
	requests []Request
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
	return &Server{dialect: d, traits: t, clock: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
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

// Playlist returns the playlist with this id.
func (s *Server) Playlist(id string) (Playlist, bool) {
	return s.first(func(l *list) bool { return l.ID == id })
}

// PlaylistNamed returns the owner's oldest playlist with this name.
func (s *Server) PlaylistNamed(owner, name string) (Playlist, bool) {
	return s.first(func(l *list) bool { return l.Owner == owner && l.Name == name })
}

func (s *Server) first(is func(*list) bool) (Playlist, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.lists, is); i >= 0 {
		return s.lists[i].copy(), true
	}
	return Playlist{}, false
}

// Playlists returns every playlist, oldest first.
func (s *Server) Playlists() []Playlist {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Playlist, len(s.lists))
	for i, l := range s.lists {
		out[i] = l.copy()
	}
	return out
}

func (l *list) copy() Playlist {
	p := l.Playlist
	p.Songs = slices.Clone(p.Songs)
	return p
}

// SetPlaylist replaces a playlist's songs, as its owner would with another client.
func (s *Server) SetPlaylist(id string, songs ...string) {
	s.edit(id, func(l *list) {
		s.mustHave(songs...)
		l.Songs = slices.Clone(songs)
	})
}

// Rename gives a playlist another name.
func (s *Server) Rename(id, name string) { s.edit(id, func(l *list) { l.Name = name }) }

// SetPublic lets the other users of the server see a playlist, or not.
func (s *Server) SetPublic(id string, public bool) { s.edit(id, func(l *list) { l.Public = public }) }

// SetReadOnly makes the server refuse changes to a playlist's songs, as Navidrome does for smart playlists.
func (s *Server) SetReadOnly(id string, readOnly bool) {
	s.edit(id, func(l *list) { l.ReadOnly = readOnly })
}

// Touch gives a playlist a new time of change and no other content, as Navidrome does when a smart one is looked at.
func (s *Server) Touch(id string) { s.edit(id, func(*list) {}) }

func (s *Server) edit(id string, change func(*list)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.list(id)
	if l == nil {
		panic("subsonictest: no playlist " + id)
	}
	change(l)
	l.changed = s.tick()
}

// DeletePlaylist removes a playlist.
func (s *Server) DeletePlaylist(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists = slices.DeleteFunc(s.lists, func(l *list) bool { return l.ID == id })
}

// Renumber gives every song and playlist a new id and forgets the old ones, as the upgrade to Navidrome 0.64 did.
func (s *Server) Renumber() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	s.byID = nil
	renamed := map[string]string{}
	for i := range s.songs {
		s.counter++
		old := s.songs[i].id
		s.songs[i].id = s.traits.ids.song(s.counter, s.epoch)
		renamed[old] = s.songs[i].id
	}
	for _, l := range s.lists {
		s.counter++
		l.ID = s.traits.ids.playlist(s.counter, s.epoch)
		for i, id := range l.Songs {
			l.Songs[i] = renamed[id]
		}
	}
}

// Rescan lets the server say that it has read its files anew.
func (s *Server) Rescan() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scans++
}

// Songs returns the ids of the library, in the order of AddSong.
func (s *Server) Songs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]string, len(s.songs))
	for i, x := range s.songs {
		out[i] = x.id
	}
	return out
}

// Titles returns the titles of a playlist's songs, nil when there is no such playlist.
func (s *Server) Titles(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.list(id)
	if l == nil {
		return nil
	}
	out := make([]string, len(l.Songs))
	for i, songID := range l.Songs {
		out[i] = s.song(songID).Title
	}
	return out
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
