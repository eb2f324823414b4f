package notify

import (
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

// maxLines is how many notices one message names.
const maxLines = 10

// Line is a notice in the words of whom it is for.
type Line struct {
	Kind       playlists.NoticeKind
	At         time.Time
	Text, HTML string // HTML is ours; what others wrote is escaped in it
}

// message is what goes out by a way.
type message struct {
	id       string // the same however often it is sent
	account  playlists.Account
	at       time.Time
	title    string
	lines    []Line
	more     int    // notices that have no line
	settings string // address of the page where this can be stopped, "" while the bridge has none
	test     bool
}

// urgent reports whether something needs the person.
func (m message) urgent() bool {
	for _, l := range m.lines {
		switch l.Kind {
		case playlists.Broken, playlists.FollowAsked, playlists.ShareAsked, playlists.Paused:
			return true
		}
	}
	return false
}

// text is the whole message, a line for each notice.
func (n *Notifier) text(m message) string {
	var all []string
	for _, l := range m.lines {
		all = append(all, l.Text)
	}
	if m.more > 0 {
		all = append(all, n.in(m.account.Language, playlists.Sentencef("… and %d more.", m.more)))
	}
	return strings.Join(all, "\n")
}

// compose makes a message of lines.
func (n *Notifier) compose(a playlists.Account, id string, lines []Line) message {
	m := message{id: id, account: a, at: n.Now().UTC(), lines: lines[:min(len(lines), maxLines)], more: max(0, len(lines)-maxLines)}
	title := playlists.Sentencef("News of your playlists")
	if m.urgent() {
		title = playlists.Sentencef("Your playlists need you")
	}
	m.title = n.in(a.Language, title)
	if base := n.BaseURL(); base != nil {
		m.settings = base.JoinPath("settings").String()
	}
	return m
}

// testMessage is what a test says.
func (n *Notifier) testMessage(a playlists.Account) message {
	text := n.in(a.Language, playlists.Sentencef("This is a test. What this bridge has to tell you comes here."))
	m := n.compose(a, "test-"+string(playlists.NewID()), []Line{{Kind: "test", At: n.Now().UTC(), Text: text, HTML: text}})
	m.test = true
	return m
}
