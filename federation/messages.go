package federation

import (
	"context"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	patience     = 5 * time.Minute // with a copy that fails: it may pass
	longPatience = time.Hour       // with a copy that nobody has begun
	copyBatch    = 500             // requests looked at in one turn
	maxListedOf  = 20              // copies that an answer lists
)

// MessagesOnce tells people their news by direct message, and works on what they asked for by one. It returns how many
// messages and requests it handled.
func (f *Federation) MessagesOnce(ctx context.Context) (n int, err error) {
	if !f.public {
		return 0, nil
	}
	told, err := f.tellNotices(ctx)
	if err != nil {
		return told, err
	}
	copied, err := f.answerCopies(ctx)
	if err != nil {
		return told + copied, err
	}
	worked, err := f.workOnRequest(ctx)
	return told + copied + worked, err
}

// workOnRequest takes the request that has waited longest, and returns 1, or 0 when none is due.
func (f *Federation) workOnRequest(ctx context.Context) (int, error) {
	r, err := f.claimRequest(ctx)
	if r.id == "" || err != nil {
		return 0, err
	}
	failure := f.work(ctx, r)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if failure == nil {
		return 1, nil
	}
	f.log.Error("direct message not worked on", "request", r.id, "attempt", r.attempts+1, "error", failure)
	if r.attempts+1 < requestAttempts {
		return 1, f.postponeRequest(ctx, r)
	}
	return 1, f.apologise(ctx, r)
}

// apologise ends a request that fails again and again on our side.
func (f *Federation) apologise(ctx context.Context, r request) error {
	p, ok, err := f.proofOf(ctx, `actor = $1`, r.actor)
	if err != nil {
		return err
	}
	owner, err := f.provenOwner(ctx, r.actor, r.recipient)
	if err != nil || !ok || owner.ID == "" {
		return errors.Join(err, f.answerRequest(ctx, r, recipient{}, ""))
	}
	return f.answerRequest(ctx, r, p.to, owner.Language, sorryWords(owner.Language)...)
}

// work does what a request asks for and answers, if its sender may still ask: much may have happened since it came.
func (f *Federation) work(ctx context.Context, r request) error {
	if f.policy.AllowsActor(r.actor) != nil {
		return f.answerRequest(ctx, r, recipient{}, "")
	}
	if r.kind == askLink {
		return f.workOnLink(ctx, r)
	}
	owner, err := f.provenOwner(ctx, r.actor, r.recipient)
	if err != nil {
		return err
	}
	p, ok, err := f.proofOf(ctx, `account_id = $1`, string(owner.ID))
	if err != nil {
		return err
	}
	if ok {
		ok, err = f.addressNow(ctx, &p)
	}
	if !ok || err != nil {
		return errors.Join(err, f.answerRequest(ctx, r, recipient{}, ""))
	}
	return f.workFor(ctx, r, owner, p)
}

func (f *Federation) workFor(ctx context.Context, r request, owner playlists.Account, p proof) error {
	var words []string
	var err error
	switch r.kind {
	case askImport, askFollow:
		words, err = f.bring(ctx, r, owner)
		if len(words) == 0 || err != nil {
			return err // answered when the copy is written
		}
	case askStop, askStart:
		words, err = muteWords(owner.Language, r.kind == askStop), f.mute(ctx, owner.ID, r.kind == askStop)
	case askList:
		words, err = f.listCopies(ctx, owner)
	default:
		words = helpWords(owner.Language)
	}
	if err != nil {
		return err
	}
	return f.answerRequest(ctx, r, p.to, owner.Language, words...)
}

// mute keeps whether the owner of a proven account wants no news.
func (f *Federation) mute(ctx context.Context, account playlists.ID, muted bool) error {
	var since int64
	if muted {
		since = f.now().UnixMilli()
	}
	_, err := f.db.ExecContext(ctx, `UPDATE proven SET muted = $1, since = CASE WHEN $1 = 0 AND muted > 0 THEN $2 ELSE since END WHERE account_id = $3`,
		since, f.now().UnixMilli(), account)
	return err
}

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
	for _, r := range waiting {
		done, err := f.answerCopy(ctx, r)
		if err != nil {
			return n, err
		}
		if done {
			n++
		}
	}
	return n, nil
}

func (f *Federation) answerCopy(ctx context.Context, r request) (bool, error) {
	o, err := f.store.Outcome(ctx, r.want)
	if err != nil {
		return false, err
	}
	waited := f.now().Sub(r.at)
	if o.At.IsZero() && waited < longPatience || o.Problem != "" && waited < patience {
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
	if !ok {
		return true, f.answerRequest(ctx, r, recipient{}, "")
	}
	w, err := f.store.Want(ctx, r.want)
	if err != nil {
		return false, err
	}
	title, err := f.titled(ctx, w.Playlist, owner.Language)
	if err != nil {
		return false, err
	}
	return true, f.answerRequest(ctx, r, p.to, owner.Language, copyWords(owner.Language, title, w, o)...)
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
		title, err := f.titled(ctx, w.Playlist, owner.Language)
		if isNotFound(err) {
			title, err = linkHTML(w.Target, ""), nil // it was never read
		}
		if err != nil {
			return nil, err
		}
		lines = append(lines, title+inLanguage(owner.Language, ": ", " : ")+foundWords(owner.Language, w.Found, w.Total))
	}
	return listWords(owner.Language, lines, left), nil
}

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
		address := f.addr.Share(l.Token)
		lines = append(lines, linkHTML(address, address)+" "+titleHTML(p.Name, owner.Name, "", language))
	}
	if len(lines) == 0 {
		return f.answerRequest(ctx, r, recipient{}, "")
	}
	remote, err := f.remoteActor(ctx, r.actor)
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
		if state == accepted {
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
