package web

import (
	"context"
	"database/sql"
	"time"

	"github.com/songferry/songferry/playlists"
)

// passing are the rows of this package, all of which go by themselves.
var passing = []struct {
	table, key string
	over       string        // when a row's time ends or, with keep, from when on it is kept for so long
	keep       time.Duration // 0: over says all
}{
	{"sessions", "token", "expires", 0},            // sessionTime after the last sign-in; or with their person's word
	{"sign_outs", "account_id", "at", sessionTime}, // all sessions that they end have expired then
	{"known_browsers", "token", "expires", 0},      // knownTime after the last sign-in, at most maxKnown of an account
	{"invitations", "token", "expires", 0},         // invitationTime, used or not; at most maxInvitations are open
	{"lookups", "id", "created", keepLookup},       // at most maxLookups of an account
	{"limits", "budget", "whole", 0},               // within longestWhole; see limits
}

const (
	tidyBatch   = 1000 // rows that one statement deletes, so that others need not wait for it
	maxBatches  = 100  // of one table in one Tidy; the rest has time until the next
	forgetAgain = 7 * 24 * time.Hour
	// longestWhole is longer than any budget takes until it is whole, by whatever clock. What is to last longer was written while
	// the clock of this machine was ahead.
	longestWhole = time.Hour
)

// Tidy deletes the rows whose time is over, and what came too late of accounts that are gone.
func Tidy(ctx context.Context, db *sql.DB, store *playlists.Store, now time.Time) error {
	for _, p := range passing {
		query := `DELETE FROM ` + p.table + ` WHERE ` + p.key + ` IN (SELECT ` + p.key + ` FROM ` + p.table + ` WHERE ` + p.over + ` <= $1 LIMIT $2)`
		if err := inBatches(ctx, db, query, playlists.Millis(now.Add(-p.keep))); err != nil {
			return err
		}
	}
	future := `DELETE FROM limits WHERE budget IN (SELECT budget FROM limits WHERE whole > $1 LIMIT $2)`
	if err := inBatches(ctx, db, future, playlists.Millis(now.Add(longestWhole))); err != nil {
		return err
	}
	gone, err := store.Departures(ctx, now.Add(-forgetAgain))
	for _, d := range gone {
		if err == nil {
			err = Forget(ctx, db, d.Account)
		}
	}
	return err
}

// inBatches repeats a statement about what is before or after then while it finds as many rows as it may.
func inBatches(ctx context.Context, db *sql.DB, query string, then int64) error {
	for range maxBatches {
		r, err := db.ExecContext(ctx, query, then, tidyBatch)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n < tidyBatch {
			return err
		}
	}
	return nil
}

// Forget deletes all that the pages keep of an account that was deleted. It may be repeated: a request that had begun before
// may have kept something since.
func Forget(ctx context.Context, db *sql.DB, account playlists.ID) error {
	return playlists.InTx(ctx, db, func(tx *sql.Tx) error {
		return playlists.ExecEach(ctx, tx, account,
			`DELETE FROM sessions WHERE account_id = $1`,
			`DELETE FROM sign_outs WHERE account_id = $1`,
			`DELETE FROM known_browsers WHERE account_id = $1`,
			`DELETE FROM invitations WHERE invited_by = $1`,
			`DELETE FROM lookups WHERE account_id = $1`,
		)
	})
}
