package federation

import (
	"encoding/json"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/liner"
)

// pageSize is how many tracks a page of a playlist holds; Funkwhale uses the same.
const pageSize = 100

// playlistDocument is a playlist: an OrderedCollection whose pages hold its tracks.
type playlistDocument struct {
	Context      json.RawMessage `json:"@context,omitempty"`
	ID           string          `json:"id"`
	Type         string          `json:"type"`
	Name         string          `json:"name"`
	NameMap      languageMap     `json:"nameMap,omitempty"` // Name once more, to tell its language
	Summary      string          `json:"summary,omitempty"`
	Creator      string          `json:"creator,omitempty"` // who made it, by name, where AttributedTo does not lead to them
	AttributedTo string          `json:"attributedTo"`
	Followers    string          `json:"followers,omitempty"` // FEP-efda: an object that can be followed
	To           []string        `json:"to,omitempty"`
	CC           []string        `json:"cc,omitempty"`
	Published    string          `json:"published,omitempty"`
	Updated      string          `json:"updated,omitempty"`
	TotalItems   int             `json:"totalItems"`
	First        string          `json:"first"`
	Last         string          `json:"last"`
	Image        *image          `json:"image,omitempty"`
	URL          []link          `json:"url"`
}

// pageDocument is one page of a playlist.
type pageDocument struct {
	Context      json.RawMessage `json:"@context"`
	ID           string          `json:"id"`
	Type         string          `json:"type"`
	PartOf       string          `json:"partOf"`
	TotalItems   int             `json:"totalItems"`
	Prev         string          `json:"prev,omitempty"`
	Next         string          `json:"next,omitempty"`
	OrderedItems []audio         `json:"orderedItems"`
}

// collectionDocument is the head of a playlist, without tracks. One that is shared by link belongs to the bridge's own
// actor and has no followers; of its curator it tells the name, as its page does, and no address.
func collectionDocument(p playlists.Playlist, pub playlists.Publication, a Addresses) playlistDocument {
	to, cc := audience(pub, a)
	id := a.collectionOf(pub)
	d := playlistDocument{
		Context: raw(musicContext), ID: id, Type: "OrderedCollection", Name: p.Name, NameMap: inItsLanguage(p), Summary: liner.HTML(p.Summary),
		AttributedTo: a.ownerOf(pub), To: to, CC: cc, Published: dateTime(pub.Since), Updated: dateTime(updatedAt(p, pub)),
		TotalItems: len(p.Tracks), First: pageOf(id, 1), Last: pageOf(id, pageCount(p)),
		Image: coverOf(pub, a),
	}
	if pub.Audience == playlists.Link {
		d.Creator = p.Curator.Name
		d.URL = []link{{Type: "Link", MediaType: "text/html", Href: id}}
		return d
	}
	profile := a.Profile(pub.Handle)
	d.Followers = a.Followers(pub.PublicID)
	d.URL = []link{
		{Type: "Link", MediaType: "text/html", Href: profile},
		{Type: "Link", MediaType: "application/jspf+json", Href: profile + ".jspf"},
	}
	return d
}

// collectionPage is page n, counted from 1, of a playlist; ok is false when there is no such page. An empty playlist
// has one empty page.
func collectionPage(p playlists.Playlist, pub playlists.Publication, a Addresses, n int) (d pageDocument, ok bool) {
	last := pageCount(p)
	if n < 1 || n > last {
		return pageDocument{}, false
	}
	id := a.collectionOf(pub)
	d = pageDocument{
		Context: raw(musicContext), ID: pageOf(id, n), Type: "OrderedCollectionPage", PartOf: id, TotalItems: len(p.Tracks),
		OrderedItems: make([]audio, 0, pageSize),
	}
	if n > 1 {
		d.Prev = pageOf(id, n-1)
	}
	if n < last {
		d.Next = pageOf(id, n+1)
	}
	start := (n - 1) * pageSize
	for _, t := range p.Tracks[start:min(start+pageSize, len(p.Tracks))] {
		d.OrderedItems = append(d.OrderedItems, newAudio(t, id, a.ownerOf(pub)))
	}
	return d, true
}

// languageMap is a text by its language, BCP 47.
type languageMap map[string]string

// inItsLanguage is the name of a playlist whose language is known.
func inItsLanguage(p playlists.Playlist) languageMap {
	if p.Language == "" {
		return nil
	}
	return languageMap{p.Language: p.Name}
}

func pageCount(p playlists.Playlist) int { return max(1, (len(p.Tracks)+pageSize-1)/pageSize) }

// collectionOf is the id of a publication's collection.
func (a Addresses) collectionOf(pub playlists.Publication) string {
	if pub.Audience == playlists.Link {
		return a.Share(pub.Token)
	}
	return a.Collection(pub.PublicID)
}

// ownerOf is the actor to whom a publication's collection is attributed.
func (a Addresses) ownerOf(pub playlists.Publication) string {
	if pub.Audience == playlists.Link {
		return a.InstanceActor()
	}
	return a.Actor(pub.PublicID)
}

// totalDocument is a collection that tells how many it holds, and not whom: without "first" Mastodon shows followers
// as hidden.
type totalDocument struct {
	Context    json.RawMessage `json:"@context"`
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	TotalItems int             `json:"totalItems"`
}

func countedCollection(id string, total int) totalDocument {
	return totalDocument{Context: raw(basicContext), ID: id, Type: "OrderedCollection", TotalItems: total}
}

// listDocument is a collection short enough to be one document.
type listDocument struct {
	totalDocument
	AttributedTo string `json:"attributedTo,omitempty"`
	OrderedItems []any  `json:"orderedItems"`
}

// listedCollection holds ids or whole objects; none is an empty list, never null.
func listedCollection(id string, items ...any) listDocument {
	return listDocument{totalDocument: countedCollection(id, len(items)), OrderedItems: append([]any{}, items...)}
}

// accountPlaylists lists the actors of the playlists of an account that are open to everybody (FEP-a974: every actor
// can be followed). publicIDs are those of their publications.
func accountPlaylists(acc playlists.Account, publicIDs []string, a Addresses) listDocument {
	d := listedCollection(a.ActorPlaylists(acc.PublicID))
	d.AttributedTo, d.TotalItems = a.Actor(acc.PublicID), len(publicIDs)
	for _, id := range publicIDs {
		d.OrderedItems = append(d.OrderedItems, a.Actor(id))
	}
	return d
}
