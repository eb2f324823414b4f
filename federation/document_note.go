package federation

import (
	"encoding/json"
	"fmt"
	"html"
)

// noteContext defines what a Note of ours has beyond ActivityStreams: hashtags, and who may quote it (FEP-044f).
const noteContext = `["https://www.w3.org/ns/activitystreams",{"Hashtag":"as:Hashtag",` +
	`"gts":"https://gotosocial.org/ns#","interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},` +
	`"canQuote":{"@id":"gts:canQuote","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"}}]`

// noteDocument is a post as people read it on a microblog. It has neither name nor summary: both become content warnings
// somewhere (summary on Mastodon, name on GoToSocial).
type noteDocument struct {
	Context           json.RawMessage    `json:"@context,omitempty"`
	ID                string             `json:"id"`
	Type              string             `json:"type"`
	AttributedTo      string             `json:"attributedTo"`
	InReplyTo         string             `json:"inReplyTo,omitempty"`
	URL               string             `json:"url,omitempty"`
	Published         string             `json:"published"`
	Updated           string             `json:"updated,omitempty"`
	To                []string           `json:"to"`
	CC                []string           `json:"cc"`
	Content           string             `json:"content"` // HTML
	ContentMap        map[string]string  `json:"contentMap,omitempty"`
	Tag               []tag              `json:"tag"`
	Attachment        []image            `json:"attachment,omitempty"`
	InteractionPolicy *interactionPolicy `json:"interactionPolicy,omitempty"`
}

// tag is a Mention (Href is the actor's id) or a Hashtag.
type tag struct {
	Type string `json:"type"`
	Href string `json:"href"`
	Name string `json:"name"`
}

type image struct {
	Type      string `json:"type"`
	MediaType string `json:"mediaType"`
	URL       string `json:"url"`
	Name      string `json:"name,omitempty"` // what it shows, for those who do not see it
	Width     int    `json:"width,omitempty"`
	Height    int    `json:"height,omitempty"`
}

// interactionPolicy says who may quote a post without asking (FEP-044f).
type interactionPolicy struct {
	CanQuote struct {
		AutomaticApproval []string `json:"automaticApproval"`
	} `json:"canQuote"`
}

// newNote is a post without addressees. content is HTML of ours: whatever a person wrote in it has been escaped.
func newNote(id, author, language, content string) noteDocument {
	n := noteDocument{ID: id, Type: "Note", AttributedTo: author, To: []string{}, CC: []string{}, Content: content, Tag: []tag{}}
	if written := WrittenIn(language); written != "" {
		n.ContentMap = map[string]string{written: content}
	}
	return n
}

// newCreate publishes a Note to those it is addressed to.
func newCreate(id string, n noteDocument) activityDocument {
	n.Context = nil
	d := newActivityDocument("Create", id, n.AttributedTo, n, n.To...)
	d.Context, d.CC, d.Published = raw(noteContext), n.CC, n.Published
	return d
}

// mention is the link to an account that notifies it, as Mastodon writes them, and the tag that must stand beside it.
// handle is "@alice@social.example".
func mention(actor, page, handle string) (link string, t tag) {
	link = fmt.Sprintf(`<a href="%s" class="u-url mention">%s</a>`, html.EscapeString(page), html.EscapeString(handle))
	return link, tag{Type: "Mention", Href: actor, Name: handle}
}
