package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

const (
	mirrorReader   = "mirror" // the name under which the journal is read
	mirrorBatch    = 20       // mirrors worked on in one MirrorOnce
	mirrorTimeout  = 20 * time.Minute
	minMirrorDelay = time.Minute
	maxMirrorDelay = 6 * time.Hour
)

// MirrorOnce brings the lists that are due in line with their sources, and returns how many changes and lists it worked
// on. What goes wrong with a list is kept in its row; err is about our own database.
func (b *Bridge) MirrorOnce(ctx context.Context) (n int, err error) {
	if err := b.giveBack(ctx); err != nil {
		return 0, err
	}
	n, err = b.store.Each(ctx, mirrorReader, playlists.Any, b.noteChange)
	if err != nil {
		return n, err
	}
	for range mirrorBatch {
		c, err := b.claimMirror(ctx)
		if err != nil {
			return n, err
		}
		if c == nil {
			b.indexes.dropIdle(b.now())
			break
		}
		n++
		failure, err := b.workOn(ctx, c, nil)
		if failure != nil {
			b.log.WarnContext(ctx, "mirror failed", slog.String("want", string(c.ID)), slog.Any("error", failure))
		}
		if err != nil {
			b.held.keep(c)
			return n, err
		}
	}
	return n, nil
}

// noteChange turns a change of the journal into due mirrors.
func (b *Bridge) noteChange(ctx context.Context, c playlists.Change) error {
	switch c.Kind {
	case playlists.Covered, playlists.Renamed:
		return nil // a copy has no cover, and its owner's name is that of the version it was made of
	case playlists.Left:
		return b.forget(ctx, c.Playlist)
	}
	wants, err := b.store.Wants(ctx, c.Playlist)
	if err != nil {
		return err
	}
	for _, w := range wants {
		m, err := b.mirror(ctx, w.ID)
		known := err == nil
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		switch {
		case known && (m.State == Unlinked || m.State == Deleted && w.Ended.IsZero()):
		case !known && !w.Ended.IsZero():
		case known && w.Mode == playlists.Once && c.Kind == playlists.Content && m.State != Waiting: // it has its revision
		default:
			if err := b.scheduleMirror(ctx, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// MirrorWant does for one want, now, what MirrorOnce does for those that are due. progress may be nil.
func (b *Bridge) MirrorWant(ctx context.Context, want playlists.ID, progress Progress) (MirrorResult, error) {
	w, err := b.store.Want(ctx, want)
	if err != nil {
		return MirrorResult{}, err
	}
	if err := b.scheduleMirror(ctx, w); err != nil {
		return MirrorResult{}, err
	}
	c, err := b.awaitMirror(ctx, want)
	if err != nil {
		return MirrorResult{}, err
	}
	if failure, err := b.workOn(ctx, c, progress); failure != nil || err != nil {
		return MirrorResult{}, errors.Join(failure, err)
	}
	return b.LastResult(ctx, want)
}

// awaitMirror claims a want's mirror, after whoever has it in hand.
func (b *Bridge) awaitMirror(ctx context.Context, want playlists.ID) (*lease.Lease, error) {
	tick := time.NewTicker(askAgain)
	defer tick.Stop()
	for {
		if c, err := b.claimWant(ctx, want); c != nil || err != nil {
			return c, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, playlists.Problemf(playlists.Unavailable, ctx.Err(), "The list is being written by another process. Try again in a moment.")
		}
	}
}

// workOn does one step for a claimed mirror, keeps how it went, and releases it; err says that this could not be kept.
func (b *Bridge) workOn(ctx context.Context, c *lease.Lease, progress Progress) (failure, err error) {
	failure = b.leases.Hold(ctx, c, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, mirrorTimeout)
		defer cancel()
		return b.step(ctx, c, b.keepingProgress(ctx, c.ID, progress))
	})
	// The mirror is released also when the caller gave up, so that the next try need not wait for the lease to end.
	release := context.WithoutCancel(ctx)
	if ctx.Err() != nil || errors.Is(failure, lease.ErrLost) {
		return failure, b.handBackMirror(release, c)
	}
	return failure, errors.Join(b.keepOutcomeOf(release, c.ID, failure), b.releaseMirror(release, c, failure))
}

// step brings one list in line with what its want says now. It may be repeated from any point: before each change on
// the server it keeps what it is about to do.
func (b *Bridge) step(ctx context.Context, c *lease.Lease, progress Progress) error {
	w, err := b.store.Want(ctx, c.ID)
	if err != nil {
		return err
	}
	m, err := b.claimed(ctx, c)
	if err != nil {
		return err
	}
	src, err := b.source(ctx, w)
	if err != nil {
		return err
	}
	switch {
	case m.State == Unlinked:
		return b.store.EndWant(ctx, w) // a crash may have come between the two
	case !w.Ended.IsZero() || src.gone && (w.Mode == playlists.Sync || m.ServerID == ""):
		return b.letGo(ctx, w, m, src)
	case m.State == Deleted || m.Paused:
		return nil
	case !w.Granted:
		return b.settle(ctx, m, Waiting, playlists.Sentencef("The owner of this playlist has not yet agreed that you see it."))
	case src.unread:
		return b.settle(ctx, m, Waiting, playlists.Sentencef("This playlist has not been read yet."))
	}
	return b.bringInLine(ctx, w, m, src.Playlist, progress)
}

// bringInLine resolves the source and writes the list. When the list shows that the reading of the library is outdated
// both are done once more with a new one.
func (b *Bridge) bringInLine(ctx context.Context, w playlists.Want, m *mirror, p playlists.Playlist, progress Progress) error {
	conn, err := b.connect(ctx, w.Account)
	if err != nil {
		return err
	}
	err = b.resolveAndWrite(ctx, conn, w, m, p, progress)
	if !errors.Is(err, errOutdated) {
		return err
	}
	if err := b.doubtLibrary(ctx, w.Account); err != nil {
		return err
	}
	err = b.resolveAndWrite(ctx, conn, w, m, p, progress)
	if errors.Is(err, errOutdated) {
		err = playlists.Problemf(playlists.Unavailable, err, "Your library has changed, and could not be read anew. It will be tried again.")
	}
	return err
}

func (b *Bridge) resolveAndWrite(ctx context.Context, conn connection, w playlists.Want, m *mirror, p playlists.Playlist, progress Progress) error {
	lib, err := b.library(ctx, conn, progress)
	if err != nil {
		return err
	}
	r, err := b.resolveFor(ctx, lib, w.ID, p.Tracks, progress)
	if err != nil {
		return err
	}
	keys, err := b.keysOf(ctx, lib, songsOf(r.rows))
	if err != nil {
		return err
	}
	if err := b.keepRows(ctx, lib, w, r, keys); err != nil {
		return err
	}
	wr := &writer{b: b, conn: conn, lib: lib, want: w, m: m, source: p, wanted: entriesOf(r.rows, keys)}
	wr.found, _ = coverage(r.rows)
	return wr.write(ctx)
}

// settle keeps a state and its sentence.
func (b *Bridge) settle(ctx context.Context, m *mirror, s State, note playlists.Sentence) error {
	m.State, m.Note = s, note
	return b.saveMirror(ctx, m)
}

func songsOf(rows []ResolvedRow) []string {
	var ids []string
	for _, r := range rows {
		if r.Resolution.Class.Automatic() {
			ids = append(ids, r.Resolution.Song)
		}
	}
	return ids
}

// entriesOf returns the songs for a list: those found and, by keys, in the library.
func entriesOf(rows []ResolvedRow, keys map[string]string) []entry {
	var out []entry
	for _, id := range songsOf(rows) {
		if key, ok := keys[id]; ok {
			out = append(out, entry{ID: id, Key: key})
		}
	}
	return out
}
