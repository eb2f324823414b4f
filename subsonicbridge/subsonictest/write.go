package subsonictest

import (
	"slices"
	"strings"
)

func (s *Server) createPlaylist(r request) (object, *apiError) {
	if r.Get("playlistId") != "" {
		return s.replacePlaylist(r)
	}
	if !r.Has("name") && s.dialect != Gonic {
		if s.dialect == Navidrome {
			return nil, fail(0, "Internal Server Error: required parameter name is missing")
		}
		return nil, fail(10, "%s", s.traits.missing("name or playlistId"))
	}
	songs, err := s.known(r.Values["songId"])
	if err != nil {
		return nil, err
	}
	return s.written(s.add(r.user.name, r.Get("name"), songs), r)
}

func (s *Server) replacePlaylist(r request) (object, *apiError) {
	l, err := s.named(r, "playlistId")
	if err != nil && s.dialect == Gonic {
		l, err = s.resurrect(r), nil
	}
	if err == nil {
		err = s.mayChange(l, r)
	}
	if err != nil {
		return nil, err
	}
	songs, err := s.known(r.Values["songId"])
	if err != nil {
		return nil, err
	}
	if len(r.Values["songId"]) > 0 || s.dialect != Navidrome { // which takes an empty list for no list
		l.Songs = songs
	}
	if r.Get("name") != "" {
		l.Name = r.Get("name")
	}
	l.changed = s.tick()
	return s.written(l, r)
}

// resurrect is gonic's answer to createPlaylist with an id that is gone: a playlist without a name.
func (s *Server) resurrect(r request) *list {
	l := s.add(r.user.name, "", nil)
	if s.traits.ids.form.MatchString(r.Get("playlistId")) {
		l.ID = r.Get("playlistId")
	}
	return l
}

// written is the answer to createPlaylist. supysonic does not tell what it made.
func (s *Server) written(l *list, r request) (object, *apiError) {
	if s.dialect == Supysonic {
		return nil, nil
	}
	return object{{"playlist", s.playlistObject(l, r.user, true)}}, nil
}

// mayChange returns why the user must not change a playlist.
func (s *Server) mayChange(l *list, r request) *apiError {
	admitted := r.user.admin && (s.dialect == Navidrome || s.dialect == Supysonic)
	switch {
	case l.Owner != r.user.name && !admitted:
		if s.dialect == LMS && !l.Public {
			return fail(70, "%s", s.traits.gone)
		}
		return fail(50, "%s", strings.Replace(s.traits.forbidden, "read", "update", 1))
	case l.ReadOnly:
		return fail(50, "%s", s.traits.forbidden)
	}
	return nil
}

// known returns those of the songs that are in the library, or an error, as the dialect has it.
func (s *Server) known(ids []string) ([]string, *apiError) {
	var out []string
	for _, id := range ids {
		wellFormed := s.traits.ids.form.MatchString(id)
		switch {
		case s.song(id) != nil:
			out = append(out, id)
		case s.dialect == Gonic && !wellFormed:
			return nil, nil // the parameter as a whole is unreadable, and so absent
		case s.dialect == Gonic:
			return nil, fail(0, "lookup id %s: record not found", id)
		case s.dialect != Navidrome && !wellFormed:
			return nil, s.malformed("songId")
		case s.dialect == Supysonic:
			return nil, fail(70, "Track not found")
		}
	}
	return out, nil
}

func (s *Server) updatePlaylist(r request) (object, *apiError) {
	l, err := s.named(r, "playlistId")
	if err != nil {
		if s.dialect == Gonic && err.code == 70 {
			err = fail(0, "find playlist: open: no such file or directory")
		}
		return nil, err
	}
	if err := s.mayChange(l, r); err != nil {
		if s.dialect == Gonic {
			return nil, nil // says ok and does nothing
		}
		return nil, err
	}
	added, err := s.known(r.Values["songIdToAdd"])
	if err != nil {
		return nil, err
	}
	l.Songs = append(without(l.Songs, r.Values["songIndexToRemove"]), added...)
	s.describe(l, r)
	l.changed = s.tick()
	return nil, nil
}

func (s *Server) describe(l *list, r request) {
	if r.Get("name") != "" {
		l.Name = r.Get("name")
	}
	// supysonic takes an empty comment for none given; LMS has none.
	if r.Has("comment") && s.dialect != LMS && (s.dialect != Supysonic || r.Get("comment") != "") {
		l.Comment = r.Get("comment")
	}
	if s.dialect == LMS {
		l.Public = r.Has("public") // its source compares presence, not value
	} else if r.Has("public") {
		l.Public = r.Get("public") == "true"
	}
}

func (s *Server) deletePlaylist(r request) (object, *apiError) {
	l, err := s.named(r, "id")
	if err != nil {
		if s.dialect == Navidrome && err.code == 70 {
			err = fail(70, "data not found")
		}
		return nil, err
	}
	readOnly := l.ReadOnly
	l.ReadOnly = false // a smart playlist may be deleted
	err = s.mayChange(l, r)
	l.ReadOnly = readOnly
	if err != nil {
		if s.dialect == Gonic {
			err = fail(50, "you aren't allowed to delete that user's playlist")
		}
		return nil, err
	}
	s.lists = slices.DeleteFunc(s.lists, func(x *list) bool { return x == l })
	return nil, nil
}
