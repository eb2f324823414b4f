package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/web"
)

// bridge is one Songferry: its database, its two sides and its pages. Nothing runs until serve.
type bridge struct {
	settings Settings
	db       *sql.DB
	key      *seal.Key
	store    *playlists.Store
	subsonic *subsonicbridge.Bridge
	fed      *federation.Federation
	log      *slog.Logger
	proxies  []netip.Prefix // that are believed about who asks
	notify   *notify.Notifier
	lookups  *web.Lookups         // what people look at before they want it
	present  *migrations.Presence // held as long as this process works on the database

	pulse        *pulse              // how the jobs do
	changes      *migrations.Changes // of the database, by whomever; nil where nobody is answered
	metrics      *metrics            // what is counted; nil unless somebody wants to know
	certificates *certificates       // for HTTPS; nil where that is the work of a proxy
	backing      sync.Mutex          // held while a backup is made

	setup setup
}

// openBridge opens the database and builds the parts on it. The caller closes the bridge.
func openBridge(ctx context.Context, s Settings, m migrations.Mode, log *slog.Logger) (*bridge, error) {
	b := &bridge{settings: s, log: log}
	origin, err := s.origin()
	if err != nil {
		return nil, err
	}
	networks, err := s.privateNetworks()
	if err != nil {
		return nil, err
	}
	if b.proxies, err = s.trustedProxies(); err != nil {
		return nil, err
	}
	if err := s.policy().Check(); err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "SONGFERRY_FEDERATION_ALLOWED_DOMAINS or _BLOCKED_DOMAINS: %s", playlists.Say(err))
	}
	mailer, err := s.mailer()
	if err != nil {
		return nil, err
	}
	if b.settings.Contact, err = s.contact(); err != nil {
		return nil, err
	}
	path, err := s.database()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.makeDataFolder(), s.missDatabase(path)); err != nil {
		return nil, err
	}
	if b.key, err = s.loadKey(path); err != nil {
		return nil, err
	}
	if b.db, err = migrations.Open(ctx, path, m); err != nil {
		return nil, explainOpen(err)
	}
	if origin == nil {
		if origin, err = federation.KnownOrigin(ctx, b.db); err != nil {
			return nil, errors.Join(err, b.db.Close())
		}
	}
	b.store = playlists.New(b.db, time.Now)
	b.subsonic = subsonicbridge.New(subsonicbridge.Config{
		DB: b.db, Store: b.store, Key: b.key, HTTP: musicClient(s.patience), Guests: subsonicbridge.GuestClient(networks), PollInterval: s.PollInterval, Now: time.Now,
		Log: log.With("part", "subsonic"), BaseURL: b.origin,
	})
	b.fed = federation.New(federation.Config{
		DB: b.db, Store: b.store, Key: b.key, BaseURL: origin, Policy: s.policy(), AuthorizedFetch: s.AuthorizedFetch, AllowPrivate: networks,
		QuietTime: s.QuietTime, NewsQuietTime: s.NewsQuietTime, RefreshInterval: s.RefreshInterval, Say: web.SaidIn, Version: version(), Contact: b.settings.Contact,
		Patience: s.patience, Unusable: isTrouble, Now: time.Now, Log: log.With("part", "federation"),
	})
	b.notify = notify.New(notify.Config{
		DB: b.db, Store: b.store, Key: b.key, Words: b.noticeWords, Say: web.SaidIn, BaseURL: b.origin, AllowPrivate: networks, Mail: mailer, Version: version(),
		Now: time.Now, Log: log.With("part", "notify"),
	})
	b.lookups = web.NewLookups(web.Config{DB: b.db, Store: b.store, Music: b.subsonic, Fed: b.fed, Now: time.Now, Log: log.With("part", "web")})
	b.pulse = newPulse(b.jobs(), time.Now())
	join := func(ctx context.Context) error { return b.join(ctx, path) }
	for _, step := range []func(context.Context) error{b.fed.CheckOrigin, b.subsonic.CheckKey, b.fed.CheckKey, join} { // a locked database fails each late
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, b.Close())
		}
	}
	return b, nil
}

// explainOpen says in words why a database cannot be opened.
func explainOpen(err error) error {
	for _, known := range []error{migrations.ErrNewer, migrations.ErrOlder, migrations.ErrNoCopy, migrations.ErrDamaged, migrations.ErrPostgresOld, migrations.ErrPostgresAddress} {
		if errors.Is(err, known) {
			return playlists.Problemf(playlists.Invalid, err, "%s.", known)
		}
	}
	return explainTrouble(err)
}

// origin is the bridge's public address, nil while it has none.
func (b *bridge) origin() *url.URL { return b.fed.Origin() }

// setOrigin gives a bridge without public address one, for good.
func (b *bridge) setOrigin(ctx context.Context, address string) error {
	networks, err := b.settings.privateNetworks()
	if err != nil {
		return err
	}
	origin, err := readOrigin(address, networks)
	if err != nil {
		return err
	}
	return b.fed.SetOrigin(ctx, origin)
}

// musicClient is the HTTP client for people's own music servers. Unlike federation's it may reach the home network: it
// only ever goes where the account's owner said. patience bounds a call; 0: what subsonicbridge thinks right.
func musicClient(patience time.Duration) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.ResponseHeaderTimeout = 2 * time.Minute
	t.MaxResponseHeaderBytes = 64 << 10
	return &http.Client{Transport: t, Timeout: patience}
}

// refusalTime is longer than most music servers take to say no.
const refusalTime = time.Second

// handler answers machines first, then people. When stopping is closed, pages that wait for progress wait no longer.
func (b *bridge) handler(stopping <-chan struct{}) http.Handler {
	r := chi.NewRouter()
	if b.metrics != nil {
		r.Use(b.metrics.count)
	}
	r.Use(b.survive)
	if b.changes != nil {
		r.Use(newAnswerCache(b.changes.Number, time.Now).again)
	}
	b.fed.Routes(r)
	r.Mount("/", web.New(web.Config{
		DB: b.db, Key: b.key, Store: b.store, Music: b.subsonic, Fed: b.fed, Notify: b.notify, SetupCode: b.setupCode, FamilyServer: b.settings.SubsonicURL, SetOrigin: b.setOrigin, Reach: b.reach,
		TrustedProxies: b.proxies, AuthHeader: b.settings.AuthHeader, Contact: b.settings.Contact, RefusalTime: refusalTime, Ready: b.ready, Unusable: isTrouble, Stopping: stopping, Log: b.log.With("part", "web"),
		Backup: b.backUp, Backups: b.listBackups, Storage: b.storage, Version: version(),
	}))
	return r
}

// Close closes the database.
func (b *bridge) Close() error {
	var err error
	if b.changes != nil {
		err = b.changes.Close()
	}
	return errors.Join(b.leave(), err, b.db.Close())
}
