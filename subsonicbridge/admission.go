package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/songferry/songferry/playlists"
)

// Admission is that a music server lets somebody in. It holds secrets, and shows none when it is printed or logged.
type Admission struct {
	Server  Server
	Account playlists.ID // who has this login here already, "" when nobody has

	login Login
	reach Reach
}

func (a Admission) String() string       { return a.login.String() }
func (a Admission) GoString() string     { return a.login.String() }
func (a Admission) LogValue() slog.Value { return a.login.LogValue() }

// SignInName is what somebody whose login this is signs in here by.
func (a Admission) SignInName() string { return signInName(a.login.URL, a.login.User, a.reach) }

func signInName(url, user string, r Reach) string {
	if r == PublicOnly {
		return user + "@" + hostOf(url)
	}
	return user
}

// Ask signs in to a music server. Nothing is kept before Keep.
func (b *Bridge) Ask(ctx context.Context, r Reach, baseURL, user, secret string) (Admission, error) {
	login, server, err := SignIn(ctx, b.client(r), baseURL, user, secret)
	if err != nil {
		return Admission{}, fmt.Errorf("sign in: %w", err)
	}
	a := Admission{Server: server, login: login, reach: r}
	a.Account, err = b.Holder(ctx, a)
	return a, err
}

// Holder returns who has the login of an admission here now, "" when nobody has.
func (b *Bridge) Holder(ctx context.Context, a Admission) (playlists.ID, error) {
	return holder(ctx, b.db, a)
}

func holder(ctx context.Context, q playlists.Querier, a Admission) (account playlists.ID, err error) {
	err = q.QueryRowContext(ctx, `SELECT account_id FROM subsonic_connections WHERE url = $1 AND LOWER(username) = LOWER($2)
		ORDER BY connected LIMIT 1`, a.login.URL, a.login.User).Scan(&account)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return account, err
}

// Keep makes what Ask returned the account's music server, in the place of an earlier one.
func (b *Bridge) Keep(ctx context.Context, account playlists.ID, a Admission) error {
	return b.keep(ctx, account, a, func(*sql.Tx) error { return nil })
}

// KeepFirst is Keep for an account that is new. Once another has the login it keeps nothing and fails with an ErrHeld: also of two who
// come with it at the same moment, to two processes, one is the first.
func (b *Bridge) KeepFirst(ctx context.Context, account playlists.ID, a Admission) error {
	return b.keep(ctx, account, a, func(tx *sql.Tx) error {
		other, err := holder(ctx, tx, a)
		if err == nil && other != "" {
			err = ErrHeld
		}
		return err
	})
}

// ErrHeld: another account of this bridge has a login.
var ErrHeld = errors.New("another account has this login")

// keep is Keep if allow, in the same transaction, does not mind.
func (b *Bridge) keep(ctx context.Context, account playlists.ID, a Admission, allow func(*sql.Tx) error) error {
	plain, err := json.Marshal(a.login)
	if err != nil {
		return err
	}
	about, err := asJSON(a.Server)
	if err != nil {
		return err
	}
	err = playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		if err := allow(tx); err != nil {
			return err
		}
		if err := b.forgetOtherServer(ctx, tx, account, a.login); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO subsonic_connections
			(account_id, url, username, login, server, connected, polled, due, lease, attempts, last_error, guest)
			VALUES ($1, $2, $3, $4, $5, $6, 0, $6, 0, 0, '', $7)
			ON CONFLICT (account_id) DO UPDATE SET url = excluded.url, username = excluded.username, login = excluded.login,
				server = excluded.server, connected = excluded.connected, due = excluded.due, attempts = 0, last_error = '', refused = 0, guest = excluded.guest`,
			account, a.login.URL, a.login.User, b.key.Seal(plain, sealLabel(account)), about, playlists.Millis(b.now()), bool(a.reach))
		if err != nil {
			return err
		}
		return wakeMirrors(ctx, tx, account, b.now())
	})
	if err != nil {
		return fmt.Errorf("keep the connection: %w", err)
	}
	return nil
}

// AskAgain is Ask for an account that moves to another server, or has another password: a guest stays one.
func (b *Bridge) AskAgain(ctx context.Context, account playlists.ID, baseURL, user, secret string) (Admission, error) {
	reach, err := b.reachOf(ctx, account)
	if err != nil {
		return Admission{}, err
	}
	return b.Ask(ctx, reach, baseURL, user, secret)
}

// AskElsewhere is AskAgain for a person who says themselves where their music server is. At another one than before they are
// a guest, but for the family's, "" for none: what others type to sign in must not go to a server that somebody chose.
func (b *Bridge) AskElsewhere(ctx context.Context, account playlists.ID, family, baseURL, user, secret string) (Admission, error) {
	reach, err := b.reachOf(ctx, account)
	if err != nil {
		return Admission{}, err
	}
	now, err := b.Status(ctx, account)
	if err != nil && playlists.CodeOf(err) != playlists.NotFound {
		return Admission{}, err
	}
	switch {
	case sameHost(baseURL, family):
		reach = Anywhere
	case !sameHost(baseURL, now.URL):
		reach = PublicOnly
	}
	return b.Ask(ctx, reach, baseURL, user, secret)
}

// sameHost reports whether two addresses of music servers, as people type them, name the same host and port.
func sameHost(a, b string) bool {
	a, errA := tidyURL(a)
	b, errB := tidyURL(b)
	return errA == nil && errB == nil && hostOf(a) == hostOf(b)
}

// reachOf returns where an account's music server may stand. One who has none yet was added by an administrator.
func (b *Bridge) reachOf(ctx context.Context, account playlists.ID) (Reach, error) {
	var guest bool
	err := b.db.QueryRowContext(ctx, `SELECT guest FROM subsonic_connections WHERE account_id = $1`, account).Scan(&guest)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return Reach(guest), err
}
