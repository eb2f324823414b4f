package federation

import (
	"encoding/json"
	"fmt"
	"html"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/liner"
)

// actorDocument is an actor of ours as others fetch it.
type actorDocument struct {
	Context           json.RawMessage `json:"@context,omitempty"`
	ID                string          `json:"id"`
	Type              string          `json:"type"`
	PreferredUsername string          `json:"preferredUsername"`
	Webfinger         string          `json:"webfinger"` // FEP-2c59
	Name              string          `json:"name"`
	Summary           string          `json:"summary,omitempty"`
	Icon              *image          `json:"icon,omitempty"`
	URL               string          `json:"url"`
	Inbox             string          `json:"inbox"`
	Outbox            string          `json:"outbox"`
	Followers         string          `json:"followers"`
	Following         string          `json:"following"`
	Featured          string          `json:"featured,omitempty"`
	Endpoints         endpoints       `json:"endpoints"`
	AttributedTo      string          `json:"attributedTo,omitempty"`
	Streams           []string        `json:"streams,omitempty"`
	ManuallyApproves  bool            `json:"manuallyApprovesFollowers"`
	Discoverable      bool            `json:"discoverable"`
	Indexable         bool            `json:"indexable"`
	Published         string          `json:"published,omitempty"`
	Updated           string          `json:"updated,omitempty"`
	Attachment        []propertyValue `json:"attachment,omitempty"`
	AlsoKnownAs       []string        `json:"alsoKnownAs,omitempty"`
	MovedTo           string          `json:"movedTo,omitempty"`
	InteractionPolicy *featurePolicy  `json:"interactionPolicy,omitempty"`
	PublicKey         publicKey       `json:"publicKey"`
	Generator         generator       `json:"generator"`
}

// generator says what the software behind an actor can do (FEP-844e).
type generator struct {
	Type       string       `json:"type"`
	Implements []capability `json:"implements"`
}

type capability struct {
	Href string `json:"href"`
	Name string `json:"name"`
}

// capabilities are those that another server may want to know before it talks to us.
var capabilities = generator{Type: "Application", Implements: []capability{
	{Href: "https://datatracker.ietf.org/doc/html/rfc9421", Name: "RFC-9421: HTTP Message Signatures"},
}}

type endpoints struct {
	SharedInbox string `json:"sharedInbox"`
}

// propertyValue is a row of the table that Mastodon shows on a profile.
type propertyValue struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"` // HTML
}

type publicKey struct {
	ID    string `json:"id"`
	Owner string `json:"owner"`
	PEM   string `json:"publicKeyPem"`
}

// newActor fills what all our actors have in common.
func newActor(publicID, username string, key publicKey, a Addresses) actorDocument {
	id := a.Actor(publicID)
	return actorDocument{
		Context: raw(actorContext), ID: id, PreferredUsername: username, Webfinger: username + "@" + a.Host(),
		Inbox: a.Inbox(publicID), Outbox: a.Outbox(publicID), Followers: a.Followers(publicID), Following: a.Following(publicID),
		Endpoints: endpoints{SharedInbox: a.SharedInbox()},
		PublicKey: key, Generator: capabilities,
	}
}

// accountActor is the Person of an account. Its streams hold the Collection of the actors of its public playlists; news
// come from those, not from it.
func accountActor(acc playlists.Account, key publicKey, a Addresses) actorDocument {
	d := newActor(acc.PublicID, acc.Handle, key, a)
	d.Type, d.Name, d.URL = "Person", acc.Name, a.Profile(acc.Handle)
	d.Summary = "<p>Playlists, shared by Songferry</p>"
	d.Featured = a.Featured(acc.PublicID)
	d.Streams = []string{a.ActorPlaylists(acc.PublicID)}
	d.Published = dateTime(acc.Created)
	return d
}

// playlistActor is the Service of a playlist on the fediverse: Mastodon shows it as automated, which it is. Its streams
// hold the collection of tracks.
func playlistActor(owner playlists.Account, p playlists.Playlist, pub playlists.Publication, key publicKey, a Addresses) actorDocument {
	d := newActor(pub.PublicID, pub.Handle, key, a)
	d.Type, d.Name, d.URL = "Service", p.Name, a.Profile(pub.Handle)
	d.Summary = playlistSummary(owner, p, pub, a)
	d.Icon = describedCover(owner, p, pub, a)
	d.Featured = a.Featured(pub.PublicID)
	d.AttributedTo = a.Actor(owner.PublicID)
	d.Streams = []string{a.Collection(pub.PublicID)}
	d.ManuallyApproves = pub.Audience == playlists.Followers
	d.Discoverable = pub.Audience == playlists.Public
	d.Published, d.Updated = dateTime(pub.Since), dateTime(updatedAt(p, pub))
	d.Attachment = []propertyValue{{Type: "PropertyValue", Name: "Curator",
		Value: fmt.Sprintf(`<a href="%s" rel="me">@%s</a>`, a.Profile(owner.Handle), owner.Handle)}}
	return d
}

// playlistSummary is what people on microblogs read about the playlist. Anybody can read an actor, so what only
// approved followers may read of it is left out.
func playlistSummary(owner playlists.Account, p playlists.Playlist, pub playlists.Publication, a Addresses) string {
	tracks := fmt.Sprintf("%d tracks", len(p.Tracks))
	if len(p.Tracks) == 1 {
		tracks = "1 track"
	}
	s := fmt.Sprintf(`<p>A playlist by <a href="%s">%s</a> · %s</p>`, a.Profile(owner.Handle), html.EscapeString(owner.Name), tracks)
	if pub.Audience == playlists.Followers {
		return s
	}
	return s + liner.HTML(p.Summary)
}

// instanceActor is the Application of the bridge itself. It signs fetches that no person asked for; it is followed by
// nobody. Its name is the host, as Mastodon and GoToSocial name theirs.
func instanceActor(key publicKey, a Addresses) actorDocument {
	d := newActor(instanceID, a.instanceUsername(), key, a)
	d.Type, d.Name, d.URL = "Application", a.Host(), a.Home()
	d.ManuallyApproves = true
	return d
}
