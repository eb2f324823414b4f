package web

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/songferry/songferry/playlists"
)

// sessionTime is how long a browser stays signed in.
const sessionTime = 30 * 24 * time.Hour

// What a session holds.
const (
	sessionAccount = "account" // ID of who is signed in
	sessionSince   = "since"   // when they signed in, unix milliseconds
	sessionNews    = "news"    // what the next page says first
)

// newSessions returns the keeper of sessions. Only a hash of what a browser holds is kept.
func newSessions(c Config) *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{c.DB, c.Now}
	m.HashTokenInStore = true
	m.Lifetime = sessionTime
	m.Cookie.Name = cookieName(c)
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode // a link from elsewhere finds the visitor signed in, a form from elsewhere does not
	return m
}

// safeSessions is the same keeper, whose cookies browsers send by HTTPS only.
func safeSessions(m *scs.SessionManager) *scs.SessionManager {
	safe := *m
	safe.Cookie.Secure = true
	return &safe
}

// cookieName tells bridges on several ports of one host apart, which browsers do not.
func cookieName(c Config) string {
	const name = "songferry"
	base := c.Fed.Origin()
	if base == nil || base.Port() == "" {
		return name
	}
	return name + "-" + base.Port()
}

// sessionStore keeps sessions in the database (scs.CtxStore).
type sessionStore struct {
	db  *sql.DB
	now func() time.Time
}

// FindCtx returns a session that has not expired, and that its person has not ended.
func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT data FROM sessions WHERE token = $1 AND expires > $2
		AND NOT EXISTS (SELECT 1 FROM sign_outs o WHERE o.account_id = sessions.account_id AND o.at >= sessions.since)`, token, playlists.Millis(s.now())).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx keeps a session, and beside it what all of a person's are found by.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	account, _ := values[sessionAccount].(string) // nobody's, where it is missing
	since, _ := values[sessionSince].(int64)
	_, err = s.db.ExecContext(ctx, `INSERT INTO sessions (token, data, expires, account_id, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires = excluded.expires, account_id = excluded.account_id, since = excluded.since`,
		token, data, playlists.Millis(expiry), account, since)
	return err
}

// DeleteCtx ends a session.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM sessions WHERE token = $1`, token)
	return err
}

// Find, Commit and Delete are what scs.Store asks for; scs never calls them on a store that takes a context.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// signOutEverywhere ends all sessions of an account. No browser is known to it then: one may have been stolen.
func (s *site) signOutEverywhere(ctx context.Context, account playlists.ID) error {
	if _, err := s.DB.ExecContext(ctx, `DELETE FROM known_browsers WHERE account_id = $1`, account); err != nil {
		return err
	}
	_, err := s.DB.ExecContext(ctx, `INSERT INTO sign_outs (account_id, at) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET at = excluded.at`,
		account, playlists.Millis(s.Now()))
	return err
}
