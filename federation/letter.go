package federation

import (
	"context"
	"database/sql"
	"html"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// letter is a direct message from one of our actors to one account elsewhere, and to nobody else.
type letter struct {
	id         string // last part of its activity's id, so the same letter always has the same
	from       string // last part of the sending actor's id
	to         recipient
	inReplyTo  string // id of the message that it answers, or ""
	language   string
	paragraphs []string // HTML of ours
}

// recipient is whom a letter is for.
type recipient struct {
	actor, handle, page, inbox string
}

// recipientOf is an actor as a letter names it.
func recipientOf(a RemoteActor) recipient {
	return recipient{actor: a.ID, handle: a.fullHandle(), page: a.pageOrID(), inbox: a.Inbox}
}

// postLetter queues a letter. It goes to the recipient's own inbox: others on its server have no part in it.
func (f *Federation) postLetter(ctx context.Context, tx *sql.Tx, l letter) error {
	link, tag := mention(l.to.actor, l.to.page, l.to.handle)
	content := "<p>" + link + " " + strings.Join(l.paragraphs, "</p><p>") + "</p>"
	n := newNote(f.addr().Note(l.id), f.addr().Actor(l.from), l.language, content)
	n.Published, n.InReplyTo = dateTime(f.now()), l.inReplyTo
	n.To, n.Tag = append(n.To, l.to.actor), append(n.Tag, tag)
	return f.queue(ctx, tx, outgoing{id: l.id, actor: l.from, inboxes: []string{l.to.inbox}, body: newCreate(f.addr().Activity(l.id), n)})
}

// titled names a playlist to people: its name, which leads to its page, and whose it is.
func (f *Federation) titled(ctx context.Context, id playlists.ID, language string) (string, error) {
	p, err := f.store.Get(ctx, id)
	if err != nil {
		return "", err
	}
	by, page := p.Curator.Name, p.Page
	if p.Origin == playlists.Local {
		owner, err := f.store.Account(ctx, p.Owner)
		if err != nil {
			return "", err
		}
		pub, err := f.store.Publication(ctx, id)
		if err != nil {
			return "", err
		}
		by, page = owner.Name, f.pageOf(pub)
	}
	if by == "" {
		by = p.Curator.Handle
	}
	return titleHTML(p.Name, by, page, language), nil
}

// pageOf is where people look at a publication of ours, "" when it has no page.
func (f *Federation) pageOf(pub playlists.Publication) string {
	switch {
	case !pub.Live(), !f.public():
		return ""
	case pub.Token != "":
		return f.addr().Share(pub.Token)
	}
	return f.addr().Profile(pub.Handle)
}

func titleHTML(name, by, page, language string) string {
	s := linkHTML(name, page)
	if by == "" {
		return s
	}
	return s + inLanguage(language, " by ", " par ") + html.EscapeString(by)
}

// linkHTML writes text that leads to an address, or the text alone when there is none.
func linkHTML(text, address string) string {
	if address == "" {
		return html.EscapeString(text)
	}
	return `<a href="` + html.EscapeString(address) + `">` + html.EscapeString(text) + `</a>`
}
