package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// What a person should know is kept where it happens. Each of these may be repeated: a repetition is the same notice.

// aboutServer and aboutCopy are what a Broken notice of ours is about.
const aboutServer = "music server"

func aboutCopy(want playlists.ID) string { return "copy " + string(want) }

// tellServer keeps that an account's music server fails, or that it works again when failure is nil.
func (b *Bridge) tellServer(ctx context.Context, account playlists.ID, failure error) error {
	if failure == nil {
		return b.store.Mend(ctx, account, aboutServer)
	}
	return b.store.Notify(ctx, playlists.Notice{Account: account, Kind: playlists.Broken, About: aboutServer,
		Text: sentence(failure), Code: playlists.CodeOf(failure)})
}

// tellBegun keeps that a list is about to be made which nobody expects at this moment: the playlist's owner had to agree
// first, or the library had none or too few of its tracks. It comes before anything else is kept of the list.
func (w *writer) tellBegun(ctx context.Context) error {
	n := playlists.Notice{Account: w.want.Account, About: string(w.want.ID), Playlist: w.want.Playlist}
	songs := len(w.firstSongs())
	switch begins := w.m.ServerID == "" && songs > 0 && w.enough(); {
	case w.m.State == Waiting:
		n.Kind = playlists.CopyArrived
	case w.m.State == Nothing && begins:
		n.Kind, n.After = playlists.GapsFilled, int64(songs)
	case w.m.State == Few && begins:
		n.Kind = playlists.CopyBegun
	default:
		return nil
	}
	return w.b.store.Notify(ctx, n)
}

// tellAsks keeps that a copy waits for a person's answer.
func (w *writer) tellAsks(ctx context.Context, question playlists.Sentence) error {
	return w.b.store.Notify(ctx, playlists.Notice{Account: w.want.Account, Kind: playlists.Broken, About: aboutCopy(w.want.ID),
		Playlist: w.want.Playlist, Text: question})
}

// tellOrder keeps that the person is to say whether their own order of a list stays.
func (w *writer) tellOrder(ctx context.Context) error {
	return w.b.store.Notify(ctx, playlists.Notice{Account: w.want.Account, Kind: playlists.OrderAsked, About: string(w.want.ID),
		Playlist: w.want.Playlist, After: int64(w.m.OrdersAsked + 1)})
}

// orderAnswered ends what tellOrder keeps.
func (b *Bridge) orderAnswered(ctx context.Context, w playlists.Want) error {
	return b.store.Answered(ctx, w.Account, playlists.OrderAsked, string(w.ID))
}

// tellWritten keeps what is new in a list that was just brought in line, compared with the last time: a version of its
// source, or songs that the library did not have before. It comes before the mirror keeps that it is in line.
func (w *writer) tellWritten(ctx context.Context, songs []entry) error {
	if err := w.b.store.Mend(ctx, w.want.Account, aboutCopy(w.want.ID)); err != nil {
		return err
	}
	n := playlists.Notice{Account: w.want.Account, About: string(w.want.ID), Playlist: w.want.Playlist}
	before, now := sourceSongs(w.m.Written), sourceSongs(songs)
	switch {
	case w.m.Revision == 0:
		return nil // the first time: whoever asked for it knows
	case w.m.Revision != w.source.Revision:
		n.Kind, n.Before, n.After = playlists.CopyChanged, w.m.Revision, w.source.Revision
	case now > before:
		n.Kind, n.Before, n.After = playlists.GapsFilled, int64(before), int64(now)
	default:
		return nil
	}
	return w.b.store.Notify(ctx, n)
}

// sourceSongs counts the songs of a list that the person did not add.
func sourceSongs(list []entry) (n int) {
	for _, e := range list {
		if !e.Theirs {
			n++
		}
	}
	return n
}

// tellEnded keeps that a copy's source was withdrawn.
func (b *Bridge) tellEnded(ctx context.Context, w playlists.Want) error {
	return b.store.Notify(ctx, playlists.Notice{Account: w.Account, Kind: playlists.CopyEnded, About: string(w.ID), Playlist: w.Playlist})
}

// keepOutcomeOf tells those who wait for a copy what became of it.
func (b *Bridge) keepOutcomeOf(ctx context.Context, want playlists.ID, failure error) error {
	m, err := b.mirror(ctx, want)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // its account left meanwhile
	}
	if err != nil {
		return err
	}
	o := playlists.Outcome{Note: m.Note, Problem: sentence(failure), Code: playlists.CodeOf(failure)}
	if m.ServerID != "" {
		o.List = m.Name
	}
	return b.store.KeepOutcome(ctx, want, o)
}
