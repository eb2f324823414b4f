package web

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	knownTime     = 180 * 24 * time.Hour // how long a browser is known after a sign-in
	maxKnown      = 20                   // browsers of one account, the last ones
	maxKnownTo    = 4                    // accounts that one browser is known to, the last ones
	knownDivision = "."                  // between the tokens in a cookie; none has it
)

// known is that a browser holds a token that it was given when somebody signed in there.
type known struct {
	token   string
	account playlists.ID
}

// knownHere returns the account that a name means, if the browser is known to it. A name that may mean several people lets
// nobody try more often: one of them could try the passwords of another.
func (s *site) knownHere(r *http.Request, name string) (playlists.ID, error) {
	held, err := s.known(r)
	if err != nil || len(held) == 0 {
		return "", err
	}
	also, err := s.alsoCalled(r.Context(), name)
	if err != nil {
		return "", err
	}
	meant, err := s.Music.Meant(r.Context(), name, also)
	if err != nil || len(meant) != 1 || !slices.ContainsFunc(held, func(k known) bool { return k.account == meant[0] }) {
		return "", err
	}
	return meant[0], nil
}

// knownCookie is the name of the cookie in which a browser holds its tokens.
func (s *site) knownCookie() string { return s.sessions.Cookie.Name + "-known" }

// known returns to whom a browser is known, the last who signed in first.
func (s *site) known(r *http.Request) (held []known, err error) {
	c, err := r.Cookie(s.knownCookie())
	if err != nil {
		return nil, nil // there is none
	}
	tokens := strings.SplitN(c.Value, knownDivision, maxKnownTo+1)
	for _, token := range tokens[:min(len(tokens), maxKnownTo)] {
		k := known{token: token}
		err := s.DB.QueryRowContext(r.Context(), `SELECT account_id FROM known_browsers WHERE token = $1 AND expires > $2`,
			hashed(token), playlists.Millis(s.Now())).Scan(&k.account)
		switch {
		case err == nil:
			held = append(held, k)
		case !errors.Is(err, sql.ErrNoRows):
			return nil, err
		}
	}
	return held, nil
}

// remember makes a browser known to an account. It holds another token after each sign-in, beside those of others who sign in
// there.
func (s *site) remember(w http.ResponseWriter, r *http.Request, account playlists.ID) error {
	held, err := s.known(r)
	if err != nil {
		return err
	}
	fresh := rand.Text()
	tokens := []string{fresh}
	var old []string
	for _, k := range held {
		if k.account == account {
			old = append(old, k.token)
		} else if len(tokens) < maxKnownTo {
			tokens = append(tokens, k.token)
		}
	}
	if err := s.keepKnown(r.Context(), account, fresh, old); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.knownCookie(), Value: strings.Join(tokens, knownDivision), MaxAge: int(knownTime / time.Second),
		Path: "/", Secure: s.isHTTPS(r), HttpOnly: true, SameSite: http.SameSiteLaxMode, // as the session's
	})
	return nil
}

// keepKnown keeps a token of an account in the place of old ones. The oldest of too many goes.
func (s *site) keepKnown(ctx context.Context, account playlists.ID, fresh string, old []string) error {
	return playlists.InTx(ctx, s.DB, func(tx *sql.Tx) error {
		for _, token := range old {
			if _, err := tx.ExecContext(ctx, `DELETE FROM known_browsers WHERE token = $1`, hashed(token)); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO known_browsers (token, account_id, expires) VALUES ($1, $2, $3)`,
			hashed(fresh), account, playlists.Millis(s.Now().Add(knownTime)))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM known_browsers WHERE account_id = $1 AND token NOT IN (
			SELECT token FROM known_browsers WHERE account_id = $1 ORDER BY expires DESC, token LIMIT $2)`, account, maxKnown)
		return err
	})
}
