package federation

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/songferry/songferry/playlists"
)

const day = 24 * time.Hour

// postDue writes the posts whose time has come, and returns how many it looked at. One that fails is tried again later.
func (f *Federation) postDue(ctx context.Context) (n int, err error) {
	due, err := playlists.Collect(ctx, f.db, scanNews, `SELECT `+newsColumns+` FROM news
		WHERE due > 0 AND due <= $1 AND NOT held ORDER BY due LIMIT 100`, f.now().UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, row := range due {
		if err := f.writePost(ctx, row); err != nil {
			if ctx.Err() != nil {
				return n, ctx.Err()
			}
			f.log.Error("post not written", "publication", row.publicID, "error", err)
			if err := f.putOff(ctx, row, f.now().Add(announceAgain)); err != nil {
				return n, err
			}
		}
		n++
	}
	return n, nil
}

func (f *Federation) putOff(ctx context.Context, row news, until time.Time) error {
	_, err := f.db.ExecContext(ctx, `UPDATE news SET due = $1 WHERE public_id = $2 AND due = $3`, until.UnixMilli(), row.publicID, row.due)
	return err
}

// story is what a post is about and how its owner wants it.
type story struct {
	pub      playlists.Publication
	list     playlists.Playlist
	owner    playlists.Account
	settings NewsSettings
	limits   NewsLimits
	tracks   []playlists.Track // what was added, in the order of the playlist
}

// tell collects a story about the rows named items, as they are now.
func (f *Federation) tell(ctx context.Context, publicID string, items []string) (s story, err error) {
	if s.pub, err = f.store.PublicationByPublicID(ctx, publicID); err != nil {
		return s, err
	}
	if s.list, err = f.store.Get(ctx, s.pub.Playlist); err != nil {
		return s, err
	}
	if s.owner, err = f.store.Account(ctx, s.list.Owner); err != nil {
		return s, err
	}
	if s.settings, err = f.NewsSettingsOf(ctx, s.list.ID); err != nil {
		return s, err
	}
	told := make(map[string]bool, len(items))
	for _, item := range items {
		told[item] = true
	}
	for _, t := range s.list.Tracks {
		if told[t.Item] {
			s.tracks = append(s.tracks, t)
		}
	}
	s.limits, err = f.NewsLimitsOf(ctx, s.owner.ID)
	return s, err
}

func namesOf(tracks []playlists.Track) []string {
	items := make([]string, len(tracks))
	for i, t := range tracks {
		items[i] = t.Item
	}
	return items
}

// writePost writes the post of a row that is due, unless a limit puts it off.
func (f *Federation) writePost(ctx context.Context, row news) error {
	s, err := f.tell(ctx, row.publicID, row.pending)
	if err != nil {
		return err
	}
	moved, err := f.movedAway(ctx, row.publicID)
	if err != nil {
		return err
	}
	told := row
	told.pending, told.first, told.due = nil, 0, 0
	if !s.pub.Live() || len(s.tracks) == 0 || moved != "" {
		return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
			_, err := f.saveNews(ctx, tx, row, told)
			return err
		})
	}
	if at, err := f.allowedAt(ctx, s); err != nil || at.After(f.now()) {
		return errors.Join(err, f.putOff(ctx, row, at))
	}
	if changing, err := f.closing(ctx, s.pub); changing || err != nil {
		return errors.Join(err, f.putOff(ctx, row, f.now().Add(closingTime)))
	}
	p, err := f.newPost(ctx, s)
	if err != nil {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		if ok, err := f.saveNews(ctx, tx, row, told); !ok || err != nil {
			return err // more was added this moment, or another process has written it
		}
		f.log.Info("post written", "post", p.ID, "publication", p.Actor, "tracks", len(p.Items))
		return f.publishPost(ctx, tx, s, p)
	})
}

// allowedAt returns when the limits allow a post: now, or once the posts that fill them are a day old. A limit of none
// is looked at again in a day; the owner may have raised it.
func (f *Federation) allowedAt(ctx context.Context, s story) (time.Time, error) {
	now := f.now()
	ofPlaylist, err := f.lastPosts(ctx, `actor = $1`, s.pub.PublicID, s.settings.PerDay)
	if err != nil {
		return now, err
	}
	ofAccount, err := f.lastPosts(ctx, `account_id = $1`, string(s.owner.ID), s.limits.PerDay)
	if err != nil {
		return now, err
	}
	at := now
	for _, l := range []struct {
		last []time.Time
		max  int
	}{{ofPlaylist, s.settings.PerDay}, {ofAccount, s.limits.PerDay}} {
		switch {
		case l.max == 0:
			at = later(at, now.Add(day))
		case len(l.last) >= l.max:
			at = later(at, slices.MinFunc(l.last, time.Time.Compare).Add(day))
		}
	}
	return at, nil
}

// lastPosts returns when the newest posts were published, at most max of the last day. where is never text from outside.
func (f *Federation) lastPosts(ctx context.Context, where, value string, max int) ([]time.Time, error) {
	return playlists.Collect(ctx, f.db, func(row playlists.Scanner) (time.Time, error) {
		var ms int64
		err := row.Scan(&ms)
		return playlists.FromMillis(ms), err
	}, `SELECT published FROM posts WHERE `+where+` AND published > $2 ORDER BY published DESC LIMIT $3`, value, f.now().Add(-day).UnixMilli(), max)
}

// newPost makes the post of a story, published now.
func (f *Federation) newPost(ctx context.Context, s story) (post, error) {
	now := f.now()
	p := post{ID: string(playlists.NewID()), Actor: s.pub.PublicID, Account: s.owner.ID, Items: namesOf(s.tracks), Published: now, Updated: now}
	curator, err := f.mentioned(ctx, s)
	if err != nil {
		return p, err
	}
	if curator != nil {
		p.Inbox = curator.Inbox
	}
	if s.pub.Audience == playlists.Public {
		p.Announced = s.owner.PublicID
	}
	p.Note = newsNote(p.ID, s, curator, f.addr())
	p.Note.Published = dateTime(now)
	return p, nil
}

// publishPost keeps a post and queues it for the playlist's followers; the account's followers get it as an Announce.
func (f *Federation) publishPost(ctx context.Context, tx *sql.Tx, s story, p post) error {
	if err := insertPost(ctx, tx, p); err != nil {
		return err
	}
	inboxes, err := acceptedInboxes(ctx, tx, p.Actor)
	if err != nil {
		return err
	}
	id := activityID("create", p.ID)
	err = f.queue(ctx, tx, outgoing{id: id, actor: p.Actor, inboxes: append(inboxes, p.Inbox), body: newCreate(f.addr().Activity(id), p.Note)})
	if err != nil || p.Announced == "" {
		return err
	}
	if inboxes, err = acceptedInboxes(ctx, tx, p.Announced); err != nil {
		return err
	}
	id = activityID("announce", p.ID)
	return f.queue(ctx, tx, outgoing{id: id, actor: p.Announced, inboxes: inboxes, body: newAnnounce(f.addr().Activity(id), s.owner, p, f.addr())})
}

// newAnnounce is the account's boost of a post about one of its playlists.
func newAnnounce(id string, owner playlists.Account, p post, a Addresses) activityDocument {
	d := newActivityDocument("Announce", id, a.Actor(owner.PublicID), a.Note(p.ID), publicCollection)
	d.CC, d.Published = []string{a.Followers(owner.PublicID), a.Actor(p.Actor)}, dateTime(p.Published)
	return d
}
