package federation

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Limits of reading one playlist from another server.
const (
	maxPages    = 250
	maxListSize = 32 << 20 // bytes of all pages
	listTime    = 60 * time.Second
	maxStreams  = 10 // of a person's playlists that an error names
)

// Found is what a handle or address leads to.
type Found struct {
	Playlist playlists.Playlist // with ID when it is of this bridge, else with Source
	Local    bool               // of an account of this bridge
	Readable bool               // false: its owner approves followers first, and nothing but its name is known

	actor     string // whom to follow, "" for a share link
	condition Conditional
}

// Lookup finds the playlist that a person means by a handle (@alice_roadtrip@b.example) or an address (of an actor, a
// collection, a page or a share link). account is who asks: a playlist for approved followers shows itself to them only.
func (f *Federation) Lookup(ctx context.Context, account playlists.ID, target string) (Found, error) {
	target = strings.TrimSpace(target)
	address, local, err := f.address(ctx, target)
	switch {
	case err != nil:
		return Found{}, err
	case local:
		return f.lookupLocal(ctx, account, address)
	}
	doc, err := f.client.GetActivity(ctx, address, f.signAs(ctx, instanceID), Conditional{})
	if err != nil {
		return Found{}, err
	}
	switch documentType(doc.Body) {
	case "OrderedCollection":
		return f.lookupCollection(ctx, account, doc.URL, "")
	case "Person":
		return f.lookupPerson(ctx, account, doc)
	}
	return f.lookupActor(ctx, account, doc)
}

// documentType returns the type of a document that was read, "" when it has none or several.
func documentType(doc []byte) string {
	var d struct {
		Type json.RawMessage `json:"type"`
	}
	var one string
	if json.Unmarshal(doc, &d) != nil || json.Unmarshal(d.Type, &one) != nil {
		return ""
	}
	return one
}

// lookupPerson finds the playlist of a person who has published one, and names them when there are several.
func (f *Federation) lookupPerson(ctx context.Context, account playlists.ID, doc *Document) (Found, error) {
	a, err := decodeActor(doc.Body)
	if err != nil {
		return Found{}, err
	}
	if len(a.Streams) == 0 {
		return Found{}, noPlaylist(a)
	}
	list, err := f.client.GetActivity(ctx, a.Streams[0], f.signAs(ctx, instanceID), Conditional{})
	if err != nil {
		return Found{}, err
	}
	actors := actorsIn(list.Body)
	switch {
	case len(actors) == 0:
		return Found{}, noPlaylist(a)
	case len(actors) == 1 && sameHost(hostOf(actors[0]), hostOf(a.ID)):
		doc, err := f.client.GetActivity(ctx, actors[0], f.signAs(ctx, instanceID), Conditional{})
		if err != nil {
			return Found{}, err
		}
		return f.lookupActor(ctx, account, doc)
	}
	var names []string
	for _, id := range actors[:min(len(actors), maxStreams)] {
		if p, err := f.remoteActor(ctx, id); err == nil && sameHost(hostOf(id), hostOf(a.ID)) {
			names = append(names, p.fullHandle())
		}
	}
	return Found{}, playlists.Problemf(playlists.Invalid, nil, "%s has %d playlists: name the one you mean (%s).", name(a), len(actors), strings.Join(names, ", "))
}

// actorsIn returns the ids in a collection of actors, none if it cannot be read.
func actorsIn(doc []byte) []string {
	var c struct {
		Items   []string `json:"items"`
		Ordered []string `json:"orderedItems"`
	}
	if json.Unmarshal(doc, &c) != nil {
		return nil
	}
	return append(c.Ordered, c.Items...)
}

func noPlaylist(a RemoteActor) error {
	return playlists.Problemf(playlists.NotFound, nil, "%s has no playlist that Songferry can read. Ask for the handle or the link of a playlist.", name(a))
}

// address turns a target into the address to read; local says that it is one of ours.
func (f *Federation) address(ctx context.Context, target string) (address string, local bool, err error) {
	if u, err := url.Parse(target); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		u.Fragment = ""
		return u.String(), f.isOwnHost(u.Host), nil
	}
	h, err := ParseHandle(target)
	if err != nil {
		return "", false, playlists.Problemf(playlists.Invalid, err, "%q is neither an address nor a handle. A handle looks like @alice@music.example.", playlists.CleanText(target, 100))
	}
	if f.isOwnHost(h.Host) {
		return f.addr.Profile(h.User), true, nil
	}
	address, err = f.client.WebFinger(ctx, target)
	return address, false, err
}

func (f *Federation) lookupActor(ctx context.Context, account playlists.ID, doc *Document) (Found, error) {
	a, err := decodeActor(doc.Body)
	if err != nil {
		return Found{}, err
	}
	if err := f.keepActor(ctx, a); err != nil {
		return Found{}, err
	}
	if len(a.Streams) == 0 {
		return Found{}, noPlaylist(a)
	}
	found, err := f.lookupCollection(ctx, account, a.Streams[0], a.ID)
	if err == nil || !a.ManuallyApproves {
		return found, err
	}
	if code := playlists.CodeOf(err); code != playlists.NotFound && code != playlists.Forbidden {
		return Found{}, err
	}
	curator, err := f.curator(ctx, a)
	if err != nil {
		return Found{}, err
	}
	return Found{actor: a.ID, Playlist: playlists.Playlist{Origin: playlists.Remote, Source: a.Streams[0], Name: a.Name, Curator: curator}}, nil
}

func (f *Federation) lookupCollection(ctx context.Context, account playlists.ID, address, actor string) (Found, error) {
	read, err := f.readCollection(ctx, account, address, Conditional{})
	if err != nil {
		return Found{}, err
	}
	if actor != "" && read.actor != actor {
		return Found{}, playlists.Problemf(playlists.Invalid, nil, "%s is not the playlist of %s.", address, actor)
	}
	return Found{Playlist: read.playlist, Readable: true, actor: read.actor, condition: read.condition}, nil
}

// reading is a playlist as its origin gave it.
type reading struct {
	playlist    playlists.Playlist
	actor       string // the playlist's actor, "" for a share link
	condition   Conditional
	notModified bool
}

// readCollection reads a playlist with all its pages from its own host, signed as account when that follows it.
func (f *Federation) readCollection(ctx context.Context, account playlists.ID, address string, cond Conditional) (reading, error) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	sign, err := f.signAsAccount(ctx, account)
	if err != nil {
		return reading{}, err
	}
	doc, err := f.client.GetActivity(ctx, address, sign, cond)
	if err != nil {
		return reading{}, err
	}
	if doc.Status == http.StatusNotModified {
		return reading{notModified: true}, nil
	}
	c, err := decodeCollection(doc.Body)
	if err != nil {
		return reading{}, err
	}
	owner, err := f.collectionOwner(ctx, c, doc)
	if err != nil {
		return reading{}, err
	}
	tracks, err := f.readPages(ctx, c, sign)
	if err != nil {
		return reading{}, err
	}
	by, err := f.curator(ctx, owner)
	if err != nil {
		return reading{}, err
	}
	r := reading{condition: Conditional{ETag: doc.ETag, LastModified: doc.LastModified}}
	r.playlist = playlists.Playlist{Origin: playlists.Remote, Source: c.ID, Name: c.Name, Summary: c.Summary, Page: c.Page, Curator: by, Tracks: tracks}
	if owner.Type != "Application" {
		r.actor = owner.ID
	}
	return r, nil
}

// collectionOwner returns the one actor that a collection is attributed to, if that is of the same host and names the
// collection as its own. A share link belongs to the instance actor, which names none: its secret address is the proof.
func (f *Federation) collectionOwner(ctx context.Context, c RemoteCollection, doc *Document) (RemoteActor, error) {
	if !sameHost(hostOf(c.ID), hostOf(doc.URL)) || !sameHost(hostOf(c.AttributedTo), hostOf(c.ID)) {
		return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s does not belong to an account of that server.", doc.URL)
	}
	// Streams are not stored: an actor that is read anew shows them as they are now.
	owner, err := f.fetchActor(ctx, c.AttributedTo)
	if err != nil {
		return RemoteActor{}, err
	}
	if owner.Type == "Application" {
		return owner, nil
	}
	for _, s := range owner.Streams {
		if s == c.ID {
			return owner, nil
		}
	}
	return RemoteActor{}, playlists.Problemf(playlists.Invalid, nil, "%s does not name %s as its playlist.", owner.ID, c.ID)
}

// readPages follows a collection's pages, which stay on its host, up to the limits.
func (f *Federation) readPages(ctx context.Context, c RemoteCollection, sign signer) ([]playlists.Track, error) {
	tracks, next := c.Items, c.First
	if len(tracks) > 0 {
		next = c.Next
	}
	seen := map[string]bool{}
	size := 0
	for next != "" {
		if seen[next] || len(seen) >= maxPages || !sameHost(hostOf(next), hostOf(c.ID)) {
			return nil, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s has pages that never end or lead elsewhere, so it was not read.", c.ID)
		}
		seen[next] = true
		doc, err := f.client.GetPage(ctx, next, sign)
		if err != nil {
			return nil, err
		}
		items, after, err := decodePage(doc.Body)
		if err != nil {
			return nil, err
		}
		tracks, next = append(tracks, items...), after
		if size += len(doc.Body); size > maxListSize || len(tracks) > playlists.MaxTracks {
			return nil, playlists.Problemf(playlists.Invalid, nil, "The playlist at %s is too long: Songferry carries at most %d tracks.", c.ID, playlists.MaxTracks)
		}
	}
	return tracks, nil
}

// curator names the person behind a playlist's actor: the actor's own owner, else its server. An owner that cannot be
// read is no reason to refuse the playlist; one that cannot be read now is a reason to try again, since the copy would
// carry another name until the next change.
func (f *Federation) curator(ctx context.Context, a RemoteActor) (playlists.Curator, error) {
	if a.AttributedTo != "" && sameHost(hostOf(a.AttributedTo), hostOf(a.ID)) {
		person, err := f.remoteActor(ctx, a.AttributedTo)
		if err == nil {
			return playlists.Curator{Name: name(person), Handle: person.fullHandle()}, nil
		}
		if !lasting(err) {
			return playlists.Curator{}, err
		}
	}
	if a.Type == "Application" {
		return playlists.Curator{Name: hostOf(a.ID)}, nil
	}
	return playlists.Curator{Name: name(a), Handle: a.fullHandle()}, nil
}

// lasting reports whether err is an answer that asking again will not change.
func lasting(err error) bool {
	switch playlists.CodeOf(err) {
	case playlists.NotFound, playlists.Gone, playlists.Forbidden, playlists.Invalid:
		return true
	}
	return false
}

func name(a RemoteActor) string {
	if a.Name != "" {
		return a.Name
	}
	return a.fullHandle()
}

func (a RemoteActor) fullHandle() string { return "@" + a.Handle + "@" + hostOf(a.ID) }

// signer signs a request before it is sent; nil sends it unsigned.
type signer = func(*http.Request) error

// signAsAccount signs as the account, or as the instance when account is "".
func (f *Federation) signAsAccount(ctx context.Context, account playlists.ID) (signer, error) {
	if account == "" || !f.public {
		return f.signAs(ctx, instanceID), nil
	}
	a, err := f.store.Account(ctx, account)
	if err != nil {
		return nil, err
	}
	return f.signAs(ctx, a.PublicID), nil
}

// lookupLocal finds a playlist of this bridge.
func (f *Federation) lookupLocal(ctx context.Context, account playlists.ID, address string) (Found, error) {
	pub, err := f.ownPublication(ctx, address)
	if err != nil {
		return Found{}, err
	}
	if !pub.Live() {
		return Found{}, playlists.Problemf(playlists.Gone, nil, "That playlist was withdrawn.")
	}
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return Found{}, err
	}
	if p.Owner == account {
		return Found{}, playlists.Problemf(playlists.Invalid, nil, "%q is your own playlist: it is on your server already.", p.Name)
	}
	readable := pub.Audience != playlists.Followers
	if !readable {
		if readable, err = f.mayRead(ctx, pub.PublicID, string(account), ""); err != nil {
			return Found{}, err
		}
	}
	if !readable {
		p.Tracks = nil
	}
	return Found{Playlist: p, Local: true, Readable: readable, actor: pub.PublicID}, nil
}

// ownPublication returns the publication behind one of our addresses.
func (f *Federation) ownPublication(ctx context.Context, address string) (playlists.Publication, error) {
	kind, key, _, _ := f.addr.Parse(address)
	switch kind {
	case actorAddress, playlistAddress:
		return f.store.PublicationByPublicID(ctx, key)
	case profileAddress:
		return f.store.PublicationByHandle(ctx, key)
	case shareAddress:
		return f.store.PublicationByToken(ctx, key)
	}
	return playlists.Publication{}, playlists.Problemf(playlists.NotFound, nil, "There is no such playlist here.")
}
