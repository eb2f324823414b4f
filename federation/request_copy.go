package federation

import (
	"context"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// bring finds the playlist that a request names and keeps that the account wants it. It returns what there is to say at
// once; nothing when the answer has to wait for the copy.
func (f *Federation) bring(ctx context.Context, r request, owner playlists.Account) ([]string, error) {
	mode := playlists.Once
	if r.kind == askFollow {
		mode = playlists.Sync
	}
	found, err := f.Lookup(ctx, owner.ID, r.target)
	if err != nil {
		return failureWords(owner.Language, r.target, err)
	}
	want, err := f.wantOf(ctx, owner.ID, found, mode)
	if err == nil && want.ID == "" {
		want, err = f.subscribe(ctx, found, playlists.Want{ID: r.want, Account: owner.ID, Target: r.target, Mode: mode, OnWithdraw: playlists.Keep})
	}
	if err != nil {
		return failureWords(owner.Language, r.target, err)
	}
	if !found.Readable {
		return waitingWords(owner.Language, found.Playlist.Name), nil
	}
	return nil, f.awaitCopy(ctx, r, want.ID)
}

// wantOf returns the want that an account has already for what was found: who sends a link twice gets no second list.
func (f *Federation) wantOf(ctx context.Context, account playlists.ID, found Found, m playlists.Mode) (playlists.Want, error) {
	if found.File { // it has no identity
		return playlists.Want{}, nil
	}
	id := found.Playlist.ID
	if !found.Local {
		var err error
		if id, err = f.store.Expect(ctx, found.Playlist.Source); err != nil {
			return playlists.Want{}, err
		}
	}
	wants, err := f.store.Wants(ctx, id)
	for _, w := range wants {
		if w.Account == account && w.Ended.IsZero() && w.Granted && (w.Mode == playlists.Sync || m == playlists.Once && f.sameVersion(ctx, w, found)) {
			return w, nil
		}
	}
	return playlists.Want{}, err
}

// sameVersion reports whether a copy that was made once is of the version that was found now.
func (f *Federation) sameVersion(ctx context.Context, w playlists.Want, found Found) bool {
	have, err := f.store.Version(ctx, w.Playlist, w.Pinned)
	if err != nil {
		return false // tidied, or not to be read now: then a second copy is the lesser evil
	}
	d := playlists.DiffOf(have, found.Playlist)
	return have.Name == found.Playlist.Name && len(d.Added) == 0 && len(d.Removed) == 0 && d.Moved == 0
}

// answerCopies answers the requests whose copies are written, or will not be soon.
func (f *Federation) answerCopies(ctx context.Context) (n int, err error) {
	waiting, err := playlists.Collect(ctx, f.db, scanRequest, `SELECT `+requestColumns+` FROM requests WHERE state = 'copying' ORDER BY at LIMIT $1`, copyBatch)
	if err != nil {
		return 0, err
	}
	for _, r := range waiting { // one that fails holds up no other
		done, failure := f.answerCopy(ctx, r)
		if done {
			n++
		}
		err = errors.Join(err, failure)
	}
	return n, err
}

func (f *Federation) answerCopy(ctx context.Context, r request) (bool, error) {
	o, err := f.store.Outcome(ctx, r.want)
	if err != nil {
		return false, err
	}
	waited := f.now().Sub(r.at)
	if o.At.IsZero() && waited < longPatience || o.Problem.String() != "" && waited < patience {
		return false, nil
	}
	owner, err := f.provenOwner(ctx, r.actor, r.recipient)
	if err != nil {
		return false, err
	}
	p, ok, err := f.proofOf(ctx, `account_id = $1`, string(owner.ID))
	if err != nil {
		return false, err
	}
	if !ok || f.policy.AllowsActor(r.actor) != nil {
		return true, f.answerRequest(ctx, r, recipient{}, "")
	}
	w, err := f.store.Want(ctx, r.want)
	if err != nil {
		return false, err
	}
	title, err := f.titleOf(ctx, w, owner.Language)
	if err != nil {
		return false, err
	}
	return true, f.answerRequest(ctx, r, p.to, owner.Language, copyWords(owner.Language, title, f.onCopy(owner.Language, w.ID), w, o, f.told(owner.Language))...)
}

// listCopies says how the copies of an account stand.
func (f *Federation) listCopies(ctx context.Context, owner playlists.Account) ([]string, error) {
	wants, err := f.store.AccountWants(ctx, owner.ID)
	if err != nil {
		return nil, err
	}
	var lines []string
	left := 0
	for _, w := range wants {
		if !w.Ended.IsZero() {
			continue
		}
		if len(lines) == maxListedOf {
			left++
			continue
		}
		title, err := f.titleOf(ctx, w, owner.Language)
		if err != nil {
			return nil, err
		}
		lines = append(lines, title+inLanguage(owner.Language, ": ", "\u00a0: ")+foundWords(owner.Language, w.Found, w.Total))
	}
	return listWords(owner.Language, lines, left), nil
}

// titleOf names what an account wants, by what it asked for as long as that was never read.
func (f *Federation) titleOf(ctx context.Context, w playlists.Want, language string) (string, error) {
	title, err := f.titled(ctx, w.Playlist, language)
	if isNotFound(err) {
		return linkHTML(w.Target, ""), nil
	}
	return title, err
}
