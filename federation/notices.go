package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

const (
	maxNoticesOfDay = 20 // messages with notices to one person within a day; what comes then waits, and is one message
	maxNoticeLines  = 10 // notices that one message names
)

// tellNotices tells the owners of proven accounts what is due, and returns how many messages that took.
func (f *Federation) tellNotices(ctx context.Context) (n int, err error) {
	some, err := f.store.MayBeToldSomething(ctx, &f.noticeLook)
	if some != nil && len(some) == 0 || err != nil {
		return 0, err
	}
	all, err := playlists.Collect(ctx, f.db, scanProof, `SELECT `+proofColumns+` FROM proven WHERE muted = 0`)
	if err != nil {
		return 0, err
	}
	for _, p := range all { // one that fails holds up no other
		if some != nil && !some[p.account] {
			continue
		}
		told, failure := f.tellOne(ctx, p)
		if told {
			n++
		}
		err = errors.Join(err, failure)
	}
	return n, err
}

// tellOne tells one person everything that is due, in one message.
func (f *Federation) tellOne(ctx context.Context, p proof) (told bool, err error) {
	if due, err := f.store.AnyToTell(ctx, p.account, playlists.Fediverse, p.since); !due || err != nil {
		return false, err
	}
	a, err := f.store.Account(ctx, p.account)
	if err != nil {
		return false, err
	}
	if enough, err := f.wasToldEnough(ctx, a); enough || err != nil {
		return false, err
	}
	if f.policy.AllowsActor(p.to.actor) != nil {
		return false, nil
	}
	if ok, err := f.addressNow(ctx, &p); !ok || err != nil {
		return false, err
	}
	message, notices, err := f.store.Bundle(ctx, p.account, playlists.Fediverse, p.since)
	if message == "" || err != nil {
		return false, err
	}
	paragraphs, err := f.noticeParagraphs(ctx, a, notices)
	if err != nil {
		return false, err
	}
	if err := f.postNotices(ctx, a, p, message, paragraphs); err != nil {
		return false, err
	}
	// A crash before this line has the same message made again, which is then queued already.
	return true, f.store.Told(ctx, p.account, playlists.Fediverse, message)
}

func (f *Federation) wasToldEnough(ctx context.Context, a playlists.Account) (bool, error) {
	return f.any(ctx, `SELECT CASE WHEN COUNT(*) >= $1 THEN 1 ELSE 0 END FROM activities WHERE actor = $2 AND created > $3 AND id LIKE 'notice-%'`,
		maxNoticesOfDay, a.PublicID, f.now().Add(-day).UnixMilli())
}

func (f *Federation) postNotices(ctx context.Context, a playlists.Account, p proof, message string, paragraphs []string) error {
	if len(paragraphs) == 0 {
		return nil // all of it has passed
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		return f.postLetter(ctx, tx, letter{id: activityID("notice", message), from: a.PublicID, to: p.to, language: a.Language, paragraphs: paragraphs})
	})
}

// SaidNotice is a notice in the words of the account that it is for.
type SaidNotice struct {
	playlists.Notice
	HTML string // ours; what others wrote is escaped in it
}

// Text is what a reader sees of it.
func (n SaidNotice) Text() string { return plainText(n.HTML, maxHTML) }

// SayNotices says notices to the account that they are for, in its language. Those that have passed, or whose subject is gone, are left out.
func (f *Federation) SayNotices(ctx context.Context, a playlists.Account, notices []playlists.Notice) (said []SaidNotice, err error) {
	for _, n := range notices {
		words, err := f.noticeWords(ctx, a, n)
		if isNotFound(err) {
			continue // what it is about is gone
		}
		if err != nil {
			return nil, err
		}
		if words != "" {
			said = append(said, SaidNotice{n, words})
		}
	}
	return said, nil
}

// noticeParagraphs returns a paragraph for each notice that still means something, and how many more there are.
func (f *Federation) noticeParagraphs(ctx context.Context, a playlists.Account, notices []playlists.Notice) ([]string, error) {
	said, err := f.SayNotices(ctx, a, notices)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, n := range said[:min(len(said), maxNoticeLines)] {
		out = append(out, n.HTML)
	}
	if left := len(said) - len(out); left > 0 {
		out = append(out, moreWords(a.Language, left))
	}
	return out, nil
}

// tellOwner keeps that somebody waits for approval: of a playlist's owner or, from a limited host, of an account.
func (f *Federation) tellOwner(ctx context.Context, publicID, follower string) error {
	state, err := followerState(ctx, f.db, publicID, follower)
	if state != pending || err != nil {
		return err
	}
	n := playlists.Notice{Kind: playlists.FollowAsked, About: askedBy(publicID, follower)}
	if a, err := f.store.AccountByPublicID(ctx, publicID); err == nil {
		n.Account = a.ID
		return f.store.Notify(ctx, n)
	} else if !isNotFound(err) {
		return err
	}
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	if err != nil {
		return err
	}
	a, err := f.ownerOf(ctx, pub.Playlist)
	if err != nil {
		return err
	}
	n.Account, n.Playlist = a.ID, pub.Playlist
	return f.store.Notify(ctx, n)
}

// askedBy is what a FollowAsked notice is about: who asks to follow which actor of ours.
func askedBy(publicID, follower string) string { return publicID + " " + follower }

// tellReading keeps for all who follow a playlist that it cannot be read, or that it can again when failure is nil.
func (f *Federation) tellReading(ctx context.Context, playlist playlists.ID, failure error) error {
	wants, err := f.syncing(ctx, playlist)
	if err != nil {
		return err
	}
	about := "playlist " + string(playlist)
	for account := range wants {
		if failure == nil {
			err = f.store.Mend(ctx, account, about)
		} else if say := playlists.SentenceOf(failure); say.String() != "" {
			err = f.store.Notify(ctx, playlists.Notice{Account: account, Kind: playlists.Broken, About: about, Playlist: playlist, Text: say,
				Code: playlists.CodeOf(failure)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
