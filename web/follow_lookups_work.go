package web

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

const (
	lookupTime     = 20 * time.Minute // a large library is read once for it
	lookupProgress = time.Second      // the least time between two changes of a row that only say how far it has come
	maxPersonLists = 20               // of a person, that are looked at with them
)

// LookupOnce looks at what has waited longest and returns 1, or 0 when nothing waits. It only reads, here and elsewhere.
func (l *Lookups) LookupOnce(ctx context.Context) (int, error) {
	h, err := l.claim(ctx)
	if h == nil || err != nil {
		return 0, err
	}
	var result lookedAt
	err = l.leases.Hold(ctx, h.Lease, func(ctx context.Context) (err error) {
		result, err = l.look(ctx, h.lookup)
		return err
	})
	// It is released also when the daemon stops, so that the next one need not wait for the lease to end.
	release := context.WithoutCancel(ctx)
	if ctx.Err() != nil || errors.Is(err, lease.ErrLost) {
		return 0, l.leases.Set(release, h.Lease, 0)
	}
	if err != nil {
		result = lookedAt{Problem: l.sentence(ctx, h.lookup, err)}
	}
	text, err := json.Marshal(result)
	if err != nil {
		return 1, err
	}
	_, err = l.db.ExecContext(release, `UPDATE lookups SET result = $1, file = '', lease = 0 WHERE id = $2 AND lease = $3`, string(text), h.lookup.ID, h.Until())
	return 1, err
}

// held is a lookup that this process has in hand.
type held struct {
	lookup
	*lease.Lease
}

const setLookupLease = `UPDATE lookups SET lease = $1 WHERE id = $2 AND lease = $3`

// claim takes what has waited longest; nil when nothing waits.
func (l *Lookups) claim(ctx context.Context) (*held, error) {
	h := &held{Lease: l.leases.New(setLookupLease, "")}
	var err error
	h.lookup, err = scanLookup(l.db.QueryRowContext(ctx, `UPDATE lookups SET lease = $1 WHERE id = (
			SELECT id FROM lookups WHERE result = '' AND lease < $2 ORDER BY created LIMIT 1)
		AND result = '' AND lease < $2 RETURNING `+lookupColumns, h.Until(), playlists.Millis(l.now())))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	h.Lease.ID = h.lookup.ID
	return h, err
}

// sentence says why nothing came of a lookup. What is our fault is for the log.
func (l *Lookups) sentence(ctx context.Context, row lookup, failure error) playlists.Sentence {
	if say := playlists.SentenceOf(failure); say.String() != "" {
		return say
	}
	l.log.ErrorContext(ctx, "lookup failed", slog.String("lookup", string(row.ID)), slog.Any("error", failure))
	return playlists.Sentencef("Something went wrong on this bridge. Its log says what it was. Try again later.")
}

func (l *Lookups) look(ctx context.Context, row lookup) (lookedAt, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	found, err := l.find(ctx, row)
	if err != nil {
		return lookedAt{}, err
	}
	result := lookedAt{Found: &found}
	if found.Person == nil {
		if !found.Readable {
			return result, nil
		}
		result.Classes, err = l.classes(ctx, row, found.Playlist.Tracks, &result)
		return result, err
	}
	lists, tracks, err := l.lists(ctx, row, *found.Person)
	if err != nil {
		return lookedAt{}, err
	}
	result.Lists = lists
	classes, err := l.classes(ctx, row, tracks, &result)
	for i := range lists {
		if len(classes) > 0 {
			lists[i].Here, lists[i].Check, lists[i].Strange = tally(classes[:lists[i].Total])
			classes = classes[lists[i].Total:]
		}
	}
	return result, err
}

// find finds what a row is about: a playlist, or a person.
func (l *Lookups) find(ctx context.Context, row lookup) (federation.Found, error) {
	if row.File != nil {
		return federation.Found{Playlist: *row.File, Readable: true, File: true}, nil
	}
	return l.fed.Find(ctx, row.Account, row.Target)
}

// classes says of each track whether the account has it, nil when there is none to look for, or nothing is known of the
// library. That the music server does not answer is no failure of a lookup: the result says so.
func (l *Lookups) classes(ctx context.Context, row lookup, tracks []playlists.Track, result *lookedAt) ([]match.Class, error) {
	if len(tracks) == 0 {
		return nil, nil
	}
	seen, err := l.music.Preview(ctx, row.Account, tracks, l.progress(ctx, row.ID))
	switch playlists.CodeOf(err) {
	case playlists.Unavailable, playlists.Forbidden:
		result.Silent, result.Unchecked = playlists.SentenceOf(err), true
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	result.Silent, result.Read = playlists.SentenceOf(seen.Failure), seen.Read
	out := make([]match.Class, len(seen.Rows))
	for i, r := range seen.Rows {
		out[i] = r.Class
	}
	return out, nil
}

// lists reads the playlists of a person, each for itself: one that cannot be read keeps nobody from the others. It returns
// their tracks one after the other, as many of each list as its Total says.
func (l *Lookups) lists(ctx context.Context, row lookup, p federation.Person) (out []personList, tracks []playlists.Track, err error) {
	progress := l.progress(ctx, row.ID)
	targets := p.Playlists[:min(len(p.Playlists), maxPersonLists)]
	for i, target := range targets {
		progress(i, len(targets))
		found, err := l.fed.Lookup(ctx, row.Account, target)
		if ctx.Err() != nil {
			return nil, nil, err
		}
		list := personList{Target: target, Name: found.Playlist.Name, Closed: err == nil && !found.Readable}
		if err != nil {
			list.Problem = l.sentence(ctx, row, err)
		} else if found.Readable {
			list.Total, tracks = len(found.Playlist.Tracks), append(tracks, found.Playlist.Tracks...)
		}
		out = append(out, list)
	}
	return out, tracks, nil
}

// tally counts the tracks that an account has, those it should look at, and those that are new to it.
func tally(classes []match.Class) (here, check, strange int) {
	for _, c := range classes {
		switch {
		case c.Automatic():
			here++
		case c == match.Review:
			check++
		default:
			strange++
		}
	}
	return here, check, strange
}

// progress returns what keeps in a row how far it has come, and keeps it seldom.
func (l *Lookups) progress(ctx context.Context, id playlists.ID) subsonicbridge.Progress {
	var kept time.Time
	return func(done, total int) {
		now := l.now()
		if now.Sub(kept) < lookupProgress {
			return
		}
		kept = now
		if _, err := l.db.ExecContext(ctx, `UPDATE lookups SET done = $1, total = $2 WHERE id = $3`, done, total, id); err != nil {
			l.log.WarnContext(ctx, "progress not kept", slog.String("lookup", string(id)), slog.Any("error", err)) // the work does not depend on it
		}
	}
}
