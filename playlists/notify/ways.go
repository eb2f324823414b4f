package notify

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Way is where an account is told its notices, as its owner sees it.
type Way struct {
	Kind    playlists.Way
	Address string
	Secret  string             // Webhook: what its messages are signed with. Ntfy: the access token, "" for none
	Problem playlists.Sentence // why nothing arrives; zero when all is well
	Worked  time.Time          // when something arrived last; zero: never
	Failing time.Time          // since when nothing arrives; zero: it does
}

// way is its row.
type way struct {
	account                playlists.ID
	kind                   playlists.Way
	address, secret        string
	since, failing, worked time.Time
	attempts               int
	lease                  int64 // as long as it stands, the outcome is ours to keep
	problem                playlists.Sentence
}

const wayColumns = `account_id, way, address, secret, since, attempts, failing, problem, worked`

func label(account playlists.ID, kind playlists.Way, what string) string {
	return "way:" + string(account) + ":" + string(kind) + ":" + what
}

// scan reads a row and opens what is sealed.
func (n *Notifier) scan(row playlists.Scanner) (w way, err error) {
	var since, failing, worked int64
	var address, secret []byte
	if err := row.Scan(&w.account, &w.kind, &address, &secret, &since, &w.attempts, &failing, &w.problem, &worked); err != nil {
		return w, err
	}
	w.since, w.failing, w.worked = playlists.FromMillis(since), playlists.FromMillis(failing), playlists.FromMillis(worked)
	plain, err := n.Key.Open(address, label(w.account, w.kind, "address"))
	if err != nil {
		return w, err
	}
	w.address = string(plain)
	plain, err = n.Key.Open(secret, label(w.account, w.kind, "secret"))
	w.secret = string(plain)
	return w, err
}

// Ways returns where an account is told its notices, beside the fediverse.
func (n *Notifier) Ways(ctx context.Context, account playlists.ID) (all []Way, err error) {
	rows, err := playlists.Collect(ctx, n.DB, n.scan, `SELECT `+wayColumns+` FROM ways WHERE account_id = $1 ORDER BY way`, account)
	for _, w := range rows {
		all = append(all, Way{w.kind, w.address, w.secret, w.problem, w.worked, w.failing})
	}
	return all, err
}

// SetWebhook has an account's notices POSTed to an address. What signs them stays when the address changes.
func (n *Notifier) SetWebhook(ctx context.Context, account playlists.ID, address string) error {
	u, err := readAddress(address)
	if err != nil {
		return err
	}
	secret, err := n.secretOf(ctx, account)
	if err != nil {
		return err
	}
	return n.keep(ctx, account, playlists.Webhook, u.String(), secret)
}

// secretOf returns what an account's webhooks are signed with, or makes it.
func (n *Notifier) secretOf(ctx context.Context, account playlists.ID) (string, error) {
	w, err := n.scan(n.DB.QueryRowContext(ctx, `SELECT `+wayColumns+` FROM ways WHERE account_id = $1 AND way = $2`, account, playlists.Webhook))
	if !errors.Is(err, sql.ErrNoRows) {
		return w.secret, err
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	return "whsec_" + base64.StdEncoding.EncodeToString(secret), nil
}

// SetNtfy has an account's notices published to a topic. The access token may be "".
func (n *Notifier) SetNtfy(ctx context.Context, account playlists.ID, address, token string) error {
	u, err := readTopic(address)
	if err != nil {
		return err
	}
	if token, err = readToken(token); err != nil {
		return err
	}
	return n.keep(ctx, account, playlists.Ntfy, u.String(), token)
}

// keep keeps a way from now on: what was to be told before is not told there.
func (n *Notifier) keep(ctx context.Context, account playlists.ID, kind playlists.Way, address, secret string) error {
	if _, err := n.Store.Account(ctx, account); err != nil {
		return err
	}
	_, err := n.DB.ExecContext(ctx, `INSERT INTO ways (`+wayColumns+`, due, lease, tested) VALUES ($1, $2, $3, $4, $5, 0, 0, '', 0, 0, 0, 0)
		ON CONFLICT (account_id, way) DO UPDATE SET address = excluded.address, secret = excluded.secret, since = excluded.since,
		attempts = 0, failing = 0, problem = '', worked = 0, due = 0`,
		account, kind, n.Key.Seal([]byte(address), label(account, kind, "address")), n.Key.Seal([]byte(secret), label(account, kind, "secret")),
		playlists.Millis(n.Now()))
	return err
}

// Remove ends a way.
func (n *Notifier) Remove(ctx context.Context, account playlists.ID, kind playlists.Way) error {
	r, err := n.DB.ExecContext(ctx, `DELETE FROM ways WHERE account_id = $1 AND way = $2`, account, kind)
	if err != nil {
		return err
	}
	if gone, err := r.RowsAffected(); gone > 0 || err != nil {
		return err
	}
	return noWay()
}

func noWay() error {
	return playlists.Problemf(playlists.NotFound, nil, "Nothing is sent that way.")
}

// Forget deletes all that is kept here of an account. It may be repeated.
func (n *Notifier) Forget(ctx context.Context, account playlists.ID) error {
	return playlists.InTx(ctx, n.DB, func(tx *sql.Tx) error {
		return playlists.ExecEach(ctx, tx, account, `DELETE FROM ways WHERE account_id = $1`, `DELETE FROM email_codes WHERE account_id = $1`)
	})
}
