package federation

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Person is somebody whose playlists can be followed all at once.
type Person struct {
	ID        string // of their actor; of an account of this bridge, its ID
	Name      string
	Handle    string   // @name@host
	Local     bool     // an account of this bridge
	Playlists []string // ids of the actors of their public playlists, at most maxRoster
}

// findPerson finds somebody by their actor: with the list of their playlists or, when that actor has one playlist as its
// own, this playlist.
func (f *Federation) findPerson(ctx context.Context, account playlists.ID, a RemoteActor) (Found, error) {
	if err := f.policy.AllowsActor(a.ID); err != nil {
		return Found{}, err
	}
	r, err := f.readRoster(ctx, a, Conditional{})
	if errors.Is(err, errTracks) {
		return f.lookupCollection(ctx, account, a.Streams[0], a.ID)
	}
	if err != nil {
		return Found{}, err
	}
	return Found{Person: &Person{ID: a.ID, Name: a.label(), Handle: a.fullHandle(), Playlists: r.actors}}, nil
}

// ownAccount returns the account behind one of our addresses: its page, its actor, or the collection of its playlists.
func (f *Federation) ownAccount(ctx context.Context, address string) (playlists.Account, error) {
	kind, key, rest, _ := f.addr().Parse(address)
	switch {
	case kind == profileAddress && rest == "":
		return f.store.AccountByHandle(ctx, strings.ToLower(key))
	case kind == actorAddress && (rest == "" || address == f.addr().ActorPlaylists(key)):
		return f.store.AccountByPublicID(ctx, key)
	}
	return playlists.Account{}, notHere()
}

func (f *Federation) localPerson(ctx context.Context, a playlists.Account) (Person, error) {
	p := Person{ID: string(a.ID), Name: a.Name, Handle: "@" + a.Handle + "@" + f.addr().Host(), Local: true}
	ids, err := f.publicActors(ctx, a.ID)
	for _, id := range firstOf(ids, maxRoster) {
		p.Playlists = append(p.Playlists, f.addr().Actor(id))
	}
	return p, err
}

// onlyPlaylist finds the playlist of a person who has one, and names them when there are several.
func (f *Federation) onlyPlaylist(ctx context.Context, account playlists.ID, p Person) (Found, error) {
	switch {
	case len(p.Playlists) == 0:
		return Found{}, noPlaylist(p.Name)
	case len(p.Playlists) > 1:
		return Found{}, severalPlaylists(p.Name, len(p.Playlists), f.handlesOf(ctx, firstOf(p.Playlists, maxNamed)))
	case p.Local:
		return f.lookupLocal(ctx, account, p.Playlists[0])
	}
	// Read as a playlist's actor whatever it is, so that persons who name each other lead nowhere.
	one, err := f.fetchActor(ctx, p.Playlists[0])
	if err != nil {
		return Found{}, err
	}
	return f.lookupActor(ctx, account, one)
}

// handlesOf names actors, ours or others; those that cannot be read are left out.
func (f *Federation) handlesOf(ctx context.Context, ids []string) []string {
	var names []string
	for _, id := range ids {
		if _, publicID, _, ours := f.addr().Parse(id); ours {
			if pub, err := f.store.PublicationByPublicID(ctx, publicID); err == nil {
				names = append(names, "@"+pub.Handle+"@"+f.addr().Host())
			}
		} else if a, err := f.remoteActor(ctx, id); err == nil {
			names = append(names, a.fullHandle())
		}
	}
	return names
}

// PersonTrouble says why the list of a followed person could not be read, nothing when all is well.
func (f *Federation) PersonTrouble(ctx context.Context, person string) (said playlists.Sentence, err error) {
	err = f.db.QueryRowContext(ctx, `SELECT error FROM rosters WHERE person = $1`, person).Scan(&said)
	if errors.Is(err, sql.ErrNoRows) {
		return said, nil
	}
	return said, err
}
