package subsonictest

import (
	"slices"
	"strings"
)

func (s *Server) getPlaylists(r request) (object, *apiError) {
	if s.dialect == Supysonic && r.Get("username") != "" && !r.user.admin {
		return nil, fail(50, "%s", s.traits.forbidden)
	}
	var visible []object
	for _, l := range s.inOrder(r) {
		if s.listed(l, r) {
			visible = append(visible, s.playlistObject(l, r.user, false))
		}
	}
	if len(visible) == 0 && s.dialect != Gonic {
		return object{{"playlists", object{}}}, nil
	}
	if visible == nil {
		visible = []object{}
	}
	return object{{"playlists", object{{"playlist", visible}}}}, nil
}

// inOrder returns the playlists as the server sorts them.
func (s *Server) inOrder(r request) []*list {
	lists := slices.Clone(s.lists)
	switch s.dialect {
	case Navidrome, Supysonic:
		slices.SortStableFunc(lists, func(a, b *list) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		})
	case LMS:
		slices.SortStableFunc(lists, func(a, b *list) int {
			return boolInt(a.Owner != r.user.name) - boolInt(b.Owner != r.user.name)
		})
	}
	return lists
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// listed reports whether getPlaylists shows l. Navidrome shows its administrator everybody's private playlists.
func (s *Server) listed(l *list, r request) bool {
	if s.dialect == Supysonic && r.Get("username") != "" {
		return l.Owner == r.Get("username")
	}
	return l.Owner == r.user.name || l.Public || s.dialect == Navidrome && r.user.admin
}

func (s *Server) getPlaylist(r request) (object, *apiError) {
	l, err := s.named(r, "id")
	if err != nil {
		return nil, err
	}
	admitted := r.user.admin && (s.dialect == Navidrome || s.dialect == Supysonic)
	if l.Owner != r.user.name && !l.Public && !admitted {
		return nil, s.hidden()
	}
	return object{{"playlist", s.playlistObject(l, r.user, true)}}, nil
}

// hidden is what a server says about somebody else's private playlist.
func (s *Server) hidden() *apiError {
	if s.dialect == Gonic || s.dialect == Supysonic {
		return fail(50, "%s", s.traits.forbidden)
	}
	return fail(70, "%s", s.traits.gone)
}

// named returns the playlist whose id is in the parameter.
func (s *Server) named(r request, parameter string) (*list, *apiError) {
	id := r.Get(parameter)
	switch {
	case id == "":
		return nil, fail(10, "%s", s.traits.missing(parameter))
	case !s.traits.ids.form.MatchString(id):
		return nil, s.malformed(parameter)
	}
	if l := s.list(id); l != nil {
		return l, nil
	}
	if s.dialect == Gonic {
		return nil, fail(70, "playlist with id %s not found", id)
	}
	return nil, fail(70, "%s", s.traits.gone)
}

// malformed is what a server says to an id that is not of its form. Navidrome takes any text for an id.
func (s *Server) malformed(parameter string) *apiError {
	switch s.dialect {
	case Supysonic:
		return fail(0, "ValueError: badly formed hexadecimal UUID string")
	case LMS:
		return fail(0, "Parameter '%s': bad value", parameter)
	}
	return fail(10, "please provide an `%s` parameter", parameter)
}
