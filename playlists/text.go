package playlists

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanText makes text from outside safe to keep, show and log: valid UTF-8, no control characters (line breaks become
// spaces), no marks that reverse the direction of what follows, no noncharacters (which XML cannot carry), no surrounding
// space, at most max runes.
func CleanText(s string, max int) string {
	return clean(s, max, func(r rune) rune { return ' ' })
}

// CleanLines is CleanText for text of several lines: line breaks stay.
func CleanLines(s string, max int) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return clean(s, max, func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	})
}

// asKey returns text from outside as any database can look it up: PostgreSQL refuses NUL and what is not UTF-8. No key
// holds the replacement character, so that such text finds nothing.
func asKey(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\ufffd"), "\ufffd")
}

func clean(s string, max int, space func(rune) rune) string {
	// A hostile megabyte is cut before it is looked at; four bytes a rune is the most that can be needed.
	if len(s) > 8*max {
		s = s[:8*max]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, isBidiControl(r), unicode.Is(unicode.Cs, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029':
			return space(r)
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.TrimSpace(s)
	if n := 0; len(s) > max {
		for i := range s {
			if n == max {
				return strings.TrimSpace(s[:i])
			}
			n++
		}
	}
	return s
}

// isBidiControl: the explicit embeddings, overrides and isolates of Unicode's UAX 9. The plain marks (LRM, RLM) stay.
func isBidiControl(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

var (
	mbidPattern     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	isrcPattern     = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$`)
	languagePattern = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}$`)
	handlePattern   = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)
)

// CleanMBID returns s as a MusicBrainz id in its usual form, or "" when it is none.
func CleanMBID(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) != 36 || !mbidPattern.MatchString(s) {
		return ""
	}
	return s
}

// CleanISRC returns s as an ISRC (ISO 3901) without hyphens, or "" when it is none.
func CleanISRC(s string) string {
	if len(s) > 32 {
		return ""
	}
	s = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), "-", ""))
	if !isrcPattern.MatchString(s) {
		return ""
	}
	return s
}

// ValidLanguage reports whether s can be a language tag, like fr or fr-CA (BCP 47, its usual parts only).
func ValidLanguage(s string) bool { return languagePattern.MatchString(s) }

// ValidHandle reports whether s can be the name of an actor: 1 to 30 of a-z, 0-9 and _.
func ValidHandle(s string) bool { return handlePattern.MatchString(s) }

// clean returns t with every field safe to keep and bounded.
func (t Track) clean() Track {
	t.Item = CleanText(t.Item, 64)
	t.Title = CleanText(t.Title, MaxText)
	t.Artist = CleanText(t.Artist, MaxText)
	t.Album = CleanText(t.Album, MaxText)
	t.AlbumBy = CleanText(t.AlbumBy, MaxText)
	t.Note = CleanLines(t.Note, MaxNote)
	t.AlbumID = CleanMBID(t.AlbumID)
	t.MBID = CleanMBID(t.MBID)
	t.Duration = within(t.Duration, 7*24*3600)
	t.Number = within(t.Number, 99_999)
	t.Disc = within(t.Disc, 9_999)
	t.Year = within(t.Year, 9_999)
	t.Artists = cleanArtists(t.Artists)
	t.ISRC = cleanISRCs(t.ISRC)
	return t
}

func within(n, max int) int {
	if n < 0 || n > max {
		return 0
	}
	return n
}

func cleanArtists(in []Artist) []Artist {
	var out []Artist
	for _, a := range in[:min(len(in), maxArtists)] {
		a = Artist{Name: CleanText(a.Name, MaxText), MBID: CleanMBID(a.MBID)}
		if a.Name != "" {
			out = append(out, a)
		}
	}
	return out
}

func cleanISRCs(in []string) []string {
	var out []string
	for _, s := range in[:min(len(in), maxISRC)] {
		if s = CleanISRC(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// cleanPage returns an address that a page may link to, "" when s is none: javascript: and its like are not.
func cleanPage(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > 2_048 || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// clean returns p with every field safe to keep and bounded.
func (p Playlist) clean() Playlist {
	p.Name = CleanText(p.Name, MaxText)
	if p.Name == "" {
		p.Name = "Untitled"
	}
	p.Summary = CleanLines(p.Summary, MaxSummary)
	if !ValidLanguage(p.Language) {
		p.Language = ""
	}
	p.Curator.Name = CleanText(p.Curator.Name, MaxText)
	p.Curator.Handle = CleanText(p.Curator.Handle, MaxText)
	p.Page = cleanPage(p.Page)
	tracks := make([]Track, len(p.Tracks))
	for i, t := range p.Tracks {
		tracks[i] = t.clean()
	}
	p.Tracks = tracks
	return p
}
