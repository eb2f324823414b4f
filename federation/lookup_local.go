package federation

import (
	"context"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

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
		p.Tracks, p.Summary = nil, ""
	}
	return Found{Playlist: p, Local: true, Readable: readable, actor: pub.PublicID}, nil
}

// ownPublication returns the publication behind one of our addresses. That of an account stands for its one playlist.
func (f *Federation) ownPublication(ctx context.Context, address string) (playlists.Publication, error) {
	kind, key, _, _ := f.addr.Parse(address)
	var pub playlists.Publication
	var err error
	switch kind {
	case shareAddress:
		return f.store.PublicationByToken(ctx, key)
	case profileAddress:
		key = strings.ToLower(key)
		if a, err := f.store.AccountByHandle(ctx, key); err == nil {
			return f.onlyPublication(ctx, a)
		}
		pub, err = f.store.PublicationByHandle(ctx, key)
	case actorAddress, playlistAddress:
		if a, err := f.store.AccountByPublicID(ctx, key); err == nil {
			return f.onlyPublication(ctx, a)
		}
		pub, err = f.store.PublicationByPublicID(ctx, key)
	}
	if err == nil && pub.Handle == "" {
		err = playlists.Problemf(playlists.NotFound, nil, "There is no such playlist here.") // or it is shared by a link only
	}
	return pub, err
}

// onlyPublication returns the public playlist of an account, and names them when there are several.
func (f *Federation) onlyPublication(ctx context.Context, a playlists.Account) (playlists.Publication, error) {
	all, err := f.store.Publications(ctx, a.ID)
	if err != nil {
		return playlists.Publication{}, err
	}
	open := slices.DeleteFunc(all, func(p playlists.Publication) bool { return p.Audience != playlists.Public })
	switch len(open) {
	case 0:
		return playlists.Publication{}, noPlaylist(a.Name)
	case 1:
		return open[0], nil
	}
	var names []string
	for _, p := range firstOf(open, maxNamed) {
		names = append(names, "@"+p.Handle+"@"+f.addr.Host())
	}
	return playlists.Publication{}, severalPlaylists(a.Name, len(open), names)
}
