package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// maxChoices bounds the decisions of one account.
const maxChoices = 50_000

// Choose keeps that song, one of the account's library, stands for a track from now on, in every playlist; "" means that
// none does. key is the fingerprint of a row that was resolved. The lists concerned become due.
func (b *Bridge) Choose(ctx context.Context, account playlists.ID, key, song string) error {
	return b.changeChoice(ctx, account, key, func(tx *sql.Tx, track playlists.Track, old choice, had bool) error {
		if had {
			if err := dropSuperseded(ctx, tx, account, old, key); err != nil {
				return err
			}
		}
		c := choice{id: string(playlists.NewID()), track: track, none: song == "", songID: song}
		if song != "" {
			var err error
			if c.song, err = currentSong(ctx, tx, account, song); err != nil {
				return err
			}
			c.songKey = fingerprint(c.song)
		}
		return insertChoice(ctx, tx, account, c, b.now().UnixMilli())
	})
}

// Unchoose forgets what a person decided about a track: it is resolved like any other again.
func (b *Bridge) Unchoose(ctx context.Context, account playlists.ID, key string) error {
	return b.changeChoice(ctx, account, key, func(tx *sql.Tx, t playlists.Track, old choice, had bool) error {
		if !had {
			return playlists.Problemf(playlists.NotFound, nil, "Nothing was decided about %q.", t.Title)
		}
		return dropChoice(ctx, tx, old)
	})
}

// changeChoice calls change with a row's track and the decision that stands for it, if it had one, and wakes the lists.
func (b *Bridge) changeChoice(ctx context.Context, account playlists.ID, key string,
	change func(tx *sql.Tx, t playlists.Track, old choice, had bool) error) error {
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		track, err := rowTrack(ctx, tx, account, key)
		if err != nil {
			return err
		}
		old, ok, err := choiceFor(ctx, tx, account, track)
		if err != nil {
			return err
		}
		if err := change(tx, track, old, ok); err != nil {
			return err
		}
		return b.wakeHolders(ctx, tx, account, track)
	})
}

func dropChoice(ctx context.Context, tx *sql.Tx, c choice) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM subsonic_choices WHERE id = $1`, c.id)
	return err
}

// dropSuperseded drops c, in whose place comes a decision about the track under key. It stays when it is about another
// track that is still wanted, like the song on another album: then both stand.
func dropSuperseded(ctx context.Context, tx *sql.Tx, account playlists.ID, c choice, key string) error {
	if about := fingerprint(c.track); about != key {
		_, err := rowTrack(ctx, tx, account, about)
		if playlists.CodeOf(err) != playlists.NotFound { // else its track is described in other words now
			return err
		}
	}
	return dropChoice(ctx, tx, c)
}

func insertChoice(ctx context.Context, tx *sql.Tx, account playlists.ID, c choice, at int64) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM subsonic_choices WHERE account_id = $1`, account).Scan(&n); err != nil {
		return err
	}
	if n >= maxChoices {
		return playlists.Problemf(playlists.Unavailable, nil, "%d decisions are kept already: undo some first.", n)
	}
	track, err := asJSON(c.track)
	if err != nil {
		return err
	}
	song := ""
	if !c.none {
		if song, err = asJSON(c.song); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO subsonic_choices (id, account_id, track, title_key, mbid, keyed, song, song_id, song_key, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, c.id, account, track, titleKey(c.track), c.track.MBID, match.Version, song, c.songID, c.songKey, at)
	return err
}

// rowTrack returns the track of a resolved row of the account's.
func rowTrack(ctx context.Context, q playlists.Querier, account playlists.ID, key string) (t playlists.Track, err error) {
	var text []byte
	err = q.QueryRowContext(ctx, `SELECT r.track FROM subsonic_resolutions r JOIN subsonic_mirrors m ON m.want_id = r.want_id
		WHERE r.track_key = $1 AND m.account_id = $2 ORDER BY r.want_id, r.place LIMIT 1`, key, account).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return t, playlists.Problemf(playlists.NotFound, nil, "None of your playlists has this track any more.")
	}
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(text, &t)
}

// currentSong returns a song of the newest reading of the account's library.
func currentSong(ctx context.Context, q playlists.Querier, account playlists.ID, id string) (t playlists.Track, err error) {
	var text []byte
	err = q.QueryRowContext(ctx, `SELECT s.track FROM subsonic_songs s JOIN subsonic_libraries l ON l.account_id = s.account_id
		AND l.generation = s.generation WHERE s.account_id = $1 AND s.song_id = $2`, account, id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return t, playlists.Problemf(playlists.NotFound, nil, "Your library, as it was last read, has no song with the id %s.", playlists.CleanText(id, 100))
	}
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(text, &t)
}

// wakeHolders makes the lists due that have a track, or one that may be taken for it.
func (b *Bridge) wakeHolders(ctx context.Context, tx *sql.Tx, account playlists.ID, t playlists.Track) error {
	_, err := tx.ExecContext(ctx, `UPDATE subsonic_mirrors SET due = $1, attempts = 0 WHERE account_id = $2 AND state NOT IN ($3, $4)
		AND want_id IN (SELECT want_id FROM subsonic_resolutions WHERE title_key = $5)`, playlists.Millis(b.now()), account, Deleted, Unlinked, titleKey(t))
	return err
}
