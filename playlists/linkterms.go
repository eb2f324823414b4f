package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"
)

// LinkTerms are the terms of a playlist that is shared by link.
type LinkTerms struct {
	Expires  time.Time // from then on the link leads to nothing; zero: it does not expire
	Password *string   // what the page asks for, at most MaxPassword bytes; nil keeps the one there is, "" asks nothing
}

// MaxPassword bounds a password, in bytes: bcrypt reads no more.
const MaxPassword = 72

// SetLinkTerms sets the terms of a playlist that is shared by link now.
func (s *Store) SetLinkTerms(ctx context.Context, id ID, t LinkTerms) (pub Publication, err error) {
	if !t.Expires.IsZero() && !t.Expires.After(s.now()) {
		return pub, Problemf(Invalid, nil, "That day has passed already. Choose a later one, or stop sharing the playlist.")
	}
	hash, err := passwordHash(t.Password)
	if err != nil {
		return pub, err
	}
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		if pub, err = s.lockLink(ctx, tx, id); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE publications SET expires = $1, password = CASE WHEN $2 THEN password ELSE $3 END WHERE public_id = $4`,
			Millis(t.Expires), t.Password == nil, hash, pub.PublicID)
		if err != nil {
			return err
		}
		pub, err = s.livePublication(ctx, tx, id)
		return err
	})
	if err != nil {
		return Publication{}, fmt.Errorf("set terms of link: %w", err)
	}
	return pub, nil
}

// NewLink gives a playlist that is shared by link another one, of the same terms. The old one is gone for all who have
// it, those too who follow it from this bridge.
func (s *Store) NewLink(ctx context.Context, id ID) (pub Publication, err error) {
	err = InTx(ctx, s.db, func(tx *sql.Tx) error {
		old, err := s.lockLink(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := current(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.retire(ctx, tx, p, old); err != nil {
			return err
		}
		if pub, err = s.begin(ctx, tx, p, Account{}, Link); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE publications SET expires = $1, password = (SELECT o.password FROM publications o WHERE o.public_id = $2)
			WHERE public_id = $3`, Millis(old.Expires), old.PublicID, pub.PublicID)
		pub.Expires, pub.Locked = old.Expires, old.Locked
		return err
	})
	if err != nil {
		return Publication{}, fmt.Errorf("make new link: %w", err)
	}
	return pub, nil
}

// lockLink returns a playlist's live publication by link, and keeps other transactions about it waiting.
func (s *Store) lockLink(ctx context.Context, tx *sql.Tx, id ID) (Publication, error) {
	if err := lock(ctx, tx, id); err != nil {
		return Publication{}, err
	}
	pub, err := s.livePublication(ctx, tx, id)
	if err == nil && (!pub.Live() || pub.Audience != Link) {
		err = Problemf(Invalid, nil, "This playlist is not shared by link. Share it by link first.")
	}
	return pub, err
}

// CheckLinkPassword reports whether password opens the page behind a link; any does when the page asks for none. It takes
// a few hundredths of a second of a processor: who asks for strangers limits how often.
func (s *Store) CheckLinkPassword(ctx context.Context, token, password string) (bool, error) {
	pub, err := s.PublicationByToken(ctx, token)
	if err != nil {
		return false, err
	}
	if !pub.Live() {
		return false, Problemf(Gone, nil, "This playlist is no longer shared.")
	}
	var hash string
	if err := s.db.QueryRowContext(ctx, `SELECT password FROM publications WHERE public_id = $1`, pub.PublicID).Scan(&hash); err != nil || hash == "" {
		return hash == "", err
	}
	typed := normalPassword(password)
	if len(typed) > MaxPassword {
		return false, nil
	}
	err = bcrypt.CompareHashAndPassword([]byte(hash), typed)
	if errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		return false, nil
	}
	return err == nil, err
}

// CountVisit counts that somebody looked at the page behind a link.
func (s *Store) CountVisit(ctx context.Context, token string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE publications SET visits = visits + 1 WHERE token = $1 AND token <> '' AND retired = 0`, asKey(token))
	return err
}

// passwordHash returns what is kept of a password, "" for none.
func passwordHash(password *string) (string, error) {
	if password == nil || *password == "" {
		return "", nil
	}
	b := normalPassword(*password)
	if len(b) > MaxPassword {
		return "", Problemf(Invalid, nil, "That password is too long. Use at most %d letters, fewer if they have accents.", MaxPassword)
	}
	hash, err := bcrypt.GenerateFromPassword(b, bcrypt.DefaultCost)
	return string(hash), err
}

// normalPassword makes letters with accents the same on every keyboard. A long one is cut to what is too long still.
func normalPassword(s string) []byte {
	return norm.NFC.Bytes([]byte(s[:min(len(s), 4*MaxPassword)]))
}

// expireLinks ends the publications whose time is over, for those who read the journal. Nobody sees them since it was.
func (s *Store) expireLinks(ctx context.Context) error {
	over, err := Collect(ctx, s.db, scanID, `SELECT playlist_id FROM publications WHERE expires > 0 AND expires <= $1 AND retired = 0 LIMIT 1000`, Millis(s.now()))
	if err != nil {
		return err
	}
	for _, id := range over {
		err := InTx(ctx, s.db, func(tx *sql.Tx) error {
			if err := lock(ctx, tx, id); err != nil {
				return err
			}
			pub, err := s.livePublication(ctx, tx, id)
			if err != nil || pub.PublicID == "" || pub.Live() {
				return err
			}
			p, err := current(ctx, tx, id)
			if err != nil {
				return err
			}
			return s.retire(ctx, tx, p, pub)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
