package missing

import (
	"net/url"
	"strings"
)

// kind is what is looked for, as MusicBrainz calls it.
type kind string

const (
	recordings kind = "recording"
	releases   kind = "release"
)

// shop is a place that sells, lends or plays music, and has had its public search at one address for years.
type shop struct {
	name   string
	search string // what stands before the text in the address of a search for a recording: it ends in / or =
	albums string // the same for a release, "" where it makes no difference
	words  bool   // punctuation means something to the search, which therefore gets none
}

// shops are those that are offered. None is asked whether it has the music.
var shops = []shop{
	{name: "Bandcamp", search: "https://bandcamp.com/search?item_type=t&q=", albums: "https://bandcamp.com/search?item_type=a&q="},
	{name: "Qobuz", search: "https://www.qobuz.com/us-en/search/tracks/", albums: "https://www.qobuz.com/us-en/search/albums/"},
	{name: "Discogs", search: "https://www.discogs.com/search/?type=all&q=", albums: "https://www.discogs.com/search/?type=release&q="},
	{name: "Beatport", search: "https://www.beatport.com/search/tracks?q=", albums: "https://www.beatport.com/search/releases?q="},
	{name: "Apple Music", search: "https://music.apple.com/us/search?term="},
	{name: "Deezer", search: "https://www.deezer.com/search/"},
	{name: "Internet Archive", search: "https://archive.org/search?query=", words: true},
	{name: "YouTube", search: "https://www.youtube.com/results?search_query="},
}

// find returns the address of a search for a text that is not empty.
func (s shop) find(kind kind, text string) string {
	at := s.search
	if kind == releases && s.albums != "" {
		at = s.albums
	}
	if words := strings.FieldsFunc(text, isSyntax); s.words && len(words) > 0 {
		text = strings.Join(words, " ")
	}
	if strings.HasSuffix(at, "/") {
		return at + segment(text)
	}
	return at + url.QueryEscape(text)
}

// isSyntax tells what is no part of a word where queries are written in the manner of Lucene.
func isSyntax(r rune) bool { return strings.ContainsRune(` +-&|!(){}[]^"~*?:\/<>=`, r) }

// segment is text as one segment of a path. Slashes become spaces, since many servers refuse escaped ones (AC/DC), and a
// text of full stops alone would lead to the folder above.
func segment(text string) string {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "/", " ")), " ")
	if strings.Trim(text, ".") == "" {
		text += " "
	}
	return url.PathEscape(text)
}
