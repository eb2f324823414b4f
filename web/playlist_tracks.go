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

// trackRows writes the rows of a page's list, which stand in its ol, and with them the language of the curator's notes. A
// template would take longer for them than for all the rest of the page together with the database.
func trackRows(w words, tracks []playlists.Track, language string, shops bool) template.HTML {
	var b strings.Builder
	b.Grow(len(tracks) * 800) // about what a row takes
	find, lang := html.EscapeString(w.say("Find it")), ""
	if language != "" {
		lang = ` lang="` + html.EscapeString(language) + `"`
	}
	for _, t := range tracks {
		b.WriteString(`<li><div class="track"><span class="title"><bdi>`)
		b.WriteString(html.EscapeString(t.Title))
		b.WriteString("</bdi></span>\n")
		writeCredit(&b, t)
		if t.Note != "" {
			b.WriteString(`<span class="note" dir="auto"` + lang + ">" + html.EscapeString(t.Note) + "</span>\n")
		}
		writeFind(&b, t, find, shops)
		b.WriteString("</div>\n")
		if t.Duration > 0 {
			b.WriteString(`<time datetime="` + isoDuration(t.Duration) + `">` + clock(t.Duration) + "</time>")
		}
		b.WriteString("</li>\n")
	}
	return template.HTML(b.String())
}

// writeCredit isolates each name, which may run in another direction than what stands around it.
func writeCredit(b *strings.Builder, t playlists.Track) {
	if t.Artist == "" && t.Album == "" {
		return
	}
	b.WriteString(`<span class="credit">`)
	if t.Artist != "" {
		b.WriteString("<bdi>")
		b.WriteString(html.EscapeString(t.Artist))
		b.WriteString("</bdi>")
	}
	if t.Artist != "" && t.Album != "" {
		b.WriteString(" · ")
	}
	if t.Album != "" {
		b.WriteString(`<bdi class="album">`)
		b.WriteString(html.EscapeString(t.Album))
		b.WriteString("</bdi>")
	}
	b.WriteString("</span>\n")
}

// writeFind links to where a track is described or sold.
func writeFind(b *strings.Builder, t playlists.Track, find string, shops bool) {
	found := missing.Track{Track: t}.Links()
	if found.MusicBrainz == "" {
		return
	}
	b.WriteString(`<details class="find"><summary>` + find + "</summary>")
	if shops {
		writeLink(b, found.Bandcamp, "Bandcamp")
		writeLink(b, found.Qobuz, "Qobuz")
	}
	writeLink(b, found.MusicBrainz, "MusicBrainz")
	b.WriteString("</details>")
}

func writeLink(b *strings.Builder, address, name string) {
	b.WriteString(` <a href="`)
	b.WriteString(html.EscapeString(address))
	b.WriteString(`">`)
	b.WriteString(name)
	b.WriteString("</a>")
}
