package federation

import (
	"fmt"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

// RemoteCollection is a playlist of another server, as the head of its collection describes it. Who fetched the document
// compares ID with the address it came from.
type RemoteCollection struct {
	ID           string
	Name         string
	Summary      string // plain text
	Language     string // of Name, BCP 47; "" unknown
	Creator      string // the curator's name, where AttributedTo is only their server
	AttributedTo string // the one owner, on ID's host
	First        string // address of the first page, "" when that was embedded or there is none
	Items        []playlists.Track
	Refs         []string // members that are given by their id only, such as the playlists of an account
	Next         string   // where to read on after Items; "" at the end
	Total        int      // as claimed; for display only
	Page         string   // page for people, on ID's host, else ""
	Published    time.Time
	Updated      time.Time          // never before Published; may lie in the future
	Audience     playlists.Audience // guessed from to and cc; "" when they say nothing
}

// maxPageItems bounds the items read from one document. It is one more than a playlist may have, so that a longer one
// is refused when it is recorded, and not cut off.
const maxPageItems = playlists.MaxTracks + 1

var collectionTypes = []string{"OrderedCollection", "Collection", "Playlist"}

// decodeCollection reads the head of a playlist's collection, with the items or the first page that it embeds. A
// Tombstone is a Problem with code Gone; everything else that is no playlist with one owner on its own host (PeerTube's
// rule) is one with code Invalid.
func decodeCollection(doc []byte) (RemoteCollection, error) {
	o, err := readObject(doc, pageLimits)
	if err != nil {
		return RemoteCollection{}, err
	}
	id, err := o.identified()
	if err != nil {
		return RemoteCollection{}, err
	}
	kind := o.kind(collectionTypes...)
	switch kind {
	case "":
		return RemoteCollection{}, o.notKnown(playlists.Sentencef("a playlist"))
	case "Playlist": // PeerTube's and Funkwhale's name for the same shape, unknown to go-fed
		kind = "OrderedCollection"
	}
	t, err := o.typed(kind)
	if err != nil {
		return RemoteCollection{}, err
	}
	if len(t.AttributedTo) != 1 || onHostOf(id, t.AttributedTo[0]) == "" {
		return RemoteCollection{}, playlists.Problemf(playlists.Invalid, fmt.Errorf("collection %s is attributed to %d actors", id, len(t.AttributedTo)),
			"The playlist does not say which one account of its own server it belongs to, so it cannot be trusted.")
	}
	c := RemoteCollection{
		ID: id, Name: playlists.CleanText(o.words("name"), playlists.MaxText), Summary: plainText(o.words("summary"), playlists.MaxSummary),
		Language: o.language("name"), Creator: playlists.CleanText(o.text("creator"), playlists.MaxText),
		AttributedTo: t.AttributedTo[0], Total: min(t.Total, playlists.MaxTracks), Page: onHostOf(id, t.Page),
		Published: t.Published, Updated: t.Updated, Audience: audienceOf(t),
	}
	if c.Updated.Before(c.Published) {
		c.Updated = c.Published
	}
	if err := c.readStart(o, t); err != nil {
		return RemoteCollection{}, err
	}
	return c, nil
}

// readStart reads the items that the head embeds: its first page when there is one, else its own. A head that has both
// repeats itself.
func (c *RemoteCollection) readStart(o object, t typed) error {
	if first := o.object("first"); first.kind(pageTypes...) != "" {
		var err error
		c.Items, c.Next, err = readPage(first, c.ID)
		c.Refs = refs(first)
		return err
	}
	if t.First == "" {
		c.Items, c.Refs = itemsOf(o), refs(o)
		return nil
	}
	c.First, c.Next = t.First, t.First
	return leavesHost(c.ID, c.Next)
}

var pageTypes = []string{"OrderedCollectionPage", "CollectionPage"}

// decodePage reads a page of a collection; next is "" at the end. Items are claims of this collection, wherever their
// ids point. The caller checks that next is at the collection's origin and was not read before.
func decodePage(doc []byte) (items []playlists.Track, next string, err error) {
	o, err := readObject(doc, pageLimits)
	if err != nil {
		return nil, "", err
	}
	if o.kind(pageTypes...) == "" {
		return nil, "", o.notKnown(playlists.Sentencef("a page of a playlist"))
	}
	return readPage(o, o.address("id"))
}

// readPage reads a page of a collection at the origin of id, which may be "" when nobody knows.
func readPage(o object, id string) (items []playlists.Track, next string, err error) {
	t, err := o.typed(o.kind(pageTypes...))
	if err != nil {
		return nil, "", err
	}
	if err := leavesHost(id, t.Next); err != nil {
		return nil, "", err
	}
	return itemsOf(o), t.Next, nil
}

func leavesHost(id, next string) error {
	if id == "" || next == "" || sameOrigin(id, next) {
		return nil
	}
	return playlists.Problemf(playlists.Invalid, fmt.Errorf("%s goes on at %s", id, next),
		"The playlist goes on at another server, so the rest of it cannot be trusted.")
}

// members returns the items of a collection or page.
func members(o object) []any {
	list := o.list("orderedItems")
	if len(list) == 0 {
		list = o.list("items")
	}
	return firstOf(list, maxPageItems)
}

// itemsOf returns the members that are tracks. Others are left out: no server can promise that nothing else gets in.
func itemsOf(o object) []playlists.Track {
	var items []playlists.Track
	for _, v := range members(o) {
		if m, ok := v.(map[string]any); ok {
			if t, ok := decodeTrack(m); ok {
				items = append(items, t)
			}
		}
	}
	return items
}

// refs returns the members that are given by their id only.
func refs(o object) []string {
	var ids []string
	for _, v := range firstOf(members(o), playlists.MaxPlaylist) {
		if s, ok := v.(string); ok && addressIn(s) != "" {
			ids = append(ids, s)
		}
	}
	return ids
}

// audienceOf guesses an audience from addressees, as every server does.
func audienceOf(t typed) playlists.Audience {
	switch {
	case slices.ContainsFunc(t.To, isPublic):
		return playlists.Public
	case slices.ContainsFunc(t.CC, isPublic):
		return playlists.Unlisted
	case len(t.To)+len(t.CC) > 0:
		return playlists.Followers
	}
	return ""
}

// isPublic: the short form is what JSON-LD libraries make of the address (ActivityPub, 5.6).
func isPublic(s string) bool { return s == publicCollection || s == "as:Public" }

// Playlist returns the collection with all its tracks as a version to record. The caller adds the curator.
func (c RemoteCollection) Playlist(tracks []playlists.Track) playlists.Playlist {
	return playlists.Playlist{
		Origin: playlists.Remote, Source: c.ID, Name: c.Name, Summary: c.Summary, Language: c.Language, Page: c.Page, Tracks: nameRepeats(tracks),
	}
}

// nameRepeats gives the rows that repeat an item's id names of their own: some servers list the same object twice for a
// track that occurs twice, and a version's rows need distinct names that the next version can find again.
func nameRepeats(tracks []playlists.Track) []playlists.Track {
	named := slices.Clone(tracks)
	times := make(map[string]int, len(named))
	for i := range named {
		t := &named[i]
		if t.Item == "" {
			continue
		}
		times[t.Item]++
		if n := times[t.Item]; n > 1 {
			t.Item = fmt.Sprintf("%.50s~%d", t.Item, n)
		}
	}
	return named
}
