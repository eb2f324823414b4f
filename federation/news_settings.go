package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// NewsMode says whether a playlist makes posts.
type NewsMode string

const (
	NewsAuto NewsMode = "auto" // unless a rule fills it
	NewsOn   NewsMode = "on"
	NewsOff  NewsMode = "off"
)

// Valid reports whether m is one of the three modes.
func (m NewsMode) Valid() bool { return m == NewsAuto || m == NewsOn || m == NewsOff }

// NewsSettings is what an owner chose for the posts about one playlist.
type NewsSettings struct {
	Mode   NewsMode
	PerDay int  // posts in 24 hours; further additions are told together later
	Cover  bool // show a cover, and attach it; Mastodon then shows no preview of the page
}

// NewsLimits is what an owner chose for the posts about all playlists together.
type NewsLimits struct {
	PerDay  int  // posts in 24 hours
	Mention bool // name the owner's own fediverse account, so that replies reach a human
}

const maxPerDay = 50 // posts: more in a day is what administrators silence accounts for

// NewsSettingsOf returns the choice for a playlist, or what holds without one.
func (f *Federation) NewsSettingsOf(ctx context.Context, playlist playlists.ID) (NewsSettings, error) {
	s := NewsSettings{Mode: NewsAuto, PerDay: 1}
	err := f.db.QueryRowContext(ctx, `SELECT mode, per_day FROM news_of_playlists WHERE playlist_id = $1`, playlist).Scan(&s.Mode, &s.PerDay)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, err
	}
	s.Cover, err = f.store.CoverWanted(ctx, playlist)
	return s, err
}

// NewsLimitsOf returns the choice of an account, or what holds without one.
func (f *Federation) NewsLimitsOf(ctx context.Context, account playlists.ID) (NewsLimits, error) {
	l := NewsLimits{PerDay: 3}
	err := f.db.QueryRowContext(ctx, `SELECT per_day, mention FROM news_of_accounts WHERE account_id = $1`, account).Scan(&l.PerDay, &l.Mention)
	if errors.Is(err, sql.ErrNoRows) {
		return l, nil
	}
	return l, err
}

// SetNews keeps the choice for a playlist. News that a limit has put off may be told earlier then.
func (f *Federation) SetNews(ctx context.Context, playlist playlists.ID, s NewsSettings) error {
	if err := checkPerDay(s.PerDay); err != nil {
		return err
	}
	if err := f.store.SetCoverWanted(ctx, playlist, s.Cover); err != nil {
		return err
	}
	_, err := f.db.ExecContext(ctx, `INSERT INTO news_of_playlists (playlist_id, mode, per_day) VALUES ($1, $2, $3)
		ON CONFLICT (playlist_id) DO UPDATE SET mode = excluded.mode, per_day = excluded.per_day`, playlist, s.Mode, s.PerDay)
	if err != nil {
		return err
	}
	pub, err := f.store.Publication(ctx, playlist)
	if err != nil || !pub.Live() {
		return err
	}
	return f.lookAgain(ctx, pub.PublicID)
}

// SetNewsLimits keeps the choice of an account.
func (f *Federation) SetNewsLimits(ctx context.Context, account playlists.ID, l NewsLimits) error {
	if err := checkPerDay(l.PerDay); err != nil {
		return err
	}
	_, err := f.db.ExecContext(ctx, `INSERT INTO news_of_accounts (account_id, per_day, mention) VALUES ($1, $2, $3)
		ON CONFLICT (account_id) DO UPDATE SET per_day = excluded.per_day, mention = excluded.mention`, account, l.PerDay, l.Mention)
	if err != nil {
		return err
	}
	pubs, err := f.store.Publications(ctx, account)
	if err != nil {
		return err
	}
	for _, pub := range pubs {
		if err := f.lookAgain(ctx, pub.PublicID); err != nil {
			return err
		}
	}
	return nil
}

func checkPerDay(n int) error {
	if n < 0 || n > maxPerDay {
		return playlists.Problemf(playlists.Invalid, nil, "The number of posts a day must be between 0 and %d.", maxPerDay)
	}
	return nil
}

// lookAgain makes news due as soon as they have been quiet, whatever limit had put them off.
func (f *Federation) lookAgain(ctx context.Context, publicID string) error {
	_, err := f.db.ExecContext(ctx, `UPDATE news SET due = first + $1 WHERE public_id = $2 AND due > first + $1`, f.newsQuiet.Milliseconds(), publicID)
	return err
}
