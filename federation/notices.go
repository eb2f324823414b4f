package federation

import (
	"context"
	"database/sql"
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
	for _, p := range all {
		told, err := f.tellNews(ctx, p)
		if err != nil {
			return n, err
		}
		if told {
			n++
		}
	}
	return n, nil
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
