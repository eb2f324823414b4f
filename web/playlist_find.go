package web

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

// shared is a playlist as a stranger may see it at one of its addresses.
type shared struct {
	playlists.Publication
	Playlist playlists.Playlist // the name only, when it is for approved followers
	Curator  playlists.Account
	Personal bool // known by the link of one approved follower, its Token
}

// changed is when the page of a shared playlist last changed.
func (sh shared) changed() time.Time {
	latest := sh.Playlist.Updated
	for _, t := range []time.Time{sh.Changed, sh.CoverChanged} {
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}

// find returns what pub shows to a stranger who knows its address. Nothing is shown that is not allowed by name here.
func (s *site) find(ctx context.Context, pub playlists.Publication) (shared, error) {
	if !pub.Live() {
		return shared{}, playlists.Problemf(playlists.Gone, nil, "This playlist is no longer shared.")
	}
	p, err := s.Store.Get(ctx, pub.Playlist)
	if err != nil {
		return shared{}, err
	}
	switch pub.Audience {
	case playlists.Public, playlists.Unlisted, playlists.Link:
	case playlists.Followers:
		p = playlists.Playlist{Name: p.Name, Owner: p.Owner}
	default:
		return shared{}, notShared()
	}
	curator, err := s.Store.Account(ctx, p.Owner)
	return shared{Publication: pub, Playlist: p, Curator: curator}, err
}

func (s *site) findByHandle(ctx context.Context, handle string) (shared, error) {
	pub, err := s.Store.PublicationByHandle(ctx, handle)
	if err != nil {
		return shared{}, err
	}
	return s.find(ctx, pub)
}

func (s *site) findByToken(ctx context.Context, token string) (shared, error) {
	pub, err := s.Store.PublicationByToken(ctx, token)
	if playlists.CodeOf(err) == playlists.NotFound {
		return s.findPersonal(ctx, token)
	}
	if err != nil {
		return shared{}, err
	}
	return s.find(ctx, pub)
}

// findPersonal returns what the link of one approved follower shows. One that has ended is like one that never was.
func (s *site) findPersonal(ctx context.Context, token string) (shared, error) {
	l, pub, err := s.Store.PersonalLinkByToken(ctx, token)
	if err != nil {
		return shared{}, err
	}
	ok, err := s.Fed.ReadsAs(ctx, l)
	if err != nil {
		return shared{}, err
	}
	if !ok {
		return shared{}, notShared()
	}
	p, err := s.Store.Get(ctx, pub.Playlist)
	if err != nil {
		return shared{}, err
	}
	curator, err := s.Store.Account(ctx, p.Owner)
	pub.Token = l.Token
	return shared{Publication: pub, Playlist: p, Curator: curator, Personal: true}, err
}

func notShared() error {
	return playlists.Problemf(playlists.NotFound, nil, "There is no such playlist here.")
}
