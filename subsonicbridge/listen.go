package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/songferry/songferry/playlists"
)

// ListenTime is how long a page to listen on stays, before its owner is asked again.
const ListenTime = 90 * 24 * time.Hour

// maxShareURL bounds an address that a music server gives, in bytes.
const maxShareURL = 1_000

// Listen is a page of the owner's music server on which a playlist can be heard. The bridge carries no sound.
type Listen struct {
	Address string // "" when there is none
	Expires time.Time
}

// OfferListening makes the music server share a playlist that its owner publishes, for ListenTime (createShare, Subsonic
// API 1.6; of the servers known to us only Navidrome has it, where it is switched on). Anew, it replaces the page before. It
// is for those who may see the playlist now: see Listening.
func (b *Bridge) OfferListening(ctx context.Context, account playlists.ID, pub playlists.Publication) (Listen, error) {
	id, err := b.serverIDOf(ctx, account, pub.Playlist)
	if err != nil {
		return Listen{}, err
	}
	if err := b.StopListening(ctx, pub.Playlist); err != nil {
		return Listen{}, err
	}
	conn, err := b.connect(ctx, account)
	if err != nil {
		return Listen{}, err
	}
	l := Listen{Expires: b.now().Add(ListenTime).UTC()}
	share, err := conn.client.createShare(ctx, id, l.Expires)
	if err != nil {
		return Listen{}, err
	}
	l.Address = string(share.URL)
	_, err = b.db.ExecContext(ctx, `INSERT INTO subsonic_listens (playlist_id, account_id, publication, audience, share_id, url, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (playlist_id) DO UPDATE SET publication = excluded.publication,
			audience = excluded.audience, share_id = excluded.share_id, url = excluded.url, expires = excluded.expires`,
		pub.Playlist, account, pub.PublicID, pub.Audience, string(share.ID), l.Address, playlists.Millis(l.Expires))
	return l, err
}

// Listening returns where a playlist can be heard at present. The owner's yes holds for the publication and the audience
// that they said it for, and for no other.
func (b *Bridge) Listening(ctx context.Context, pub playlists.Publication) (l Listen, err error) {
	var expires int64
	err = b.db.QueryRowContext(ctx, `SELECT url, expires FROM subsonic_listens WHERE playlist_id = $1 AND publication = $2 AND audience = $3 AND expires > $4`,
		pub.Playlist, pub.PublicID, pub.Audience, playlists.Millis(b.now())).Scan(&l.Address, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return Listen{}, nil
	}
	l.Expires = playlists.FromMillis(expires)
	return l, err
}

// ReviseListening ends a playlist's page if it is not published any more as it was when its owner said yes.
func (b *Bridge) ReviseListening(ctx context.Context, playlist playlists.ID) error {
	pub, err := b.store.Publication(ctx, playlist)
	if err != nil && playlists.CodeOf(err) != playlists.NotFound {
		return err
	}
	l, err := b.Listening(ctx, pub)
	if err != nil || pub.Live() && l.Address != "" {
		return err
	}
	return b.StopListening(ctx, playlist)
}

// StopListening ends the page on the music server. One that the server does not know any more has ended.
func (b *Bridge) StopListening(ctx context.Context, playlist playlists.ID) error {
	var account playlists.ID
	var share string
	err := b.db.QueryRowContext(ctx, `SELECT account_id, share_id FROM subsonic_listens WHERE playlist_id = $1`, playlist).Scan(&account, &share)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	conn, err := b.connect(ctx, account)
	if err != nil {
		return err
	}
	if _, err := conn.client.write(ctx, "deleteShare", url.Values{"id": {share}}); err != nil && !NotFound(err) {
		return err
	}
	_, err = b.db.ExecContext(ctx, `DELETE FROM subsonic_listens WHERE playlist_id = $1`, playlist)
	return err
}

// tidyListens revises all pages. A server that does not answer is asked again the next time; the page ends by itself at the
// latest after ListenTime.
func (b *Bridge) tidyListens(ctx context.Context) error {
	const atOnce = 500
	for after, more := "", true; more; {
		ids, err := playlists.Texts(ctx, b.db, `SELECT playlist_id FROM subsonic_listens WHERE playlist_id > $1 ORDER BY playlist_id LIMIT $2`, after, atOnce)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := b.ReviseListening(ctx, playlists.ID(id)); err != nil && playlists.Say(err) == "" {
				return err
			}
			after = id
		}
		more = len(ids) == atOnce
	}
	_, err := b.db.ExecContext(ctx, `DELETE FROM subsonic_listens WHERE expires <= $1`, playlists.Millis(b.now()))
	return err
}

// serverIDOf returns the id that an account's own playlist has on its music server.
func (b *Bridge) serverIDOf(ctx context.Context, account, playlist playlists.ID) (id string, err error) {
	err = b.db.QueryRowContext(ctx, `SELECT server_id FROM subsonic_playlists WHERE playlist_id = $1 AND account_id = $2 AND server_id <> ''`, playlist, account).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", playlists.Problemf(playlists.NotFound, nil, "Your music server does not have this playlist any more.")
	}
	return id, err
}

// shareAnswer is a page that a server made.
type shareAnswer struct {
	ID  text `json:"id" xml:"id,attr"`
	URL text `json:"url" xml:"url,attr"`
}

type sharesAnswer struct {
	Share list[shareAnswer] `json:"share" xml:"share"`
}

func (c *Client) createShare(ctx context.Context, id string, until time.Time) (shareAnswer, error) {
	a, err := c.call(ctx, "createShare", url.Values{"id": {id}, "expires": {strconv.FormatInt(until.UnixMilli(), 10)}}, smallBytes, false)
	if sharesNothing(err) {
		return shareAnswer{}, playlists.Problemf(playlists.Unavailable, err, "Your music server does not share music by itself, or that is switched off there. Navidrome does once ND_ENABLESHARING is true.")
	}
	if err != nil {
		return shareAnswer{}, c.problem(err)
	}
	for _, s := range a.Shares.value.Share {
		if u, err := url.Parse(string(s.URL)); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(s.URL) <= maxShareURL {
			return s, nil
		}
	}
	return shareAnswer{}, playlists.Problemf(playlists.Unavailable, nil, "Your music server shared the playlist, but does not say where.")
}

// sharesNothing reports whether a server says that it knows no such call, each in its own way.
func sharesNothing(err error) bool {
	var status statusError
	var refusal *APIError
	return errors.As(err, &status) && (status == http.StatusNotImplemented || status == http.StatusNotFound || status == http.StatusGone) ||
		errors.As(err, &refusal) && !Unauthorized(err)
}
