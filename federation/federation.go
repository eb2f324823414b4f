// Package federation is Songferry's side towards other bridges and the fediverse: ActivityPub.
//
//	out      AnnounceOnce: a change → an activity and one delivery per inbox · NewsOnce: additions → a post for people
//	         DeliverOnce: sign, POST, retry or give up · GreetOnce, RetryOnce: the same for hosts that may keep us waiting
//	in       the inbox: verify, keep, 202 · InboxOnce: act on it
//	follow   SubscribeOnce: wants → Follows · RosterOnce: a followed person's playlists → wants
//	         RefreshOnce: re-read followed playlists from their origin · RenewOnce: the same of actors
//	owners   MessagesOnce: what an account should know, and what it asks for by direct message
//	policy   EnforceOnce: make everything agree with the administrator's rules
//
// What comes in is a hint: a playlist is only ever changed by reading it from its own host. The one exception are direct
// messages of an account's proven owner.
package federation

import (
	"context"
	"crypto/rsa"
	"database/sql"
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
)

// Config is what a Federation needs. All fields are required unless they say otherwise.
type Config struct {
	DB    *sql.DB
	Store *playlists.Store
	Key   *seal.Key // seals the signing keys

	// BaseURL is the public origin (scheme and host). nil: the bridge has no address, so it reads from others but
	// nobody can follow it.
	BaseURL *url.URL

	Policy Policy

	// AuthorizedFetch: what is public is read by signed requests only, so that the Policy's blocks hold for reading too.
	// The instance actor, WebFinger, NodeInfo and the vocabulary stay open.
	AuthorizedFetch bool

	AllowPrivate []netip.Prefix // networks that may be reached although they are not public
	Patience     time.Duration  // for a call to another server; 30 s when zero or more than that

	QuietTime       time.Duration // edits within it become one Update
	NewsQuietTime   time.Duration // additions within it become one post
	RefreshInterval time.Duration // slow re-reading of followed playlists, so that a lost message heals

	NewKey func() (*rsa.PrivateKey, error) // makes an actor's key; nil: NewRSAKey

	// Say says a sentence in a language (BCP 47), or reports that it cannot; nil: nobody can. Letters then have it in English.
	Say func(language string, s playlists.Sentence) (text string, ok bool)

	// Unusable reports whether an error means that the database cannot be used at present, which is no fault of ours; nil: none does.
	Unusable func(error) bool

	Version string // of the program, for NodeInfo and the User-Agent
	Contact string // for NodeInfo, whom to write to: an e-mail address or that of a page; "" for nobody
	Now     func() time.Time
	Log     *slog.Logger
}

// Federation speaks ActivityPub for one bridge. It is safe for concurrent use, also by several processes.
type Federation struct {
	db         *sql.DB
	store      *playlists.Store
	key        *seal.Key
	here       atomic.Pointer[Addresses] // nil: the bridge has no public origin
	authorized bool                      // authorized fetch
	policy     *rulebook
	say        func(string, playlists.Sentence) (string, bool)
	unusable   func(error) bool
	client     *Client
	quiet      time.Duration
	newsQuiet  time.Duration
	slow       time.Duration
	brainz     string // origin of ListenBrainz's API
	newKey     func() (*rsa.PrivateKey, error)
	now        func() time.Time
	log        *slog.Logger
	about      software

	// What is kept in memory, bounded; every process has its own.
	versions   versionCache
	recentKeys recentKeys
	opened     openedKeys
	intake     together[*arrival]
	claims     together[*claim]
	ends       together[*turn]
	schemes    schemes
	quotas     quotas
	slowHosts  slowDomains
	clock      clockDoubt
	noticeLook playlists.Look
	making     sync.Mutex    // held while a key is made: it takes as long as hundreds of signatures, and all wait for the same
	signing    signing       // of deliveries
	parsing    chan struct{} // holds one for each activity that is being parsed
}

// New returns a Federation on an open, migrated database. It starts nothing.
func New(c Config) *Federation {
	f := &Federation{
		db: c.DB, store: c.Store, key: c.Key, policy: newRulebook(c), quiet: c.QuietTime, newsQuiet: c.NewsQuietTime, slow: c.RefreshInterval,
		now: c.Now, log: c.Log, about: software{c.Version, c.Contact}, newKey: c.NewKey, say: c.Say, unusable: c.Unusable,
		authorized: c.AuthorizedFetch, brainz: "https://api.listenbrainz.org",
	}
	f.signing = newSigning(runtime.GOMAXPROCS(0))
	f.parsing = make(chan struct{}, maxParsing)
	if f.newKey == nil {
		f.newKey = NewRSAKey
	}
	if c.BaseURL != nil {
		f.settle(c.BaseURL)
	}
	f.client = NewClient(ClientConfig{
		AllowPrivate: c.AllowPrivate,
		Allowed:      f.policy.AllowsHost,
		OwnHost:      f.isOwnHost,
		UserAgent:    f.userAgent,
		Timeout:      c.Patience,
		Now:          c.Now,
		SawDate:      f.compareClocks,
		Scheme:       f.schemeOf,
		Learn:        f.learnScheme,
	})
	return f
}

// userAgent is what this program calls itself to other servers.
func (f *Federation) userAgent() string {
	ua := "Songferry/" + f.about.Version
	if f.public() {
		ua += " (+" + f.addr().Home() + ")"
	}
	return ua
}

// software is what NodeInfo tells of this program.
type software struct{ Version, Contact string }

func (f *Federation) isOwnHost(host string) bool {
	return f.public() && sameHost(host, f.addr().Host())
}

// public reports whether the bridge has a public origin.
func (f *Federation) public() bool { return f.here.Load() != nil }

// addr returns the addresses at the public origin; none of them is of use while there is none.
func (f *Federation) addr() Addresses {
	if here := f.here.Load(); here != nil {
		return *here
	}
	return Addresses{}
}

func (f *Federation) settle(base *url.URL) {
	here := NewAddresses(base)
	f.here.Store(&here)
}

// Origin returns the public origin, nil while there is none.
func (f *Federation) Origin() *url.URL {
	if !f.public() {
		return nil
	}
	scheme, host, _ := strings.Cut(f.addr().Home(), "://")
	return &url.URL{Scheme: scheme, Host: host}
}

// SetOrigin gives a bridge that has no public origin one, for good: other servers will know it by that. It is kept, and
// used from now on; see KnownOrigin.
func (f *Federation) SetOrigin(ctx context.Context, base *url.URL) error {
	wanted := NewAddresses(base)
	if f.public() && f.addr() != wanted {
		return playlists.Problemf(playlists.Invalid, nil, "This bridge has the address %s already.", f.addr().Home())
	}
	if _, err := f.db.ExecContext(ctx, keepOrigin, wanted.Home(), f.now().UnixMilli()); err != nil {
		return err
	}
	kept, err := KnownOrigin(ctx, f.db)
	if err != nil {
		return err
	}
	if kept == nil || NewAddresses(kept) != wanted { // somebody else was faster
		return playlists.Problemf(playlists.Invalid, nil, "This bridge has got another address meanwhile. Load the page again.")
	}
	f.settle(base)
	return nil
}

// LearnOriginOnce has a bridge without public origin look whether another of its processes was given one. It returns 1 if so.
func (f *Federation) LearnOriginOnce(ctx context.Context) (int, error) {
	if f.public() {
		return 0, nil
	}
	known, err := KnownOrigin(ctx, f.db)
	if known == nil || err != nil {
		return 0, err
	}
	f.settle(known)
	return 1, nil
}

// KnownOrigin returns the public origin that a bridge has told to others, or that it was given; nil while there is none.
func KnownOrigin(ctx context.Context, db *sql.DB) (*url.URL, error) {
	origin, err := frozenOrigin(ctx, db)
	if err != nil || origin == "" {
		return nil, err
	}
	return url.Parse(origin)
}

// CheckOrigin refuses an address other than the one this bridge has been known by since its first publication or message:
// other servers know the actors by their full ids.
func (f *Federation) CheckOrigin(ctx context.Context) error {
	origin, err := frozenOrigin(ctx, f.db)
	if err != nil || origin == "" || !f.public() || origin == f.addr().Home() {
		return err
	}
	return playlists.Problemf(playlists.Invalid, nil,
		"This bridge is known to the fediverse as %s, so SONGFERRY_URL cannot become %s: followers would lose it. Set it back, or start with an empty data folder.",
		origin, f.addr().Home())
}

// frozenOrigin returns the origin that the world knows us by, "" before the first publication or message.
func frozenOrigin(ctx context.Context, db *sql.DB) (origin string, err error) {
	err = db.QueryRowContext(ctx, `SELECT origin FROM federation_origin WHERE one = 1`).Scan(&origin)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return origin, err
}

// freezeOrigin keeps the address that is about to be told to the world.
func (f *Federation) freezeOrigin(ctx context.Context, tx *sql.Tx) error {
	if !f.public() {
		return nil
	}
	_, err := tx.ExecContext(ctx, keepOrigin, f.addr().Home(), f.now().UnixMilli())
	return err
}

const keepOrigin = `INSERT INTO federation_origin (one, origin, since) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING`
