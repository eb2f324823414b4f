package federation

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// What an owner does with the news of a playlist.

const maxPostText = 10_000 // runes of a post as its owner reads it; all of ours are shorter

// NextNews is what the next post about a playlist would say.
type NextNews struct {
	Playlist playlists.ID
	Name     string
	Settings NewsSettings
	Tracks   []playlists.Track // what was added and not told yet
	Due      time.Time         // zero when there is nothing to tell; a limit may put it off further
	Held     bool
	Silent   bool   // it makes no posts: its owner says so, or a rule fills it
	Text     string // of the post as it would be now
}

// SentNews is a post that was sent.
type SentNews struct {
	ID        string
	Text      string // "" once it is taken back
	Published time.Time
	Deleted   time.Time
	Reactions
}

// NextNewsOf returns what would be told next of each published playlist of an account.
func (f *Federation) NextNewsOf(ctx context.Context, account playlists.ID) ([]NextNews, error) {
	pubs, err := f.store.Publications(ctx, account)
	if err != nil {
		return nil, err
	}
	var all []NextNews
	for _, pub := range pubs {
		if !pub.Audience.Federated() {
			continue
		}
		n, err := f.NextNews(ctx, pub)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// NextNews returns what would be told next of a playlist that is published on the fediverse.
func (f *Federation) NextNews(ctx context.Context, pub playlists.Publication) (NextNews, error) {
	row, err := f.newsOf(ctx, f.db, pub.PublicID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // no row: published a moment ago
		return NextNews{}, err
	}
	s, err := f.tell(ctx, pub.PublicID, row.pending)
	if err != nil {
		return NextNews{}, err
	}
	n := NextNews{Playlist: pub.Playlist, Name: s.list.Name, Settings: s.settings, Tracks: s.tracks, Due: playlists.FromMillis(row.due), Held: row.held, Silent: s.settings.silences(s.list)}
	if len(s.tracks) == 0 {
		n.Due = time.Time{}
		return n, nil
	}
	curator, err := f.mentioned(ctx, s)
	if err != nil {
		return n, err
	}
	if at, err := f.allowedAt(ctx, s); err != nil {
		return n, err
	} else if at.After(f.now()) {
		n.Due = later(n.Due, at)
	}
	n.Text = plainText(newsNote("", s, curator, f.addr()).Content, maxPostText)
	return n, nil
}

// SentNewsOf returns the newest posts about an account's playlists, at most max.
func (f *Federation) SentNewsOf(ctx context.Context, account playlists.ID, max int) ([]SentNews, error) {
	return f.sentNews(ctx, `account_id = $1 ORDER BY published DESC, id LIMIT $2`, account, max)
}

// SentNewsAbout returns the newest posts about one publication, at most max.
func (f *Federation) SentNewsAbout(ctx context.Context, pub playlists.Publication, max int) ([]SentNews, error) {
	return f.sentNews(ctx, `actor = $1 ORDER BY published DESC, id LIMIT $2`, pub.PublicID, max)
}

func (f *Federation) sentNews(ctx context.Context, where string, args ...any) ([]SentNews, error) {
	posts, err := f.posts(ctx, f.db, where, args...)
	if err != nil {
		return nil, err
	}
	sent := make([]SentNews, len(posts))
	for i, p := range posts {
		sent[i] = SentNews{ID: p.ID, Text: plainText(p.Note.Content, maxPostText), Published: p.Published, Deleted: p.Deleted}
		if sent[i].Reactions, err = f.reactions(ctx, p.ID); err != nil {
			return nil, err
		}
	}
	return sent, nil
}

// HoldNews keeps the next post about a playlist back, or no longer.
func (f *Federation) HoldNews(ctx context.Context, playlist playlists.ID, hold bool) error {
	return f.changeNews(ctx, playlist, func(n news) news {
		n.held = hold
		return n
	})
}

// DropNews forgets what was to be told next. Later additions are told.
func (f *Federation) DropNews(ctx context.Context, playlist playlists.ID) error {
	return f.changeNews(ctx, playlist, func(n news) news {
		n.pending, n.first, n.due, n.held = nil, 0, 0, false
		return n
	})
}

func (f *Federation) changeNews(ctx context.Context, playlist playlists.ID, change func(news) news) error {
	pub, err := f.store.Publication(ctx, playlist)
	if err != nil {
		return err
	}
	if !pub.Audience.Federated() {
		return playlists.Problemf(playlists.Invalid, nil, "There are no posts about the playlist: its audience is %s.", pub.Audience)
	}
	if err := f.gather(ctx, pub); err != nil { // also what changed a moment ago
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		row, err := f.newsOf(ctx, tx, pub.PublicID)
		if err != nil {
			return err
		}
		_, err = f.saveNews(ctx, tx, row, change(row))
		return err
	})
}

// TakeBack deletes a post of an account's, here and, as far as they comply, where it was told.
func (f *Federation) TakeBack(ctx context.Context, account playlists.ID, id string) error {
	p, err := f.postByID(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && p.Account != account {
		return playlists.Problemf(playlists.NotFound, nil, "There is no such post of this account.")
	}
	if err != nil || !p.Deleted.IsZero() {
		return err
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.deletePost(ctx, tx, p) })
}

// mentioned returns the owner's own fediverse account, if they want it named in their posts, have proven it, and neither
// it nor the administrator has ended all contact.
func (f *Federation) mentioned(ctx context.Context, s story) (*RemoteActor, error) {
	if !s.limits.Mention {
		return nil, nil
	}
	a, ok, err := f.provenAccount(ctx, s.owner.ID)
	if !ok || err != nil {
		return nil, err
	}
	if f.policy.AllowsActor(a.ID) != nil {
		return nil, nil
	}
	if blocked, err := f.hasBlocked(ctx, a.ID, s.pub.PublicID); blocked || err != nil {
		return nil, err
	}
	return &a, nil
}
