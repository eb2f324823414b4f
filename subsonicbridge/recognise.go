package subsonicbridge

import (
	"context"
	"errors"
	"slices"
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
	reach    Reach
	attempts int
}

// Recognise returns the account whose music server lets a person in. name is what they are called there, for a guest
// with the server's host; also may name an account whose person gave another name for themselves. Where the login that is
// kept has stopped working, because they changed their password, it is renewed. The problem is Forbidden when no server
// lets them in, Unavailable when one could not be asked; the error is Unauthorized too when another refused the password.
func (b *Bridge) Recognise(ctx context.Context, name, secret string, also playlists.ID) (playlists.ID, error) {
	all, err := b.candidates(ctx, strings.TrimSpace(name), also)
	if err != nil {
		return "", err
	}
	var unavailable, refused error
	for _, c := range all {
		_, _, err := SignIn(ctx, b.client(c.reach), c.url, c.user, secret)
		if err == nil {
			return c.account, b.renew(ctx, c, secret)
		}
		var bare *APIError // the sentence that goes with it names the server, and who asks may be anybody
		if Unauthorized(err) && errors.As(err, &bare) {
			refused = bare
		} else {
			unavailable = err
		}
	}
	if unavailable != nil {
		return "", errors.Join(unavailable, refused)
	}
	return "", playlists.Problemf(playlists.Forbidden, refused,
		"The name or the password is not right. They are those of your music server. If you came by an invitation, write its address too: bob@navidrome.example.")
}

// Meant returns the accounts that somebody who signs in by a name may mean; see Recognise.
func (b *Bridge) Meant(ctx context.Context, name string, also playlists.ID) (accounts []playlists.ID, err error) {
	all, err := b.candidates(ctx, strings.TrimSpace(name), also)
	for _, c := range all {
		accounts = append(accounts, c.account)
	}
	return accounts, err
}

// Named returns the one account that has a name on a music server, else also, for those who need not prove who they are.
// It is never a guest's: guests choose their server, and their name there, themselves.
func (b *Bridge) Named(ctx context.Context, name string, also playlists.ID) (playlists.ID, error) {
	all, err := b.candidates(ctx, name, also)
	if err != nil {
		return "", err
	}
	all = slices.DeleteFunc(all, func(c candidate) bool { return c.reach == PublicOnly })
	if called := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !strings.EqualFold(c.user, name) }); len(called) > 0 {
		all = called
	}
	if len(all) != 1 {
		return "", playlists.Problemf(playlists.NotFound, nil, "Nobody here, or more than one, is called %q.", playlists.CleanText(name, 40))
	}
	return all[0].account, nil
}

func (b *Bridge) candidates(ctx context.Context, name string, also playlists.ID) ([]candidate, error) {
	user := name
	if at := strings.LastIndex(name, "@"); at > 0 {
		user = name[:at]
	}
	all, err := playlists.Collect(ctx, b.db, func(row playlists.Scanner) (c candidate, err error) {
		var guest bool
		err = row.Scan(&c.account, &c.url, &c.user, &guest, &c.attempts)
		c.reach = Reach(guest)
		return c, err
	}, `SELECT account_id, url, username, guest, attempts FROM subsonic_connections
		WHERE LOWER(username) IN (LOWER($1), LOWER($2)) OR account_id = $3 ORDER BY connected`, name, user, also)
	all = slices.DeleteFunc(all, func(c candidate) bool { return !c.meant(name, also) })
	return all[:min(len(all), maxRecognised)], err
}

func (c candidate) meant(name string, also playlists.ID) bool {
	if c.reach == PublicOnly {
		return meansGuest(name, c.user, hostOf(c.url))
	}
	return c.account == also || strings.EqualFold(c.user, name)
}

// renew keeps a secret that works in the place of a login that does not.
func (b *Bridge) renew(ctx context.Context, c candidate, secret string) error {
	if c.attempts == 0 {
		return nil
	}
	_, err := b.Connect(ctx, c.account, c.url, c.user, secret)
	return err
}
