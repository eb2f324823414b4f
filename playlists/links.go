package playlists

import (
	"context"
	"database/sql"
	"errors"
)

// PersonalLink is the secret page of one approved follower of a playlist for followers.
type PersonalLink struct {
	Token    string // secret part of the address, of 130 bits
	PublicID string // of the publication
	Follower string // who it is for, in the terms of whoever made it
}

// PersonalLink returns the link of a follower to the page of a publication, and makes it when there is none. It is for
// the caller to know that the follower is approved.
func (s *Store) PersonalLink(ctx context.Context, publicID, follower string) (l PersonalLink, err error) {
	pub, err := s.PublicationByPublicID(ctx, publicID)
	if err != nil {
		return PersonalLink{}, err
	}
	if !pub.Live() || pub.Audience != Followers {
		return PersonalLink{}, Problemf(NotFound, nil, "There is no such playlist here.")
	}
	l = PersonalLink{PublicID: publicID, Follower: follower}
	// The audience is asked for once more with the lock of an insert: it may have changed since.
	_, err = s.db.ExecContext(ctx, `INSERT INTO personal_links (token, public_id, follower, created)
		SELECT $1, public_id, $2, CAST($3 AS BIGINT) FROM publications WHERE public_id = $4 AND retired = 0 AND audience = $5
		ON CONFLICT (public_id, follower) DO NOTHING`, randomText(), follower, Millis(s.now()), publicID, Followers)
	if err != nil {
		return PersonalLink{}, err
	}
	err = s.db.QueryRowContext(ctx, `SELECT token FROM personal_links WHERE public_id = $1 AND follower = $2`, publicID, follower).Scan(&l.Token)
	return l, err
}

// PersonalLinks returns all links to the pages of a publication, or of all for "".
func (s *Store) PersonalLinks(ctx context.Context, publicID string) ([]PersonalLink, error) {
	return Collect(ctx, s.db, func(row Scanner) (l PersonalLink, err error) {
		err = row.Scan(&l.Token, &l.PublicID, &l.Follower)
		return l, err
	}, `SELECT token, public_id, follower FROM personal_links WHERE $1 = '' OR public_id = $1 ORDER BY created, token`, publicID)
}

// RevokePersonalLink ends the link of a follower to a publication, or to all for "". q is the caller's transaction, in
// which ends what the link rests on.
func RevokePersonalLink(ctx context.Context, q Querier, publicID, follower string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM personal_links WHERE follower = $1 AND ($2 = '' OR public_id = $2)`, follower, publicID)
	return err
}

// dropPersonalLinks ends all links of a publication whose audience changes: nobody was approved for the new one.
func dropPersonalLinks(ctx context.Context, tx *sql.Tx, publicID string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM personal_links WHERE public_id = $1`, publicID)
	return err
}

// PersonalLinkByToken returns a link for those who know its token, with its publication, which is live and for
// followers. Whether its follower is still approved is the caller's to ask.
func (s *Store) PersonalLinkByToken(ctx context.Context, token string) (l PersonalLink, pub Publication, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT token, public_id, follower FROM personal_links WHERE token = $1`, asKey(token)).Scan(&l.Token, &l.PublicID, &l.Follower)
	if errors.Is(err, sql.ErrNoRows) {
		return l, pub, Problemf(NotFound, nil, "There is no such playlist here.")
	}
	if err != nil {
		return l, pub, err
	}
	pub, err = s.PublicationByPublicID(ctx, l.PublicID)
	if err == nil && (!pub.Live() || pub.Audience != Followers) {
		err = Problemf(NotFound, nil, "There is no such playlist here.")
	}
	return l, pub, err
}
