package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"unicode/utf8"
)

// What owners edit is laid over what their music server says, and never written there: no server has room for all of
// it. A version is made of the two, and a new one is made whichever of them changes.

// Overlay is what an owner lays over a playlist of theirs as their music server has it.
type Overlay struct {
	Title    string // "" keeps the server's name
	Liner    string // liner notes, Markdown; "" keeps the server's comment as Summary
	Language string // of the playlist's words, BCP 47; "" the account's
	NoCover  bool   // the owner wants no cover to be shown, which is so until they say otherwise; see SetCoverWanted
	Rows     []RowOverlay
}

// RowOverlay is what an owner lays over a track. It is found by what the track is, not by its place, so every copy of
// the track in the playlist has it.
type RowOverlay struct {
	Key     string // ServerRow.Key
	Note    string // "" for none
	LeftOut bool   // others do not see that the track is there
}

// ServerRow is a row of a playlist as the music server has it now, with what its owner lays over it.
type ServerRow struct {
	Track
	Key     string // what the track is: the same after it was moved, scanned again, or its file got other ids
	Note    string
	LeftOut bool
}

// Edit lays o over a Local playlist in the place of what lay there; start from OverlayOf to change a part of it. When
// others see something else then, that is a new version. What is laid over tracks that the server does not have at
// present, and that o does not speak of, stays for when they come back.
func (s *Store) Edit(ctx context.Context, id ID, o Overlay) error {
	o, err := o.clean()
	if err != nil {
		return err
	}
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		now, p, err := beneath(ctx, tx, id)
		if err != nil {
			return err
		}
		now.rows = now.edited(o.Rows)
		now.Overlay = o
		if err := now.keep(ctx, tx, id); err != nil {
			return err
		}
		if err := s.wantCover(ctx, tx, id, !o.NoCover); err != nil {
			return err
		}
		_, _, err = s.keepVersion(ctx, tx, head{id: id, revision: p.Revision}, now.laidOver(p))
		return err
	})
	if err != nil {
		return fmt.Errorf("edit playlist: %w", err)
	}
	return nil
}

// OverlayOf returns what the owner of a Local playlist lays over it.
func (s *Store) OverlayOf(ctx context.Context, id ID) (Overlay, error) {
	l, _, err := beneath(ctx, s.db, id)
	if err != nil {
		return Overlay{}, err
	}
	wanted, err := s.CoverWanted(ctx, id)
	l.NoCover = !wanted
	for _, r := range l.rows {
		l.Rows = append(l.Rows, RowOverlay{Key: r.Key, Note: r.Note, LeftOut: r.LeftOut})
	}
	return l.Overlay, err
}

// ServerRows returns the rows of a Local playlist as the music server has them, those too that others do not see.
func (s *Store) ServerRows(ctx context.Context, id ID) ([]ServerRow, error) {
	l, _, err := beneath(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	of := l.rowsBy()
	rows := make([]ServerRow, len(l.server.Tracks))
	for i, t := range l.server.Tracks {
		r := of(t)
		rows[i] = ServerRow{Track: t, Key: t.key(), Note: r.Note, LeftOut: r.LeftOut}
	}
	return rows, nil
}

// ServerWords returns the name and the comment that the music server has for a Local playlist.
func (s *Store) ServerWords(ctx context.Context, id ID) (name, comment string, err error) {
	l, _, err := beneath(ctx, s.db, id)
	return l.server.Name, l.server.Summary, err
}

// beneath returns what is laid over a Local playlist, with what the server says, and the newest version of the two.
func beneath(ctx context.Context, q Querier, id ID) (laid, Playlist, error) {
	p, err := current(ctx, q, id)
	if err != nil {
		return laid{}, Playlist{}, err
	}
	if p.Origin != Local || p.Owner == "" {
		return laid{}, Playlist{}, Problemf(Forbidden, nil, "%q is not yours to edit: only playlists that you own on your music server are.", p.Name)
	}
	l, err := readLaid(ctx, q, id)
	if errors.Is(err, sql.ErrNoRows) {
		return laid{server: serverContent{p.Name, p.Summary, p.Tracks}}, p, nil
	}
	return l, p, err
}

// clean returns o with every text safe to keep. What a person wrote is refused when it is too long, never cut.
func (o Overlay) clean() (Overlay, error) {
	var err error
	if o.Title, err = ofLength(Sentencef("title"), o.Title, MaxText, CleanText); err != nil {
		return o, err
	}
	if o.Liner, err = ofLength(Sentencef("notes"), o.Liner, MaxSummary, CleanLines); err != nil {
		return o, err
	}
	if o.Language != "" && !ValidLanguage(o.Language) {
		return o, Problemf(Invalid, nil, "%q is no language code. English is en, French is fr.", CleanText(o.Language, 40))
	}
	if len(o.Rows) > MaxTracks {
		return o, Problemf(Invalid, nil, "Songferry carries at most %d tracks of a playlist.", MaxTracks)
	}
	rows := make([]RowOverlay, len(o.Rows))
	for i, r := range o.Rows {
		if !keyPattern.MatchString(r.Key) {
			return o, Problemf(Invalid, nil, "There is no such track in this playlist. Open the playlist again.")
		}
		if r.Note, err = ofLength(Sentencef("note on a track"), r.Note, MaxNote, CleanLines); err != nil {
			return o, err
		}
		rows[i] = r
	}
	o.Rows = rows
	return o, nil
}

// ofLength cleans a text of at most max runes.
func ofLength(what Sentence, text string, max int, clean func(string, int) string) (string, error) {
	if n := utf8.RuneCountInString(text); n > max {
		return "", Problemf(Invalid, nil, "The %s is longer than %d characters, by %d. Shorten it.", what, max, n-max)
	}
	return clean(text, max), nil
}
