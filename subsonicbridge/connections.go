package subsonicbridge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// ConnectionStatus is how an account's music server is doing.
type ConnectionStatus struct {
	URL         string
	User        string
	Server      Server
	Connected   time.Time
	LastPoll    time.Time // the last that went well; zero before the first
	NextPoll    time.Time
	LastError   playlists.Sentence // zero when all is well
	Paused      bool               // the login has been refused for so long that nothing of the account is updated
	Reach       Reach
	SignInName  string // what its person signs in here by
	Songs       int    // of the library, as last read
	LibraryRead time.Time
	Missing     []MissingPlaylist
}

// MissingPlaylist is a playlist that the music server does not show any more. After a day its publication ends.
type MissingPlaylist struct {
	ID    playlists.ID
	Name  string
	Since time.Time
}

// connection is an account's music server, signed in.
type connection struct {
	account playlists.ID
	server  string // serverOf the account, then
	user    string
	client  *Client
	policy  match.Policy
}

// Connect signs in to a music server, and keeps the login, sealed, as the account's. It replaces an earlier
// connection. secret is not kept where the server takes something derived from it.
func (b *Bridge) Connect(ctx context.Context, account playlists.ID, baseURL, user, secret string) (Server, error) {
	if _, err := b.store.Account(ctx, account); err != nil {
		return Server{}, err
	}
	a, err := b.AskAgain(ctx, account, baseURL, user, secret)
	if err != nil {
		return Server{}, err
	}
	return a.Server, b.Keep(ctx, account, a)
}

func sealLabel(account playlists.ID) string { return "subsonic:" + string(account) }

// forgetOtherServer drops every id of the account's earlier server or user, if that was another one: there the same id
// may mean something else. Playlists and lists are found again by their content and their mark.
func (b *Bridge) forgetOtherServer(ctx context.Context, tx *sql.Tx, account playlists.ID, now Login) error {
	var url, user string
	err := tx.QueryRowContext(ctx, `SELECT url, username FROM subsonic_connections WHERE account_id = $1`, account).Scan(&url, &user)
	if errors.Is(err, sql.ErrNoRows) || err == nil && url == now.URL && user == now.User {
		return nil
	}
	if err != nil {
		return err
	}
	return playlists.ExecEach(ctx, tx, account,
		`UPDATE subsonic_playlists SET server_id = '', listing = '' WHERE account_id = $1`,
		`UPDATE subsonic_mirrors SET server_id = '', temp_name = '', retired_id = '' WHERE account_id = $1`,
		`DELETE FROM subsonic_libraries WHERE account_id = $1`,
	)
}

// connect returns the account's connection.
func (b *Bridge) connect(ctx context.Context, account playlists.ID) (connection, error) {
	var sealed []byte
	var server string
	var policy match.Policy
	var guest bool
	err := b.db.QueryRowContext(ctx, `SELECT c.login, c.policy, c.guest, `+serverOf+` FROM subsonic_connections c WHERE c.account_id = $1`, account).
		Scan(&sealed, &policy, &guest, &server)
	if errors.Is(err, sql.ErrNoRows) {
		return connection{}, notConnected()
	}
	if err != nil {
		return connection{}, err
	}
	plain, err := b.key.Open(sealed, sealLabel(account))
	if err != nil {
		return connection{}, playlists.Problemf(playlists.Unavailable, err, "The saved login of your music server cannot be read. Connect it again.")
	}
	var l Login
	if err := json.Unmarshal(plain, &l); err != nil {
		return connection{}, errors.New("a saved login is damaged") // the cause could quote it
	}
	return connection{account: account, server: server, user: l.User, client: NewClient(l, b.client(Reach(guest))), policy: policy}, nil
}

// CheckKey fails when the saved logins are sealed with another key than this bridge has.
func (b *Bridge) CheckKey(ctx context.Context) error {
	var account playlists.ID
	var sealed []byte
	err := b.db.QueryRowContext(ctx, `SELECT account_id, login FROM subsonic_connections ORDER BY account_id LIMIT 1`).Scan(&account, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := b.key.Open(sealed, sealLabel(account)); err != nil {
		return playlists.Problemf(playlists.Invalid, err,
			"The key file does not belong to this database: it opens none of the saved logins. Put the right one back, or restore a backup.")
	}
	return nil
}

// serverOf names the music server, and the user there, of a row c of subsonic_connections.
const serverOf = `c.url || ' ' || c.username`

// holds fails when the account has moved to another server.
func (c connection) holds(ctx context.Context, q playlists.Querier) error {
	var now string
	err := q.QueryRowContext(ctx, `SELECT `+serverOf+` FROM subsonic_connections c WHERE c.account_id = $1`, c.account).Scan(&now)
	if err == nil && now != c.server {
		err = moved()
	}
	return err
}

// moved is the error for what was done at a server that is the account's no more.
func moved() error {
	return playlists.Problemf(playlists.Unavailable, nil, "The account has moved to another music server meanwhile. It will be tried again there.")
}

func notConnected() error {
	return playlists.Problemf(playlists.NotFound, nil, "This account has no music server yet. Connect one first.")
}

// Ping signs in to an account's music server, as it is connected.
func (b *Bridge) Ping(ctx context.Context, account playlists.ID) error {
	c, err := b.connect(ctx, account)
	if err != nil {
		return err
	}
	_, err = c.client.Ping(ctx)
	return err
}

// Status tells how an account's music server is doing, without asking the server.
func (b *Bridge) Status(ctx context.Context, account playlists.ID) (ConnectionStatus, error) {
	var s ConnectionStatus
	var server string
	var connected, polled, due, refused, read int64
	var guest bool
	err := b.db.QueryRowContext(ctx, `SELECT c.url, c.username, c.server, c.connected, c.polled, c.due, c.last_error, c.guest, c.refused,
			COALESCE(l.songs, 0), COALESCE(l.read_at, 0)
		FROM subsonic_connections c LEFT JOIN subsonic_libraries l ON l.account_id = c.account_id WHERE c.account_id = $1`, account).
		Scan(&s.URL, &s.User, &server, &connected, &polled, &due, &s.LastError, &guest, &refused, &s.Songs, &read)
	if errors.Is(err, sql.ErrNoRows) {
		return ConnectionStatus{}, notConnected()
	}
	if err != nil {
		return ConnectionStatus{}, err
	}
	s.Reach, s.SignInName = Reach(guest), signInName(s.URL, s.User, Reach(guest))
	s.Paused = isPaused(playlists.FromMillis(refused), b.now())
	s.Connected, s.LastPoll = playlists.FromMillis(connected), playlists.FromMillis(polled)
	s.NextPoll, s.LibraryRead = playlists.FromMillis(due), playlists.FromMillis(read)
	if err := json.Unmarshal([]byte(server), &s.Server); err != nil {
		return ConnectionStatus{}, err
	}
	s.Missing, err = playlists.Collect(ctx, b.db, scanMissing, `SELECT playlist_id, name, missing_since FROM subsonic_playlists
		WHERE account_id = $1 AND missing_since > 0 ORDER BY name, playlist_id`, account)
	return s, err
}

func scanMissing(row playlists.Scanner) (MissingPlaylist, error) {
	var m MissingPlaylist
	var since int64
	err := row.Scan(&m.ID, &m.Name, &since)
	m.Since = playlists.FromMillis(since)
	return m, err
}
