package subsonictest

import (
	"slices"
	"strconv"
)

// playlistObject is l as the server describes it to u.
func (s *Server) playlistObject(l *list, u user, withSongs bool) object {
	o := object{{"id", l.ID}, {"name", s.shownName(l, u)}}
	if l.Comment != "" || s.dialect == Gonic {
		o = append(o, field{"comment", l.Comment})
	}
	if l.Public || s.dialect == Supysonic || s.dialect == LMS {
		o = append(o, field{"public", l.Public})
	}
	duration := 0
	if withSongs || s.dialect != Gonic { // whose list never adds up
		duration = s.duration(l)
	}
	created := l.created
	if s.dialect == Gonic {
		created = l.changed
	}
	o = append(o, field{"owner", l.Owner}, field{"songCount", len(l.Songs)}, field{"duration", duration},
		field{"created", created.Format(s.traits.timestamp)})
	if s.dialect != Supysonic {
		o = append(o, field{"changed", l.changed.Format(s.traits.timestamp)})
	}
	if id := s.listCover(l); id != "" {
		o = append(o, field{"coverArt", id})
	}
	if s.dialect == Navidrome {
		o = append(o, field{"readonly", s.unlessUnset(l.ReadOnly || l.Owner != u.name && !u.admin)})
	}
	if withSongs && len(l.Songs) > 0 {
		o = append(o, field{"entry", s.songObjects(l.Songs)})
	}
	return o
}

// shownName: supysonic prefixes other people's playlists.
func (s *Server) shownName(l *list, u user) string {
	if s.dialect == Supysonic && l.Owner != u.name {
		return "[" + l.Owner + "] " + l.Name
	}
	return l.Name
}

func (s *Server) duration(l *list) int {
	seconds := 0
	for _, id := range l.Songs {
		seconds += s.song(id).Duration
	}
	return seconds
}

func (s *Server) songObjects(ids []string) []object {
	out := make([]object, len(ids))
	for i, id := range ids {
		out[i] = s.songObject(s.song(id))
	}
	return out
}

// songObject has, beside the tags, some of what must never be published: the path, when the file came.
func (s *Server) songObject(x *song) object {
	o := object{{"id", x.id}, {"isDir", false}, {"title", x.Title}, {"album", x.Album}, {"artist", x.Artist},
		{"duration", x.Duration}, {"path", x.Artist + "/" + x.Album + "/" + x.Title + ".mp3"},
		{"type", "music"}, {"created", s.clock.Format(s.traits.timestamp)}}
	for _, n := range []struct {
		name  string
		value int
	}{{"track", x.Number}, {"discNumber", x.Disc}, {"year", x.Year}} {
		if n.value > 0 {
			o = append(o, field{n.name, n.value})
		}
	}
	if id := s.songCover(x); id != "" {
		o = append(o, field{"coverArt", id})
	}
	if s.dialect == Supysonic {
		return append(o, field{"bitRate", 16000})
	}
	return append(o, s.openSubsonic(x)...)
}

// openSubsonic is the part of a song that servers of OpenSubsonic add, set or not.
func (s *Server) openSubsonic(x *song) object {
	codes := append([]string{}, x.ISRC...)
	var isrc any = codes
	if s.dialect == Gonic {
		isrc = attributeList(codes)
	}
	credit := []object{}
	for i, a := range x.Artists {
		credit = append(credit, object{{"id", "ar-" + strconv.Itoa(i+1)}, {"name", a.Name}})
	}
	if len(credit) == 0 && x.Artist != "" {
		credit = append(credit, object{{"id", "ar-1"}, {"name", x.Artist}})
	}
	return object{{"musicBrainzId", s.unlessUnset(x.MBID)}, {"isrc", isrc}, {"artists", credit},
		{"displayArtist", x.Artist}, {"displayAlbumArtist", x.AlbumBy}, {"bitRate", 16}}
}

// unlessUnset returns value for an answer in which Navidrome's XML leaves out what is not set.
func (s *Server) unlessUnset(value any) any {
	if s.dialect == Navidrome && (value == "" || value == false) {
		return jsonOnly{value}
	}
	return value
}

// without returns songs without those at the indexes, which count from 0.
func without(songs, indexes []string) []string {
	var out []string
	for i, id := range songs {
		if !slices.Contains(indexes, strconv.Itoa(i)) {
			out = append(out, id)
		}
	}
	return out
}
