package subsonictest

import "slices"

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
