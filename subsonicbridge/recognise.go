package subsonicbridge

import (
	"context"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// maxRecognised is how many accounts may be tried for one name: each costs a question to a music server.
const maxRecognised = 5

// candidate is an account that may be the one of somebody who signs in.
type candidate struct {
	account  playlists.ID
	url      string
	user     string
	attempts int
}

// Recognise returns the account whose music server lets a person in. name is what they are called there; also may name
// an account whose person gave another name for themselves. Where the login that is kept has stopped working, because
// they changed their password, it is renewed. The problem is Forbidden when no server lets them in.
func (b *Bridge) Recognise(ctx context.Context, name, secret string, also playlists.ID) (playlists.ID, error) {
	all, err := b.candidates(ctx, strings.TrimSpace(name), also)
	if err != nil {
		return "", err
	}
	var unavailable error
	for _, c := range all {
		_, _, err := SignIn(ctx, b.http, c.url, c.user, secret)
		if err == nil {
			return c.account, b.renew(ctx, c, secret)
		}
		if !Unauthorized(err) {
			unavailable = err
		}
	}
	if unavailable != nil {
		return "", unavailable
	}
	return "", playlists.Problemf(playlists.Forbidden, nil, "The name or the password is not right. They are those of your music server.")
}

func (b *Bridge) candidates(ctx context.Context, name string, also playlists.ID) ([]candidate, error) {
	return playlists.Collect(ctx, b.db, func(row playlists.Scanner) (c candidate, err error) {
		err = row.Scan(&c.account, &c.url, &c.user, &c.attempts)
		return c, err
	}, `SELECT account_id, url, username, attempts FROM subsonic_connections WHERE LOWER(username) = LOWER($1) OR account_id = $2
		ORDER BY connected LIMIT $3`, name, also, maxRecognised)
}

// renew keeps a secret that works in the place of a login that does not.
func (b *Bridge) renew(ctx context.Context, c candidate, secret string) error {
	if c.attempts == 0 {
		return nil
	}
	_, err := b.Connect(ctx, c.account, c.url, c.user, secret)
	return err
}

// Ask signs in to a music server without keeping anything, and returns what it says about itself.
func (b *Bridge) Ask(ctx context.Context, baseURL, user, secret string) (Server, error) {
	_, server, err := SignIn(ctx, b.http, baseURL, user, secret)
	return server, err
}
