package subsonicbridge

import (
	"context"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// Copy is a list that an account has on its music server, or waits for.
type Copy struct {
	Want  playlists.Want
	Name  string // as the list is named or, without one, as its source is
	State State
	Note  playlists.Sentence // on State, zero when there is nothing to say
	Error playlists.Sentence // on what went wrong last, zero when all is well
}

// Followed is a person whom an account follows, with the copies of their playlists.
type Followed struct {
	Person playlists.PersonWant
	Copies []Copy
}

// Copies returns the persons whom an account follows, and the copies that it asked for by themselves or that are left of
// a person; newest first, and none that are over.
func (b *Bridge) Copies(ctx context.Context, account playlists.ID) (persons []Followed, alone []Copy, err error) {
	wants, err := b.store.AccountWants(ctx, account)
	if err != nil {
		return nil, nil, err
	}
	followed, err := b.store.PersonWants(ctx, account)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range followed {
		persons = append(persons, Followed{Person: p})
	}
	states, err := b.states(ctx, account)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range wants {
		if !w.Ended.IsZero() {
			continue
		}
		c, err := b.copyOf(ctx, w, states[w.ID])
		if err != nil {
			return nil, nil, err
		}
		if i := slices.IndexFunc(persons, func(f Followed) bool { return f.Person.ID == w.Person }); i >= 0 {
			persons[i].Copies = append(persons[i].Copies, c)
		} else {
			alone = append(alone, c)
		}
	}
	return persons, alone, nil
}

// Copy returns how one want stands, also when it is over.
func (b *Bridge) Copy(ctx context.Context, w playlists.Want) (Copy, error) {
	r, err := b.LastState(ctx, w.ID)
	if err != nil {
		return Copy{}, err
	}
	return b.copyOf(ctx, w, r)
}

func (b *Bridge) copyOf(ctx context.Context, w playlists.Want, r MirrorResult) (Copy, error) {
	c := Copy{Want: w, Name: r.Name, State: r.State, Note: r.Note, Error: r.Error}
	if c.Name != "" {
		return c, nil
	}
	p, err := b.store.Get(ctx, w.Playlist)
	if playlists.CodeOf(err) == playlists.NotFound { // nothing of it was read yet
		c.Name = w.Target
		return c, nil
	}
	c.Name = p.Name
	return c, err
}

// states returns how the lists of an account stand, by want.
func (b *Bridge) states(ctx context.Context, account playlists.ID) (map[playlists.ID]MirrorResult, error) {
	out := map[playlists.ID]MirrorResult{}
	_, err := playlists.Collect(ctx, b.db, func(row playlists.Scanner) (struct{}, error) {
		want, r, err := scanState(row)
		out[want] = r
		return struct{}{}, err
	}, `SELECT `+stateColumns+` FROM subsonic_mirrors WHERE account_id = $1`, account)
	return out, err
}

// SongsFor returns the songs that stand for rows, by id, as an account's library has them.
func (b *Bridge) SongsFor(ctx context.Context, account playlists.ID, rows []ResolvedRow) (map[string]Song, error) {
	var ids []string
	for _, r := range rows {
		if r.Resolution.Song != "" {
			ids = append(ids, r.Resolution.Song)
		}
	}
	return b.songsByID(ctx, account, ids)
}
