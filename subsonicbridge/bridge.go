// Package subsonicbridge is one side of Songferry: a person's music server that speaks the Subsonic API.
//
//	admission, connections, guest     which server an account has, and where it may stand
//	recognise                         who signs in by a music server's password
//	poll, visit, known                the person's playlists → the journal
//	cover, coverart, picture          images of published playlists, for those who want one
//	library, snapshot, indexes        the person's files, as last read
//	resolve, review, gaps, policy     which file stands for a wanted track, and for which none does
//	choices, choose, attach, identity what a person decided about a track, and how it is known again
//	doubts                            what they should look at
//	standing, steps                   which rows a change of playlist or library can affect
//	mirror, write, replace, locate    the journal → a list on the person's server
//	edits, merge, align, refusals     the source's changes and the person's own in one list
//	questions, confirm, refused       what only the person can say, and what they said
//	copies, progress, pause           how the lists stand, for their person to see, and what they may say at any time
//	client, read, put, songs, answer  the Subsonic API
//	forget                            what is left of a person who is gone: nothing
//
// Waiting work is always a row with a due time: the connection (poll it), the mirror (bring it up to date). Every step
// may be interrupted anywhere and repeated.
package subsonicbridge

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/lease"
	"github.com/songferry/songferry/playlists/seal"
)

// Config is what a Bridge is built from. DB, Store and Key are required.
type Config struct {
	DB    *sql.DB
	Store *playlists.Store
	Key   *seal.Key // seals the logins of music servers
	// HTTP reaches the owner's music server, which may stand in the home network; nil means http.DefaultClient.
	HTTP *http.Client
	// Guests reaches the music servers of guests; nil means GuestClient(nil).
	Guests       *http.Client
	PollInterval time.Duration    // between two polls of one account; 0 means a minute
	Now          func() time.Time // nil means time.Now
	Log          *slog.Logger     // nil means slog.Default
	BaseURL      func() *url.URL  // of the bridge's pages, for links in comments; may be nil or return nil
}

// Bridge moves playlists between accounts' music servers and the journal. It may be used by several goroutines, and by
// several processes on one database.
type Bridge struct {
	db       *sql.DB
	store    *playlists.Store
	key      *seal.Key
	http     *http.Client
	guests   *http.Client
	interval time.Duration
	now      func() time.Time
	log      *slog.Logger
	baseURL  func() *url.URL
	indexes  indexCache
	held     held
	polls    sync.Mutex // held while a poll is taken or ended: a database takes one writer at a time, and who waits here keeps no connection from others

	leases lease.Leases

	picturing chan struct{} // holds one for each picture that is being decoded for a page
	askings   sync.Map      // by account; see asking
}

// New returns a Bridge. The database must be migrated.
func New(c Config) *Bridge {
	b := &Bridge{db: c.DB, store: c.Store, key: c.Key, http: c.HTTP, guests: c.Guests, interval: c.PollInterval, now: c.Now, log: c.Log, baseURL: c.BaseURL,
		picturing: make(chan struct{}, maxPicturing)}
	if b.http == nil {
		b.http = http.DefaultClient
	}
	if b.guests == nil {
		b.guests = GuestClient(nil)
	}
	if b.interval <= 0 {
		b.interval = time.Minute
	}
	if b.now == nil {
		b.now = time.Now
	}
	if b.log == nil {
		b.log = slog.Default()
	}
	if b.baseURL == nil {
		b.baseURL = func() *url.URL { return nil }
	}
	b.leases = lease.Of(b.db, b.now, b.log)
	return b
}

// Tidy drops what nobody needs any more: indexes that were not used for a while, library readings that never ended or
// were replaced, the resolved rows of wants that are over, pages to listen on of what is published no longer, copies that ended
// long ago, decisions of nobody, and waits that a wrong clock made.
func (b *Bridge) Tidy(ctx context.Context) error {
	b.indexes.dropIdle(b.now())
	if err := errors.Join(b.forgetFuture(ctx), b.dropStaleSongs(ctx), b.forgetDeparted(ctx), b.tidyListens(ctx), b.forgetEnded(ctx), b.forgetDecisions(ctx)); err != nil {
		return err
	}
	_, err := b.db.ExecContext(ctx, `DELETE FROM subsonic_resolutions WHERE want_id IN (SELECT want_id FROM subsonic_mirrors WHERE state = $1)`, Unlinked)
	return err
}

// retryDelay is how long to wait after so many failures in a row: first, doubled each time, at most longest.
func retryDelay(attempts int, first, longest time.Duration) time.Duration {
	d := first
	for range attempts - 1 {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return min(d, longest)
}

// sentence is what a person may read of err, which may be nil. Everything that a music server does wrong has one; the
// rest is ours.
func sentence(err error) playlists.Sentence {
	if err == nil || playlists.Say(err) != "" {
		return playlists.SentenceOf(err)
	}
	return playlists.Sentencef("Something went wrong on this bridge. It will be tried again; the bridge's log says what it was.")
}
