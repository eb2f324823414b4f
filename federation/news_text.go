package federation

import (
	"fmt"
	"html"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/liner"
)

const (
	toldTracks  = 10  // tracks that a digest names
	pinTracks   = 20  // tracks that the pinned post names
	maxShown    = 100 // runes of a title or a credit in a post
	maxNoteTold = 200 // runes of the curator's note on a track in a post
)

// newsWords is what posts say in one language. A %s stands for HTML.
type newsWords struct {
	addedOne, addedMany string // number, playlist
	by                  string // playlist, owner
	curated             string // mention of the owner
	tracks              func(n int) string
	more                func(n int) string
	quote               string // title, note
	hashtag             string
	cover               string // of a playlist
}

var newsEnglish = newsWords{
	addedOne: "1 track added to %[2]s:", addedMany: "%[1]d tracks added to %[2]s:",
	by: "%s, a playlist by %s", curated: "Chosen by %s",
	tracks: func(n int) string {
		if n == 1 {
			return "1 track"
		}
		return fmt.Sprintf("%d tracks", n)
	},
	more:  func(n int) string { return fmt.Sprintf("and %d more", n) },
	quote: "%s: “%s”", hashtag: "playlist", cover: "Cover of %s",
}

var newsFrench = newsWords{
	addedOne: "1 morceau ajouté à %[2]s\u00a0:", addedMany: "%[1]d morceaux ajoutés à %[2]s\u00a0:",
	by: "%s, une liste de lecture signée %s", curated: "Choix de %s",
	tracks: func(n int) string {
		if n < 2 {
			return fmt.Sprintf("%d morceau", n)
		}
		return fmt.Sprintf("%d morceaux", n)
	},
	more: func(n int) string {
		if n == 1 {
			return "et 1 autre"
		}
		return fmt.Sprintf("et %d autres", n)
	},
	quote: "%s\u00a0: «\u00a0%s\u00a0»", hashtag: "playlist", cover: "Pochette de la liste %s",
}

// newsNote is the post about a story. curator is the owner's own account elsewhere, nil when it is not to be named.
func newsNote(id string, s story, curator *RemoteActor, a Addresses) noteDocument {
	w := inLanguage(s.owner.Language, newsEnglish, newsFrench)
	headline := w.addedMany
	if len(s.tracks) == 1 {
		headline = w.addedOne
	}
	page := a.Profile(s.pub.Handle)
	content := "<p>" + fmt.Sprintf(headline, len(s.tracks), anchor(page, s.list.Name)) + "</p>" +
		trackItems(w, "ul", s.tracks, toldTracks, true)
	n := newNote(a.Note(id), a.Actor(s.pub.PublicID), s.owner.Language, "")
	n.URL = page + "/" + id
	n.addressTo(s.pub, a)
	if cover := describedCover(s.owner, s.list, s.pub, a); cover != nil { // there is one only while its owner wants that
		n.Attachment = []image{*cover}
	}
	if curator != nil {
		link, t := mention(curator.ID, curator.pageOrID(), curator.fullHandle())
		content += "<p>" + fmt.Sprintf(w.curated, link) + "</p>"
		n.Tag, n.CC = append(n.Tag, t), append(n.CC, curator.ID)
	}
	if s.pub.Audience == playlists.Public { // a hashtag is for strangers
		content += fmt.Sprintf(`<p><a href="%s" class="mention hashtag" rel="tag">#<span>%s</span></a></p>`, html.EscapeString(page), w.hashtag)
		n.Tag = append(n.Tag, tag{Type: "Hashtag", Href: page, Name: "#" + w.hashtag})
	}
	if s.pub.Audience.Open() {
		n.InteractionPolicy = &interactionPolicy{}
		n.InteractionPolicy.CanQuote.AutomaticApproval = []string{publicCollection}
	}
	return n.says(content)
}

// pinnedNote is the post with the current tracks that is pinned to a playlist's actor: what a new follower sees first.
func pinnedNote(owner playlists.Account, p playlists.Playlist, pub playlists.Publication, a Addresses) noteDocument {
	w := inLanguage(owner.Language, newsEnglish, newsFrench)
	page := a.Profile(pub.Handle)
	by := anchor(a.Profile(owner.Handle), owner.Name)
	content := "<p>" + fmt.Sprintf(w.by, anchor(page, p.Name), by) + " · " + w.tracks(len(p.Tracks)) + "</p>" +
		liner.HTML(playlists.CleanLines(p.Summary, playlists.MaxText)) + trackItems(w, "ol", p.Tracks, pinTracks, false)
	n := newNote(a.Note(pinned+pub.PublicID), a.Actor(pub.PublicID), owner.Language, "")
	n.URL = page
	n.addressTo(pub, a)
	n.Published = dateTime(pub.Since)
	if at := dateTime(updatedAt(p, pub)); at != n.Published {
		n.Updated = at
	}
	return n.says(content)
}

// addressTo addresses a Note to those who may see a publication. Nobody is an empty list: Mastodon expects one.
func (n *noteDocument) addressTo(pub playlists.Publication, a Addresses) {
	to, cc := audience(pub, a)
	n.To, n.CC = append([]string{}, to...), append([]string{}, cc...)
}

// says sets the content of a Note in its one language.
func (n noteDocument) says(content string) noteDocument {
	n.Content = content
	for language := range n.ContentMap {
		n.ContentMap[language] = content
	}
	return n
}

func anchor(address, text string) string {
	return linkHTML(shortened(text, maxShown), address)
}

// trackItems is a list of the first tracks, with a line that says how many more there are.
func trackItems(w newsWords, list string, tracks []playlists.Track, max int, notes bool) string {
	if len(tracks) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<" + list + ">")
	for _, t := range firstOf(tracks, max) {
		line := html.EscapeString(trackLine(t))
		if notes && t.Note != "" {
			line = fmt.Sprintf(w.quote, line, html.EscapeString(shortened(strings.Join(strings.Fields(t.Note), " "), maxNoteTold)))
		}
		b.WriteString("<li>" + line + "</li>")
	}
	b.WriteString("</" + list + ">")
	if more := len(tracks) - max; more > 0 {
		b.WriteString("<p>" + w.more(more) + "</p>")
	}
	return b.String()
}

// trackLine is a track in one line: "Metallica – For Whom the Bell Tolls".
func trackLine(t playlists.Track) string {
	title := shortened(t.Title, maxShown)
	if t.Artist == "" {
		return title
	}
	return shortened(t.Artist, maxShown) + " – " + title
}

func shortened(text string, max int) string {
	if short := playlists.CleanText(text, max); short != strings.TrimSpace(text) {
		return short + "…"
	}
	return text
}
