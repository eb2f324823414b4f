package subsonicbridge

import (
	"context"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	pausedAfter = 7 * 24 * time.Hour // of refused logins: from then on nothing of the account is updated
	pausedDelay = 6 * time.Hour      // between two tries from then on; servers lock out who tries often
)

// refusedNow is when a failure refused the login, 0 for another failure.
func refusedNow(failure error, now time.Time) int64 {
	if playlists.CodeOf(failure) != playlists.Forbidden {
		return 0
	}
	return playlists.Millis(now)
}

// isPaused reports whether an account is paused whose login has been refused since then, or (zero) is not refused. Nothing
// is withdrawn: followers keep what they have.
func isPaused(refused, now time.Time) bool {
	return !refused.IsZero() && now.Sub(refused) >= pausedAfter
}

func longestDelay(refused, now time.Time) time.Duration {
	if isPaused(refused, now) {
		return pausedDelay
	}
	return maxPollDelay
}

// letIn keeps that the server takes the login. Who has not heard yet that an account was paused need not hear it.
func (b *Bridge) letIn(ctx context.Context, account playlists.ID) error {
	r, err := b.db.ExecContext(ctx, `UPDATE subsonic_connections SET refused = 0 WHERE account_id = $1 AND refused > 0`, account)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); n == 0 || err != nil {
		return err
	}
	told, err := b.whomToTell(ctx, account)
	for _, who := range told {
		if err == nil {
			err = b.store.Answered(ctx, who, playlists.Paused, string(account))
		}
	}
	return err
}

// tellPaused keeps, for the account and the administrators, that it is paused. Repeated, it is the same notice.
func (b *Bridge) tellPaused(ctx context.Context, account playlists.ID, refused time.Time) error {
	told, err := b.whomToTell(ctx, account)
	for _, who := range told {
		if err == nil {
			err = b.store.Notify(ctx, playlists.Notice{Account: who, Kind: playlists.Paused, About: string(account), After: playlists.Millis(refused)})
		}
	}
	return err
}

// whomToTell are an account and the administrators.
func (b *Bridge) whomToTell(ctx context.Context, account playlists.ID) ([]playlists.ID, error) {
	all, err := b.store.Accounts(ctx)
	told := []playlists.ID{account}
	for _, a := range all {
		if a.Admin && a.ID != account {
			told = append(told, a.ID)
		}
	}
	return told, err
}
