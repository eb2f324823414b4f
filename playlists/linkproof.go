package playlists

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"
)

// LinkProof returns what shows, until then, that its holder knew the password of a link: nothing that can be made without
// what is kept of the password, and worthless once there is another one.
func (s *Store) LinkProof(ctx context.Context, token string, until time.Time) (string, error) {
	pub, err := s.PublicationByToken(ctx, token)
	if err != nil {
		return "", err
	}
	var hash string
	if err := s.db.QueryRowContext(ctx, `SELECT password FROM publications WHERE public_id = $1`, pub.PublicID).Scan(&hash); err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(hash))
	mac.Write([]byte(pub.PublicID + " " + strconv.FormatInt(until.Unix(), 10))) // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}
