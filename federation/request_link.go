package federation

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// workOnLink answers an approved follower with the pages that are for it.
func (f *Federation) workOnLink(ctx context.Context, r request) error {
	readable, err := f.readableBy(ctx, r.actor, r.recipient)
	if err != nil {
		return err
	}
	var language string
	var lines []string
	for _, pub := range readable {
		p, err := f.store.Get(ctx, pub.Playlist)
		if err != nil {
			return err
		}
		owner, err := f.store.Account(ctx, p.Owner)
		if err != nil {
			return err
		}
		l, err := f.store.PersonalLink(ctx, pub.PublicID, r.actor)
		if isNotFound(err) {
			continue // withdrawn this moment
		}
		if err != nil {
			return err
		}
		language = owner.Language
		address := f.addr().Share(l.Token)
		lines = append(lines, linkHTML(address, address)+" "+titleHTML(p.Name, owner.Name, "", language))
	}
	if len(lines) == 0 {
		return f.answerRequest(ctx, r, recipient{}, "")
	}
	remote, err := f.knownActor(ctx, r.actor) // not asked anew: a slow host would hold up the requests of others
	if err != nil {
		return err
	}
	return f.answerRequest(ctx, r, recipientOf(remote), language, linkWords(language, lines)...)
}

// readableBy returns the playlists for followers that an actor elsewhere is approved for, among those of the actor of
// ours with this last part of its id: a playlist's own, or all of an account's.
func (f *Federation) readableBy(ctx context.Context, actor, publicID string) ([]playlists.Publication, error) {
	pubs, err := f.publicationsOf(ctx, publicID)
	if err != nil {
		return nil, err
	}
	var out []playlists.Publication
	for _, pub := range pubs {
		if !pub.Live() || pub.Audience != playlists.Followers || len(out) == maxTargets {
			continue
		}
		state, err := followerState(ctx, f.db, pub.PublicID, actor)
		if err != nil {
			return nil, err
		}
		changing, err := f.closing(ctx, pub)
		if err != nil {
			return nil, err
		}
		if state == accepted && !changing {
			out = append(out, pub)
		}
	}
	return out, nil
}

func (f *Federation) publicationsOf(ctx context.Context, publicID string) ([]playlists.Publication, error) {
	a, err := f.store.AccountByPublicID(ctx, publicID)
	if err == nil {
		return f.store.Publications(ctx, a.ID)
	}
	if !isNotFound(err) {
		return nil, err
	}
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	if isNotFound(err) {
		return nil, nil
	}
	return []playlists.Publication{pub}, err
}

// ReadsAs reports whether the follower that a personal link was made for may still read what it leads to.
func (f *Federation) ReadsAs(ctx context.Context, l playlists.PersonalLink) (bool, error) {
	state, err := followerState(ctx, f.db, l.PublicID, l.Follower)
	return state == accepted && f.policy.AllowsActor(l.Follower) == nil, err
}

// revokeStaleLinks ends the links of those who follow no more, in whatever way that came.
func (f *Federation) revokeStaleLinks(ctx context.Context) error {
	links, err := f.store.PersonalLinks(ctx, "")
	if err != nil {
		return err
	}
	for _, l := range links {
		if ok, err := f.ReadsAs(ctx, l); ok || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		if err := playlists.RevokePersonalLink(ctx, f.db, l.PublicID, l.Follower); err != nil {
			return err
		}
	}
	return nil
}
