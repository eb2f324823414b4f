package federation

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	lookupTime = 90 * time.Second // of everything that a person waits for
	maxNamed   = 10               // of a person's playlists that an error names
)

// Found is what a handle or address leads to.
type Found struct {
	Playlist playlists.Playlist // with ID when it is of this bridge, else with Source
	Local    bool               // of an account of this bridge
	Readable bool               // false: its owner approves followers first, and nothing but its name is known
	File     bool               // read from a file or a page that holds one: it can be copied once, and not followed

	// Person is set instead of Playlist when the target is a person with a list of playlists. Only Find returns it.
	Person *Person

	actor     string // whom to follow, "" for a share link
	condition Conditional
}

// Lookup finds the playlist that a person means by a handle (@alice_roadtrip@b.example) or an address (of an actor, a
// collection, a page or a share link; also of a playlist's file, a Navidrome share, a playlist of ListenBrainz, or a page
// that names such a file). account is who asks: a playlist for approved followers shows itself to them only.
//
// A person stands for their only playlist; when there are several, the error names them.
func (f *Federation) Lookup(ctx context.Context, account playlists.ID, target string) (Found, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	found, err := f.findTarget(ctx, account, target)
	if err != nil || found.Person == nil {
		return found, err
	}
	return f.onlyPlaylist(ctx, account, *found.Person)
}

// Find is Lookup for those who can take a person as such.
func (f *Federation) Find(ctx context.Context, account playlists.ID, target string) (Found, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	return f.findTarget(ctx, account, target)
}

func (f *Federation) findTarget(ctx context.Context, account playlists.ID, target string) (Found, error) {
	address, local, err := f.address(ctx, strings.TrimSpace(target))
	switch {
	case err != nil:
		return Found{}, err
	case local:
		return f.lookupLocal(ctx, account, address)
	}
	if file := f.listenBrainz(address); file != "" {
		return f.lookupListenBrainz(ctx, file)
	}
	doc, page, err := f.documentAt(ctx, address)
	if page != nil {
		return f.lookupFile(ctx, page, err)
	}
	if err != nil {
		return Found{}, err
	}
	o, err := readObject(doc.Body, documentLimits)
	if err != nil {
		return Found{}, err
	}
	if o.kind(collectionTypes...) != "" {
		return f.lookupCollection(ctx, account, doc.URL, "")
	}
	a, err := f.lookedUp(ctx, doc)
	if err != nil {
		return Found{}, err
	}
	if a.Type == "Person" {
		return f.findPerson(ctx, account, a)
	}
	return f.lookupActor(ctx, account, a)
}

// address turns a target into the address to read; local says that it is one of ours.
func (f *Federation) address(ctx context.Context, target string) (address string, local bool, err error) {
	if strings.HasPrefix(target, shareTarget) {
		return target, true, nil
	}
	if u, err := url.Parse(target); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		u.Fragment = ""
		return u.String(), f.isOwnHost(u.Host), nil
	}
	h, err := ParseHandle(target)
	if err != nil {
		return "", false, playlists.Problemf(playlists.Invalid, err,
			"%q is neither an address nor a handle. A handle looks like @alice@music.example, an address begins with https://.", playlists.CleanText(target, 100))
	}
	if f.isOwnHost(h.Host) {
		return f.addr().Profile(h.User), true, nil
	}
	address, err = f.client.WebFinger(ctx, target)
	return address, false, err
}

// documentAt returns what an address leads to that a person gave, as Discover does.
func (f *Federation) documentAt(ctx context.Context, address string) (doc, page *Document, err error) {
	if err := f.policy.AllowsActor(address); isForbidden(err) { // an account alone; hosts are the client's affair
		return nil, nil, err
	}
	return f.client.Discover(ctx, address, f.signAs(ctx, instanceID))
}

// actorAt returns the actor elsewhere to which an address leads, its id or its page, as it is now.
func (f *Federation) actorAt(ctx context.Context, address string) (RemoteActor, error) {
	doc, _, err := f.documentAt(ctx, address)
	if err != nil {
		return RemoteActor{}, err
	}
	return f.lookedUp(ctx, doc)
}

// lookedUp reads the actor that doc is and keeps it.
func (f *Federation) lookedUp(ctx context.Context, doc *Document) (RemoteActor, error) {
	a, err := actorIn(doc)
	if err == nil {
		err = f.policy.AllowsActor(a.ID)
	}
	if err != nil {
		return RemoteActor{}, err
	}
	return a, f.keepActor(ctx, a)
}

func noPlaylist(owner string) error {
	return playlists.Problemf(playlists.NotFound, nil, "%s has no playlist that Songferry can read. Ask for the handle or the link of a playlist.", owner)
}

func severalPlaylists(owner string, n int, names []string) error {
	return playlists.Problemf(playlists.Invalid, nil, "%s has %d playlists. Say which one you mean: %s.", owner, n, strings.Join(names, ", "))
}

// lookupActor finds the playlist of a playlist's actor. One for approved followers is found by its name only; also when
// nobody in particular asks, though the bridge itself may read it as soon as one account here is approved: another is not.
func (f *Federation) lookupActor(ctx context.Context, account playlists.ID, a RemoteActor) (Found, error) {
	if err := f.policy.AllowsActor(a.ID); err != nil {
		return Found{}, err
	}
	if len(a.Streams) == 0 {
		return Found{}, noPlaylist(a.label())
	}
	found, err := f.lookupCollection(ctx, account, a.Streams[0], a.ID)
	if !a.ManuallyApproves || err == nil && account != "" {
		return found, err
	}
	if code := playlists.CodeOf(err); err != nil && code != playlists.NotFound && code != playlists.Forbidden {
		return Found{}, err
	}
	by, err := f.curator(ctx, a)
	return Found{actor: a.ID, Playlist: playlists.Playlist{Origin: playlists.Remote, Source: a.Streams[0], Name: a.Name, Curator: by}}, err
}

func (f *Federation) lookupCollection(ctx context.Context, account playlists.ID, address, actor string) (Found, error) {
	read, err := f.readCollection(ctx, account, address, Conditional{})
	if err != nil {
		return Found{}, err
	}
	if actor != "" && read.actor != actor {
		return Found{}, playlists.Problemf(playlists.Invalid, nil, "The playlist that %s names is not its own.", actor)
	}
	return Found{Playlist: read.playlist, Readable: true, actor: read.actor, condition: read.condition}, nil
}
