package subsonictest

import (
	"slices"

	"github.com/songferry/songferry/playlists"
)

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

// Retag changes the tags of a file, which keeps its id.
func (s *Server) Retag(id string, change func(*playlists.Track)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustHave(id)
	change(&s.song(id).Track)
}

// Rescan lets the server say that it has read its files anew.
func (s *Server) Rescan() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scans++
}
