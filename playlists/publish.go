package playlists

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const publicationColumns = `public_id, playlist_id, handle, token, audience, since, changed, retired`

// publicationRead are publicationColumns, the terms of a link and the cover, in a SELECT from publications.
const publicationRead = publicationColumns + `, expires, password <> '', visits, indexed,
	COALESCE((SELECT c.hash FROM covers c WHERE c.playlist_id = publications.playlist_id AND retired = 0 AND audience <> 'followers'), ''),
	COALESCE((SELECT p.cover_changed FROM playlists p WHERE p.id = publications.playlist_id), 0)`

// Publish sets who may see a playlist of an account here; Private withdraws it. The first publication, and the first
// after a withdrawal, gets a fresh handle (or token) and public id; so does a change between Link and the fediverse,
// since the two share no address. Nothing happens when the audience is already a.
func (s *Store) Publish(ctx context.Context, id ID, a Audience) (Publication, error) {
	if !a.Valid() {
		return Publication{}, noAudience(a)
	}
	var pub Publication
	err := InTx(ctx, s.db, func(tx *sql.Tx) (err error) {
		pub, err = s.publish(ctx, tx, id, a, false)
		return err
	})
	if err != nil {
		return Publication{}, fmt.Errorf("publish playlist: %w", err)
	}
	return pub, nil
}

func noAudience(a Audience) error {
	return Problemf(Invalid, nil, "%q is not an audience: use public, unlisted, followers, link or private.", CleanText(string(a), 40))
}

// publish is Publish in a transaction. agreed says that a child's guardian has said yes.
func (s *Store) publish(ctx context.Context, tx *sql.Tx, id ID, a Audience, agreed bool) (Publication, error) {
	if err := lockOwned(ctx, tx, id); err != nil {
		return Publication{}, err
	}
	p, err := current(ctx, tx, id)
	if err != nil {
		return Publication{}, err
	}
	owner, err := publisher(ctx, tx, p, a, agreed)
	if err != nil {
		return Publication{}, err
	}
	live, err := s.livePublication(ctx, tx, id)
	if err != nil {
		return Publication{}, err
	}
	switch {
	case live.Live() && live.Audience == a:
		return live, nil
	case live.Live() && live.Audience.Federated() && a.Federated():
		return live, s.changeAudience(ctx, tx, p, &live, a)
	case live.PublicID != "": // also one that has expired
		if err := s.retire(ctx, tx, p, live); err != nil {
			return Publication{}, err
		}
	}
	if a == Private {
		return Publication{Playlist: id, Audience: Private}, nil
	}
	return s.begin(ctx, tx, p, owner, a)
}

// publisher returns the account that may publish p to a.
func publisher(ctx context.Context, tx *sql.Tx, p Playlist, a Audience, agreed bool) (Account, error) {
	if p.Origin != Local {
		return Account{}, Problemf(Forbidden, nil, "%q is not yours to publish: only playlists that you own on your music server can be.", p.Name)
	}
	owner, err := scanAccount(tx.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = $1`, p.Owner))
	if err != nil {
		return Account{}, err
	}
	switch {
	case a.WiderThan(owner.MaxAudience):
		err = Problemf(Forbidden, nil, "Your account may not share as widely as that. An administrator can allow it.")
	case owner.Child && a.WiderThan(Link):
		err = Problemf(Forbidden, nil, "A child's playlist can be shared by link only.")
	case owner.Child && a == Link && !agreed:
		err = Problemf(Forbidden, nil, "A grown-up decides about this: ask first.")
	case a.Federated() && owner.Handle == "":
		err = Problemf(Invalid, nil, "Choose a public name first: others find the playlist by it.")
	}
	return owner, err
}

func (s *Store) changeAudience(ctx context.Context, tx *sql.Tx, p Playlist, pub *Publication, a Audience) error {
	pub.Audience, pub.Changed = a, s.now().UTC()
	_, err := tx.ExecContext(ctx, `UPDATE publications SET audience = $1, changed = $2 WHERE public_id = $3`, a, Millis(pub.Changed), pub.PublicID)
	if err != nil {
		return err
	}
	if !mayShowCover(a) {
		pub.Cover = ""
		if _, err := s.dropCover(ctx, tx, p.ID); err != nil {
			return err
		}
	}
	if err := dropPersonalLinks(ctx, tx, pub.PublicID); err != nil {
		return err
	}
	if a == Followers { // nobody here was approved either, and a copy may be written this moment
		if err := s.updateWants(ctx, tx, p.ID, `UPDATE wants SET granted = FALSE WHERE playlist_id = $1 AND granted AND ended = 0`, p.ID); err != nil {
			return err
		}
	}
	_, err = journal(ctx, tx, s.about(p, Widened, pub.PublicID))
	return err
}

// retire ends a publication, and for those of this bridge who follow it too: what comes in its place, perhaps at once, is
// for others to see.
func (s *Store) retire(ctx context.Context, tx *sql.Tx, p Playlist, pub Publication) error {
	now := Millis(s.now())
	if _, err := tx.ExecContext(ctx, `UPDATE publications SET retired = $1 WHERE public_id = $2`, now, pub.PublicID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE handles SET retired = $1 WHERE public_id = $2`, now, pub.PublicID); err != nil {
		return err
	}
	if _, err := s.dropCover(ctx, tx, p.ID); err != nil {
		return err
	}
	if err := dropPersonalLinks(ctx, tx, pub.PublicID); err != nil {
		return err
	}
	if err := s.updateWants(ctx, tx, p.ID, `UPDATE wants SET ended = $1 WHERE playlist_id = $2 AND mode = 'sync' AND ended = 0`, now, p.ID); err != nil {
		return err
	}
	_, err := journal(ctx, tx, s.about(p, Withdrawn, pub.PublicID))
	return err
}

func (s *Store) begin(ctx context.Context, tx *sql.Tx, p Playlist, owner Account, a Audience) (Publication, error) {
	now := s.now().UTC()
	pub := Publication{PublicID: randomText(), Playlist: p.ID, Audience: a, Since: now, Changed: now}
	if a == Link {
		pub.Token = randomText()
	} else {
		var err error
		if pub.Handle, err = freeHandle(ctx, tx, owner.Handle, p.Name, pub.PublicID, Millis(now)); err != nil {
			return Publication{}, err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO publications (`+publicationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		pub.PublicID, pub.Playlist, pub.Handle, pub.Token, pub.Audience, Millis(now), Millis(now))
	if err != nil {
		return Publication{}, err
	}
	_, err = journal(ctx, tx, s.about(p, Published, pub.PublicID))
	return pub, err
}

func (s *Store) about(p Playlist, k Kind, publicID string) Change {
	return Change{Playlist: p.ID, Revision: p.Revision, Origin: p.Origin, Kind: k, PublicID: publicID, At: s.now().UTC()}
}

// Withdraw keeps that a Remote playlist is gone from its origin. Its revisions stay.
func (s *Store) Withdraw(ctx context.Context, id ID) error {
	return InTx(ctx, s.db, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE playlists SET withdrawn = $1 WHERE id = $2 AND withdrawn = 0 AND origin = $3`, Millis(s.now()), id, Remote)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); n == 0 || err != nil {
			return err
		}
		p := Playlist{ID: id, Origin: Remote}
		if err := tx.QueryRowContext(ctx, `SELECT revision FROM playlists WHERE id = $1`, id).Scan(&p.Revision); err != nil {
			return err
		}
		_, err = journal(ctx, tx, s.about(p, Withdrawn, ""))
		return err
	})
}

// freeHandle reserves a handle made of the account's and the playlist's name.
func freeHandle(ctx context.Context, tx *sql.Tx, account, name, publicID string, now int64) (string, error) {
	for i := range 20 {
		h := playlistHandle(account, name, i)
		free, err := takeHandle(ctx, tx, h, "", publicID, now)
		if err != nil || free {
			return h, err
		}
	}
	return "", errors.New("no free handle after 20 tries")
}

// playlistHandle is the try-th suggestion: alice_roadtrip, alice_roadtrip_2, …, then with random letters.
func playlistHandle(account, name string, try int) string {
	s := slug(name)
	if s == "" || try >= 10 {
		s = randomText()[:6]
	}
	suffix := ""
	if try > 0 && try < 10 {
		suffix = fmt.Sprintf("_%d", try+1)
	}
	account = account[:min(len(account), 18)]
	room := 30 - len(account) - 1 - len(suffix)
	return account + "_" + strings.TrimRight(s[:min(len(s), room)], "_") + suffix
}

// slug keeps the Latin letters and digits of a name, without their accents; "" when there are none.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case (r == ' ' || r == '-' || r == '_') && b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.TrimRight(b.String(), "_")
}

// Publication returns how a playlist is published now; its zero value with audience Private when it is not.
func (s *Store) Publication(ctx context.Context, id ID) (Publication, error) {
	pub, err := s.livePublication(ctx, s.db, id)
	if err == nil && !pub.Live() {
		pub = Publication{Playlist: id, Audience: Private}
	}
	return pub, err
}

// PublicationByPublicID returns a publication, live or retired.
func (s *Store) PublicationByPublicID(ctx context.Context, publicID string) (Publication, error) {
	return s.publication(ctx, `public_id = $1`, publicID)
}

// PublicationByHandle returns a publication, live or retired.
func (s *Store) PublicationByHandle(ctx context.Context, handle string) (Publication, error) {
	return s.publication(ctx, `handle = $1 AND handle <> ''`, handle)
}

// PublicationByToken returns a publication for those who know its link, live or retired.
func (s *Store) PublicationByToken(ctx context.Context, token string) (Publication, error) {
	return s.publication(ctx, `token = $1 AND token <> ''`, token)
}

// Publications returns the live publications of an account, newest first, those by link too.
func (s *Store) Publications(ctx context.Context, account ID) ([]Publication, error) {
	return Collect(ctx, s.db, s.scanPublication, `SELECT `+publicationRead+` FROM publications WHERE retired = 0 AND (expires = 0 OR expires > $2)
		AND playlist_id IN (SELECT id FROM playlists WHERE owner = $1) ORDER BY since DESC, public_id`, account, Millis(s.now()))
}

func (s *Store) publication(ctx context.Context, where, value string) (Publication, error) {
	pub, err := s.scanPublication(s.db.QueryRowContext(ctx, `SELECT `+publicationRead+` FROM publications WHERE `+where, asKey(value)))
	if errors.Is(err, sql.ErrNoRows) {
		return Publication{}, Problemf(NotFound, nil, "There is no such playlist here.")
	}
	return pub, err
}

// livePublication returns a playlist's publication that was not withdrawn; it is not Live when it has expired. Its zero
// value means that there is none.
func (s *Store) livePublication(ctx context.Context, q Querier, id ID) (Publication, error) {
	pub, err := s.scanPublication(q.QueryRowContext(ctx, `SELECT `+publicationRead+` FROM publications WHERE playlist_id = $1 AND retired = 0`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Publication{}, nil
	}
	return pub, err
}

func (s *Store) scanPublication(row Scanner) (Publication, error) {
	var p Publication
	var since, changed, retired, expires, covered int64
	err := row.Scan(&p.PublicID, &p.Playlist, &p.Handle, &p.Token, &p.Audience, &since, &changed, &retired, &expires, &p.Locked, &p.Visits, &p.Indexed, &p.Cover, &covered)
	p.Since, p.Changed, p.Retired, p.CoverChanged = FromMillis(since), FromMillis(changed), FromMillis(retired), FromMillis(covered)
	if p.Expires = FromMillis(expires); p.Live() && expires != 0 && !s.now().Before(p.Expires) {
		p.Retired, p.Cover = p.Expires, "" // no job is needed for that
	}
	return p, err
}
