package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	maxNewsOfDay = 20 // messages with news to one person within a day; what comes then waits, and is one message
	maxNewsLines = 10 // notices that one message names
)

// tellNotices tells the owners of proven accounts what is due, and returns how many messages that took.
func (f *Federation) tellNotices(ctx context.Context) (n int, err error) {
	all, err := playlists.Collect(ctx, f.db, scanProof, `SELECT `+proofColumns+` FROM proven WHERE muted = 0`)
	if err != nil {
		return 0, err
	}
	for _, p := range all { // one that fails holds up no other
		told, failure := f.tellNews(ctx, p)
		if told {
			n++
		}
		err = errors.Join(err, failure)
	}
	return n, err
}

// tellNews tells one person everything that is due, in one message.
func (f *Federation) tellNews(ctx context.Context, p proof) (told bool, err error) {
	if any, err := f.store.AnyToTell(ctx, p.account, p.since); !any || err != nil {
		return false, err
	}
	a, err := f.store.Account(ctx, p.account)
	if err != nil {
		return false, err
	}
	if enough, err := f.hadEnoughNews(ctx, a); enough || err != nil {
		return false, err
	}
	if f.policy.AllowsActor(p.to.actor) != nil {
		return false, nil
	}
	if ok, err := f.addressNow(ctx, &p); !ok || err != nil {
		return false, err
	}
	message, notices, err := f.store.Bundle(ctx, p.account, p.since)
	if message == "" || err != nil {
		return false, err
	}
	paragraphs, err := f.newsWords(ctx, a, notices)
	if err != nil {
		return false, err
	}
	if err := f.postNews(ctx, a, p, message, paragraphs); err != nil {
		return false, err
	}
	// A crash before this line has the same message made again, which is then queued already.
	return true, f.store.Told(ctx, p.account, message)
}

func (f *Federation) hadEnoughNews(ctx context.Context, a playlists.Account) (bool, error) {
	return f.any(ctx, `SELECT CASE WHEN COUNT(*) >= $1 THEN 1 ELSE 0 END FROM activities WHERE actor = $2 AND created > $3 AND id LIKE 'notice-%'`,
		maxNewsOfDay, a.PublicID, f.now().Add(-24*time.Hour).UnixMilli())
}

func (f *Federation) postNews(ctx context.Context, a playlists.Account, p proof, message string, paragraphs []string) error {
	if len(paragraphs) == 0 {
		return nil // all of it has passed
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		return f.postLetter(ctx, tx, letter{id: activityID("notice", message), from: a.PublicID, to: p.to, language: a.Language, paragraphs: paragraphs})
	})
}

// newsWords returns a paragraph for each notice that still means something, and how many more there are.
func (f *Federation) newsWords(ctx context.Context, a playlists.Account, notices []playlists.Notice) ([]string, error) {
	var out []string
	left := 0
	for _, n := range notices {
		words, err := f.noticeWords(ctx, a, n)
		if isNotFound(err) {
			continue // what it is about is gone
		}
		switch {
		case err != nil:
			return nil, err
		case words == "":
		case len(out) == maxNewsLines:
			left++
		default:
			out = append(out, words)
		}
	}
	if left > 0 {
		out = append(out, moreWords(a.Language, left))
	}
	return out, nil
}

// tellOwner keeps that somebody waits for the approval of a playlist's owner, or of an account.
func (f *Federation) tellOwner(ctx context.Context, publicID, follower string) error {
	state, err := followerState(ctx, f.db, publicID, follower)
	if state != pending || err != nil {
		return err
	}
	if a, err := f.store.AccountByPublicID(ctx, publicID); err == nil { // who is limited waits for approval there too
		return f.store.Notify(ctx, playlists.Notice{Account: a.ID, Kind: playlists.FollowAsked, About: follower})
	} else if !isNotFound(err) {
		return err
	}
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	if err != nil {
		return err
	}
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return err
	}
	return f.store.Notify(ctx, playlists.Notice{Account: p.Owner, Kind: playlists.FollowAsked, About: follower, Playlist: p.ID})
}

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
		} else if say := playlists.Say(failure); say != "" {
			err = f.store.Notify(ctx, playlists.Notice{Account: account, Kind: playlists.Broken, About: about, Playlist: playlist, Text: say})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
