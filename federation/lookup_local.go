package federation

import (
	"context"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// lookupLocal finds a playlist of this bridge.
func (f *Federation) lookupLocal(ctx context.Context, account playlists.ID, address string) (Found, error) {
	if a, err := f.ownAccount(ctx, address); err == nil {
		p, err := f.localPerson(ctx, a)
		return Found{Person: &p, Local: true}, err
	} else if !isNotFound(err) {
		return Found{}, err
	}
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

// ownPublication returns the publication behind one of our addresses.
func (f *Federation) ownPublication(ctx context.Context, address string) (playlists.Publication, error) {
	kind, key, _, _ := f.addr().Parse(address)
	if token, ours := strings.CutPrefix(address, shareTarget); ours {
		kind, key = shareAddress, token
	}
	var pub playlists.Publication
	var err error
	switch kind {
	case shareAddress:
		pub, err = f.store.PublicationByToken(ctx, key)
		if err == nil && pub.Locked {
			err = playlists.Problemf(playlists.Forbidden, nil, "That link asks for a password. Open it in your browser, download the list there, and import the file.")
		}
		return pub, err
	case profileAddress:
		pub, err = f.store.PublicationByHandle(ctx, strings.ToLower(key))
	case actorAddress, playlistAddress:
		pub, err = f.store.PublicationByPublicID(ctx, key)
	}
	if err == nil && pub.Handle == "" {
		err = playlists.Problemf(playlists.NotFound, nil, "There is no such playlist here.") // or it is shared by a link only
	}
	return pub, err
}
