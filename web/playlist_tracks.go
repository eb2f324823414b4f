package web

import (
	"html"
	"html/template"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
)

// maxShown bounds the tracks of a page. The files hold all of them.
const maxShown = 2000

// shownTrack is a track as a page shows it. It is flat and as ready as can be: for a long playlist the template is what
// takes the time.
type shownTrack struct {
	Title, Artist, Album, Note string
	Length, ISOLength          string        // "3:20" and "PT3M20S", or ""
	Find                       template.HTML // links to where it is described or sold, "" when there is nothing to look for
}

// shownTracks are the first of a playlist's tracks, and how many more there are.
func shownTracks(all []playlists.Track, shops bool) (shown []shownTrack, more int) {
	shown = make([]shownTrack, min(len(all), maxShown))
	for i := range shown {
		t := all[i]
		shown[i] = shownTrack{Title: t.Title, Artist: t.Artist, Album: t.Album, Note: t.Note, Find: findLinks(t, shops)}
		if t.Duration > 0 {
			shown[i].Length, shown[i].ISOLength = clock(t.Duration), isoDuration(t.Duration)
		}
	}
	return shown, len(all) - len(shown)
}

// findLinks are made here and not by the template, which would take longer for them than for the rest of the page.
func findLinks(t playlists.Track, shops bool) template.HTML {
	found := missing.Track{Track: t}.Links()
	if found.MusicBrainz == "" {
		return ""
	}
	var b strings.Builder
	if shops {
		writeLink(&b, found.Bandcamp, "Bandcamp")
		writeLink(&b, found.Qobuz, "Qobuz")
	}
	writeLink(&b, found.MusicBrainz, "MusicBrainz")
	return template.HTML(b.String())
}

func writeLink(b *strings.Builder, address, name string) {
	b.WriteString(` <a href="` + html.EscapeString(address) + `">` + name + "</a>")
}
