package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
)

// State says how a mirror stands. mirror.Note says the same to the person.
type State string

const (
	Fresh     State = ""                 // nothing was tried yet
	Written   State = "written"          // the list is as the source says, but for tracks that were not found
	Reordered State = "reordered"        // the same, in the person's order for now: whether it stays so is for them to say
	OwnOrder  State = "own order"        // the same, in the person's order, as they said
	Nothing   State = "nothing found"    // no track was found, so there is no list
	Few       State = "too few found"    // less than playlists.Enough, so there is no list unless the person says so
	Asks      State = "asks"             // the source shrank suddenly; the list stays until the person says so
	Waiting   State = "waiting"          // the source was not read yet, or its owner has not agreed yet
	Deleted   State = "deleted here"     // the person deleted the list; it is not made again
	Unlinked  State = "no longer linked" // the want is over

	Paused State = "paused" // as LastState and Copies say it: whatever the state is, nothing is done until the person goes on
)

// Order says whose order a list is in.
type Order string

const (
	SourceOrder Order = ""      // the source's
	AskedOrder  Order = "asked" // the person's, who was asked whether it shall stay so
	PersonOrder Order = "own"   // the person's, who said so
)

// state of a list that is written in this order.
func (o Order) state() State {
	switch o {
	case AskedOrder:
		return Reordered
	case PersonOrder:
		return OwnOrder
	}
	return Written
}

// mirror is a list that we keep on an account's server for a want.
type mirror struct {
	Want, Account, Playlist playlists.ID
	Mark                    string
	Server                  string // for which this was read; on another one ids mean something else
	State                   State
	Note                    playlists.Sentence
	ServerID                string // "" while there is no list
	TempName                string // of a list that is being made
	RetiredID               string // of a list of ours that must still be deleted
	Name, Comment           string // as last written
	Revision                int64  // of the source, as last written
	SourceRows              int    // rows of that revision
	Accepted                int64  // revision that a person let shrink, until that is done
	Written                 []entry
	Pending                 []entry            // of a write that began and has not ended
	Refused                 map[string]refusal // by the song's key
	Order                   Order
	OrdersAsked             int  // how often the person put it in another order and was asked
	Anyway                  bool // the person wants a list of however few songs

	// What the person says at any time, so that saveMirror leaves it alone.
	Paused, Discard bool

	claim *lease.Lease // by which it is in hand; nil when it is only looked at
}

const mirrorColumns = `want_id, account_id, playlist_id, mark, state, note, server_id, temp_name, retired_id, name, comment,
	revision, source_rows, accepted, written, pending, refused, song_order, orders_asked, anyway, paused, discard, ` + mirrorServer

const mirrorServer = `COALESCE((SELECT ` + serverOf + ` FROM subsonic_connections c WHERE c.account_id = subsonic_mirrors.account_id), '')`

func (b *Bridge) mirror(ctx context.Context, want playlists.ID) (*mirror, error) {
	return scanMirror(b.db.QueryRowContext(ctx, `SELECT `+mirrorColumns+` FROM subsonic_mirrors WHERE want_id = $1`, want))
}

func scanMirror(row playlists.Scanner) (*mirror, error) {
	var m mirror
	var written, pending, refused []byte
	err := row.Scan(&m.Want, &m.Account, &m.Playlist, &m.Mark, &m.State, &m.Note, &m.ServerID, &m.TempName, &m.RetiredID,
		&m.Name, &m.Comment, &m.Revision, &m.SourceRows, &m.Accepted, &written, &pending, &refused, &m.Order, &m.OrdersAsked, &m.Anyway, &m.Paused, &m.Discard, &m.Server)
	if err != nil {
		return nil, err
	}
	return &m, errors.Join(json.Unmarshal(written, &m.Written), json.Unmarshal(pending, &m.Pending), json.Unmarshal(refused, &m.Refused))
}

// saveMirror keeps everything about a claimed mirror but when it is due and what the person says at any time. It fails when it is
// somebody else's, or the account has moved to another server, since.
func (b *Bridge) saveMirror(ctx context.Context, m *mirror) error {
	written, err1 := asJSON(m.Written)
	pending, err2 := asJSON(m.Pending)
	refused, err3 := asJSON(m.Refused)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	wrote, err := b.leases.Write(ctx, m.claim, func(lease int64) (sql.Result, error) {
		return b.db.ExecContext(ctx, `UPDATE subsonic_mirrors SET state = $1, note = $2, server_id = $3, temp_name = $4, retired_id = $5, name = $6,
		comment = $7, revision = $8, source_rows = $9, accepted = $10, written = $11, pending = $12, refused = $13, song_order = $14,
		orders_asked = $15, anyway = $16 WHERE want_id = $17 AND lease = $18 AND `+mirrorServer+` = $19`,
			m.State, m.Note, m.ServerID, m.TempName, m.RetiredID, m.Name, m.Comment, m.Revision, m.SourceRows, m.Accepted, written, pending, refused,
			m.Order, m.OrdersAsked, m.Anyway, m.Want, lease, m.Server)
	})
	if err == nil && !wrote {
		err = moved()
	}
	return err
}

// scheduleMirror makes a want's mirror due now, and makes its row when there is none.
func (b *Bridge) scheduleMirror(ctx context.Context, w playlists.Want) error {
	_, err := b.db.ExecContext(ctx, `INSERT INTO subsonic_mirrors (want_id, account_id, playlist_id, mark, due, lease, attempts, error, state, note,
			server_id, temp_name, retired_id, name, comment, revision, source_rows, accepted, written, pending, refused)
		VALUES ($1, $2, $3, $4, $5, 0, 0, '', '', '', '', '', '', '', '', 0, 0, 0, '[]', '[]', '{}')
		ON CONFLICT (want_id) DO UPDATE SET due = excluded.due, attempts = 0`,
		w.ID, w.Account, w.Playlist, newMark(), playlists.Millis(b.now()))
	return err
}

// wakeMirrors makes all mirrors of an account due, but those that are over.
func wakeMirrors(ctx context.Context, tx *sql.Tx, account playlists.ID, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE subsonic_mirrors SET due = $1, attempts = 0 WHERE account_id = $2 AND state NOT IN ($3, $4)`,
		playlists.Millis(now), account, Deleted, Unlinked)
	return err
}

// readyMirror finds the mirror to work on now, $1 being the time: one that somebody had in hand who crashed, else the one that has
// been due longest. The conditions are those of two indexes, which hold none of the many that rest.
const readyMirror = `COALESCE((SELECT want_id FROM subsonic_mirrors WHERE lease > 0 AND lease <= $1 ORDER BY lease LIMIT 1),
	(SELECT want_id FROM subsonic_mirrors WHERE due > 0 AND due <= $1 AND lease <= $1 ORDER BY due LIMIT 1))`

// claimMirror takes the mirror that has been due longest; nil when none is. What makes it due again while it is in hand is not lost:
// due is cleared now, not at the end.
func (b *Bridge) claimMirror(ctx context.Context) (*lease.Lease, error) {
	c := b.leases.New(setMirrorLease, "")
	return c.Taken(b.db.QueryRowContext(context.WithoutCancel(ctx), `UPDATE subsonic_mirrors SET lease = $2, due = 0, done = 0, total = 0 WHERE want_id =
			`+readyMirror+` AND lease <= $1 RETURNING want_id`, playlists.Millis(b.now()), c.Until()))
}

// claimWant takes the mirror of one want, due or not; nil while somebody else has it in hand.
func (b *Bridge) claimWant(ctx context.Context, id playlists.ID) (*lease.Lease, error) {
	c := b.leases.New(setMirrorLease, id)
	return c.Taken(b.db.QueryRowContext(context.WithoutCancel(ctx), `UPDATE subsonic_mirrors SET lease = $2, due = 0, done = 0, total = 0 WHERE want_id = $3 AND lease <= $1 RETURNING want_id`,
		playlists.Millis(b.now()), c.Until(), id))
}

// claimed returns the mirror that is claimed.
func (b *Bridge) claimed(ctx context.Context, c *lease.Lease) (*mirror, error) {
	m, err := b.mirror(ctx, c.ID)
	if err == nil {
		m.claim = c
	}
	return m, err
}

// releaseMirror keeps how the work on a mirror went; failure may be nil. It does nothing to what is somebody else's now.
func (b *Bridge) releaseMirror(ctx context.Context, c *lease.Lease, failure error) error {
	if failure == nil {
		_, err := b.db.ExecContext(ctx, `UPDATE subsonic_mirrors SET lease = 0, attempts = 0, error = '' WHERE want_id = $1 AND lease = $2`, c.ID, c.Until())
		return err
	}
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		var attempts int
		err := tx.QueryRowContext(ctx, `UPDATE subsonic_mirrors SET lease = 0, attempts = attempts + 1, error = $1 WHERE want_id = $2 AND lease = $3 RETURNING attempts`,
			sentence(failure), c.ID, c.Until()).Scan(&attempts)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		due := b.now().Add(retryDelay(attempts, minMirrorDelay, maxMirrorDelay))
		_, err = tx.ExecContext(ctx, `UPDATE subsonic_mirrors SET due = $1 WHERE want_id = $2 AND due = 0`, playlists.Millis(due), c.ID)
		return err
	})
}

// handBackMirror releases a mirror whose work was broken off, if it is still ours: it is due at once, and nothing has failed.
func (b *Bridge) handBackMirror(ctx context.Context, c *lease.Lease) error {
	ctx, cancel := context.WithTimeout(ctx, lease.LastWords)
	defer cancel()
	_, err := b.db.ExecContext(ctx, `UPDATE subsonic_mirrors SET lease = 0, due = $1 WHERE want_id = $2 AND lease = $3`, playlists.Millis(b.now()), c.ID, c.Until())
	return err
}
