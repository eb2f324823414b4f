package federation

import (
	"context"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// FollowPerson keeps that an account wants every playlist of a person whom Find found, and makes the wants for those
// there are now, as far as they can be read. The daemon goes on where it ends.
func (f *Federation) FollowPerson(ctx context.Context, account playlists.ID, p Person, target string, w playlists.OnWithdraw) (playlists.PersonWant, error) {
	want, err := f.WantPerson(ctx, account, p, target, w)
	if err != nil || p.Local {
		return want, err
	}
	for range 2 * (maxRoster + 1) { // the list, then each playlist; the daemon may do some of it
		if n, err := f.rosterOnce(ctx, p.ID); n == 0 || err != nil {
			return want, err
		}
	}
	return want, nil
}

// WantPerson is FollowPerson that asks no other server: the wants for the playlists of a person elsewhere are the daemon's
// to make.
func (f *Federation) WantPerson(ctx context.Context, account playlists.ID, p Person, target string, w playlists.OnWithdraw) (playlists.PersonWant, error) {
	if p.Local && p.ID == string(account) {
		return playlists.PersonWant{}, playlists.Problemf(playlists.Invalid, nil, "That is you yourself: your playlists are on your server already.")
	}
	want := playlists.PersonWant{Account: account, Origin: playlists.Remote, Person: p.ID, Name: p.Name, Target: target, OnWithdraw: w}
	if p.Local {
		want.Origin = playlists.Local
	}
	want, err := f.store.WantPerson(ctx, want)
	if err != nil {
		return want, err
	}
	if p.Local {
		return want, f.wantLocalPlaylists(ctx, want)
	}
	return want, f.wantRoster(ctx, p.ID)
}

// matchPerson makes what we do about a person equal to whether an account wants their playlists.
func (f *Federation) matchPerson(ctx context.Context, id playlists.ID) error {
	want, err := f.store.PersonWant(ctx, id)
	if isNotFound(err) { // long since, of an account that was deleted
		want, err = playlists.PersonWant{ID: id, Ended: f.now()}, nil
	}
	if err != nil {
		return err
	}
	live := want.Ended.IsZero()
	if live && want.Origin == playlists.Local {
		if err := f.wantLocalPlaylists(ctx, want); err != nil {
			return err
		}
	}
	remote := live && want.Origin == playlists.Remote
	have, err := f.subscriptions(ctx, `playlist_id = $1`, id)
	if err != nil {
		return err
	}
	for _, s := range have {
		if remote && s.actor == want.Person {
			return f.wantRoster(ctx, want.Person)
		}
		if err := f.unfollow(ctx, s); err != nil {
			return err
		}
	}
	if !remote {
		return f.wakeRoster(ctx, want.Person)
	}
	err = f.policy.AllowsActor(want.Person)
	if isForbidden(err) {
		err = nil // resumePersons makes up for it
	} else if err == nil && f.public() {
		var named bool
		if named, err = f.hasHandle(ctx, want.Account); named {
			err = f.wantFollow(ctx, f.db, subscription{account: want.Account, playlist: id, actor: want.Person})
		}
	}
	return errors.Join(err, f.wantRoster(ctx, want.Person))
}

// wakeRoster makes a list due, if it is there: nobody may want it any more.
func (f *Federation) wakeRoster(ctx context.Context, person string) error {
	_, err := f.db.ExecContext(ctx, `UPDATE rosters SET due = $1 WHERE person = $2`, f.now().UnixMilli(), person)
	return err
}

// wantLocalPlaylists makes the wants of an account for the public playlists of another one here.
func (f *Federation) wantLocalPlaylists(ctx context.Context, want playlists.PersonWant) error {
	pubs, err := f.store.Publications(ctx, playlists.ID(want.Person))
	if err != nil {
		return err
	}
	for _, pub := range pubs {
		if err := f.wantLocalPlaylist(ctx, want, pub); err != nil {
			return err
		}
	}
	return nil
}

func (f *Federation) wantLocalPlaylist(ctx context.Context, want playlists.PersonWant, pub playlists.Publication) error {
	if !pub.Live() || pub.Audience != playlists.Public {
		return nil
	}
	_, err := f.store.AddWantOf(ctx, want, playlists.Want{Playlist: pub.Playlist, Target: "@" + pub.Handle + "@" + f.addr().Host(), Granted: true}, pub.Since)
	return err
}

// noteLocalPublication makes the wants of those accounts here that follow the owner of a playlist that was published.
func (f *Federation) noteLocalPublication(ctx context.Context, playlist playlists.ID) error {
	pub, err := f.store.Publication(ctx, playlist)
	if err != nil || pub.Audience != playlists.Public {
		return err
	}
	p, err := f.store.Get(ctx, playlist)
	if err != nil {
		return err
	}
	wants, err := f.store.WantsOfPerson(ctx, string(p.Owner))
	if err != nil {
		return err
	}
	for _, want := range wants {
		if err := f.wantLocalPlaylist(ctx, want, pub); err != nil {
			return err
		}
	}
	return nil
}
