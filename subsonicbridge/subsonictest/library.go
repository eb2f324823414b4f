package subsonictest

import (
	"fmt"
	"strings"
)

func (s *Server) getSong(r request) (object, *apiError) {
	id := r.Get("id")
	if x := s.song(id); x != nil {
		return object{{"song", s.songObject(x)}}, nil
	}
	switch {
	case s.dialect == Navidrome:
		return nil, fail(70, "Song not found")
	case s.dialect == Gonic && !s.traits.ids.form.MatchString(id):
		return nil, fail(10, "provide an `id` parameter")
	case !s.traits.ids.form.MatchString(id):
		return nil, s.malformed("id")
	}
	return nil, fail(70, "Track not found")
}

// maxLMSCount is what LMS lets a client ask for at once.
const maxLMSCount = 1_000

func (s *Server) search3(r request) (object, *apiError) {
	if !r.Has("query") && s.dialect != Navidrome {
		return nil, fail(10, "%s", strings.Replace(s.traits.missing("query"), "an `", "a `", 1))
	}
	count := r.number("songCount", 20)
	if s.dialect == LMS && count > maxLMSCount {
		return nil, fail(0, "Parameter 'songCount': bad value (max is %d)", maxLMSCount)
	}
	var found []object
	for i := range s.songs {
		if s.matches(&s.songs[i], r.Get("query")) {
			found = append(found, s.songObject(&s.songs[i]))
		}
	}
	result := object{}
	if page := cut(found, r.number("songOffset", 0), count); len(page) > 0 {
		result = object{{"song", page}}
	}
	return object{{"searchResult3", result}}, nil
}

// matches: an empty query is everything; so are two quotes, for those servers that some client taught to know them.
func (s *Server) matches(x *song, query string) bool {
	if query == `""` && (s.dialect == Navidrome || s.dialect == Gonic) {
		return true
	}
	if query == "" {
		return s.dialect != Gonic || x.Artist != "" || x.Album != "" // gonic leaves out files without tags
	}
	where := x.Title
	if s.dialect == Navidrome {
		where += " " + x.Artist + " " + x.Album
	}
	return strings.Contains(strings.ToLower(where), strings.ToLower(query))
}

func cut[T any](all []T, offset, count int) []T {
	offset = min(offset, len(all))
	return all[offset:min(len(all), offset+count)]
}

type album struct {
	id, name, artist string
	songs            []string
}

// albums groups the songs by album and its artist.
func (s *Server) albums() []*album {
	var out []*album
	byName := map[[2]string]*album{}
	for _, x := range s.songs {
		by := x.AlbumBy
		if by == "" {
			by = x.Artist
		}
		key := [2]string{by, x.Album}
		if byName[key] == nil {
			byName[key] = &album{id: fmt.Sprintf("al-%d", len(out)+1), name: x.Album, artist: by}
			out = append(out, byName[key])
		}
		byName[key].songs = append(byName[key].songs, x.id)
	}
	return out
}

func (s *Server) getAlbumList2(r request) (object, *apiError) {
	if !r.Has("type") {
		return nil, fail(10, "%s", s.traits.missing("type"))
	}
	var found []object
	for _, a := range cut(s.albums(), r.number("offset", 0), r.number("size", 10)) {
		found = append(found, object{{"id", a.id}, {"name", a.name}, {"artist", a.artist}, {"songCount", len(a.songs)}})
	}
	if found == nil {
		return object{{"albumList2", object{}}}, nil
	}
	return object{{"albumList2", object{{"album", found}}}}, nil
}

func (s *Server) getAlbum(r request) (object, *apiError) {
	for _, a := range s.albums() {
		if a.id == r.Get("id") {
			return object{{"album", object{{"id", a.id}, {"name", a.name}, {"artist", a.artist}, {"song", s.songObjects(a.songs)}}}}, nil
		}
	}
	return nil, fail(70, "Album not found")
}
