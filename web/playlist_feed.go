package web

import (
	"context"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/songferry/songferry/playlists"
)

const (
	feedExtension = "atom"
	feedType      = "application/atom+xml"

	maxEntries = 20 // of a feed, the newest
	maxNamed   = 30 // tracks that an entry names
)

// feed is a feed of Atom (RFC 4287).
type feed struct {
	XMLName  xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Language string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       string     `xml:"id"`
	Title    string     `xml:"title"`
	Updated  string     `xml:"updated"`
	Author   string     `xml:"author>name"`
	Links    []feedLink `xml:"link"`
	Entries  []entry    `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// entry tells of one change.
type entry struct {
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Link    feedLink    `xml:"link"`
	Content feedContent `xml:"content"`
}

type feedContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// sendFeed sends the changes of a playlist since it is shared as it is now. What was in it before is told to nobody.
func (s *site) sendFeed(w http.ResponseWriter, r *http.Request, sh shared) error {
	address := s.absolute(sh.path())
	if address == "" || sh.Personal {
		return nothingHere(w, r)
	}
	f := feed{ID: address, Title: sh.Playlist.Name, Author: sh.Curator.Name, Updated: atomTime(sh.changed()),
		Links: []feedLink{{"self", feedType, address + "." + feedExtension}, {"alternate", "text/html", address}}}
	words := s.wordsIn(sh.Playlist.Language)
	f.Language = words.language
	var err error
	if f.Entries, err = s.entriesOf(r.Context(), words, sh, address); err != nil {
		return err
	}
	body, err := xml.Marshal(f)
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	serve(w, r, feedType+"; charset=utf-8", append([]byte(xml.Header), body...), sh.changed())
	return nil
}

// entriesOf are the changes, newest first, and at their end that the playlist is shared, when they reach back so far.
func (s *site) entriesOf(ctx context.Context, words words, sh shared, address string) ([]entry, error) {
	steps, err := s.Store.History(ctx, sh.Publication.Playlist, maxEntries)
	if err != nil {
		return nil, err
	}
	link := feedLink{"alternate", "text/html", address}
	var out []entry
	tracks, first := len(sh.Playlist.Tracks), sh.Playlist.Revision
	for _, step := range steps {
		if !step.At.After(sh.Changed) {
			break
		}
		out = append(out, entry{fmt.Sprintf("%s#%d", address, step.Revision), words.changed(changeIn(step)), atomTime(step.At), link, feedContent{"html", words.changeHTML(step)}})
		tracks, first = tracks+len(step.Removed)-len(step.Added), step.Revision-1
	}
	if reachesBack := len(out) < len(steps) || first == 1; reachesBack {
		shared := words.count(tracks, "Shared, with %d track", "Shared, with %d tracks")
		out = append(out, entry{address + "#shared", shared, atomTime(sh.Changed), link, feedContent{"html", html.EscapeString(shared)}})
	}
	return out, nil
}

// wordsIn are those of a language, of English when it is none that there are.
func (s *site) wordsIn(tag string) words {
	wanted, err := language.Parse(tag)
	if err != nil {
		return s.catalogue[english]
	}
	_, i, _ := s.matcher.Match(wanted)
	return s.catalogue[languages[i].String()]
}

// changeHTML is what a version changed, with the names of the tracks.
func (w words) changeHTML(d playlists.Step) string {
	var b strings.Builder
	b.WriteString("<p>" + html.EscapeString(w.changed(changeIn(d))) + "</p>")
	for _, part := range []struct {
		title  string
		tracks []playlists.Track
	}{{w.say("Added"), d.Added}, {w.say("Removed"), d.Removed}} {
		if len(part.tracks) == 0 {
			continue
		}
		b.WriteString("<p>" + html.EscapeString(part.title) + "</p><ul>")
		for _, t := range part.tracks[:min(len(part.tracks), maxNamed)] {
			b.WriteString("<li>" + html.EscapeString(nameOf(t)) + "</li>")
		}
		if more := len(part.tracks) - maxNamed; more > 0 {
			b.WriteString("<li>" + html.EscapeString(w.count(more, "and %d more", "and %d more")) + "</li>")
		}
		b.WriteString("</ul>")
	}
	return b.String()
}

// nameOf is a track in one line.
func nameOf(t playlists.Track) string {
	if t.Artist == "" {
		return t.Title
	}
	return t.Artist + " – " + t.Title
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
