package web

import (
	"html"
	"html/template"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// maxShown bounds the tracks of a page. The files hold all of them.
const maxShown = 2000

// trackRows writes the rows of a page's list, which stand in its ol, and with them the language of the curator's notes. A
// template would take longer for them than for all the rest of the page together with the database; and what a row is made
// of, a page holds a hundred times.
func trackRows(w words, tracks []playlists.Track, language string) template.HTML {
	var b strings.Builder
	b.Grow(len(tracks) * 300) // about what a row takes
	find, lang := html.EscapeString(w.say("Find it")), ""
	if language != "" {
		lang = ` lang="` + html.EscapeString(language) + `"`
	}
	for i, t := range tracks {
		write(&b, "<li><bdi>", html.EscapeString(t.Title), "</bdi>\n")
		writeCredit(&b, t)
		if t.Note != "" {
			write(&b, `<p class="note" dir="auto"`, lang, ">", html.EscapeString(t.Note), "</p>\n")
		}
		if t.Duration > 0 {
			write(&b, `<time datetime="`, isoDuration(t.Duration), `">`, clock(t.Duration), "</time>\n")
		}
		write(&b, `<a href="?`, findQuery, "=", strconv.Itoa(i+1), `">`, find, "</a></li>\n")
	}
	return template.HTML(b.String())
}

// writeCredit isolates each name, which may run in another direction than what stands around it.
func writeCredit(b *strings.Builder, t playlists.Track) {
	if t.Artist == "" && t.Album == "" {
		return
	}
	b.WriteString("<p>")
	if t.Artist != "" {
		write(b, "<bdi>", html.EscapeString(t.Artist), "</bdi>")
	}
	if t.Artist != "" && t.Album != "" {
		b.WriteString(" · ")
	}
	if t.Album != "" {
		write(b, `<cite dir="auto">`, html.EscapeString(t.Album), "</cite>")
	}
	b.WriteString("</p>\n")
}

func write(b *strings.Builder, parts ...string) {
	for _, p := range parts {
		b.WriteString(p)
	}
}
