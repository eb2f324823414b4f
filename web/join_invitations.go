package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	invitationTime = 7 * 24 * time.Hour
	maxInvitations = 50 // that are open at a time
)

// invitation is that an administrator lets one person in.
type invitation struct {
	ID      playlists.ID
	By      playlists.ID // the administrator
	ForWhom string       // as the administrator noted
	Home    bool         // the person's music server may stand in the home network
	Expires time.Time
}

const invitationColumns = `id, invited_by, for_whom, home, expires`

func scanInvitation(row playlists.Scanner) (i invitation, err error) {
	var expires int64
	err = row.Scan(&i.ID, &i.By, &i.ForWhom, &i.Home, &expires)
	i.Expires = playlists.FromMillis(expires)
	return i, err
}

// invite keeps a new invitation, and returns the secret of its link, of which only a hash is kept.
func (s *site) invite(ctx context.Context, i invitation) (secret string, err error) {
	open, err := s.invitations(ctx)
	if err != nil {
		return "", err
	}
	if len(open) >= maxInvitations {
		return "", playlists.Problemf(playlists.Invalid, nil, "%d invitations are open. Take back those that nobody will use.", len(open))
	}
	secret = rand.Text()
	_, err = s.DB.ExecContext(ctx, `INSERT INTO invitations (`+invitationColumns+`, token, used) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		playlists.NewID(), i.By, i.ForWhom, i.Home, playlists.Millis(s.Now().Add(invitationTime)), hashed(secret))
	return secret, err
}

// hashed is what is kept of a secret. It has 128 random bits, so no slow hash is needed.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// invitations returns those that are open, the next to expire first.
func (s *site) invitations(ctx context.Context) ([]invitation, error) {
	return playlists.Collect(ctx, s.DB, scanInvitation, `SELECT `+invitationColumns+` FROM invitations WHERE used = 0 AND expires > $1
		ORDER BY expires, id`, playlists.Millis(s.Now()))
}

// invitation returns the open one that a secret belongs to.
func (s *site) invitation(ctx context.Context, secret string) (invitation, error) {
	return openInvitation(s.DB.QueryRowContext(ctx, `SELECT `+invitationColumns+` FROM invitations WHERE token = $1 AND used = 0 AND expires > $2`,
		hashed(secret), playlists.Millis(s.Now())))
}

func openInvitation(row *sql.Row) (invitation, error) {
	i, err := scanInvitation(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = invitationOver()
	}
	return i, err
}

func invitationOver() error {
	return playlists.Problemf(playlists.Gone, nil, "This invitation was used already, taken back, or is too old. Ask for another. If it was you who used it, sign in.")
}

// takeInvitation uses an open invitation up: of two who come at once, one.
func (s *site) takeInvitation(ctx context.Context, secret string) (invitation, error) {
	return openInvitation(s.DB.QueryRowContext(ctx, `UPDATE invitations SET used = $1 WHERE token = $2 AND used = 0 AND expires > $1 RETURNING `+invitationColumns,
		playlists.Millis(s.Now()), hashed(secret)))
}

// giveBack opens an invitation again that came to nothing.
func (s *site) giveBack(ctx context.Context, id playlists.ID) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE invitations SET used = 0 WHERE id = $1`, id)
	return err
}

// takeBack makes an open invitation worth nothing.
func (s *site) takeBack(ctx context.Context, id playlists.ID) error {
	_, err := s.DB.ExecContext(ctx, `DELETE FROM invitations WHERE id = $1 AND used = 0`, id)
	return err
}
