// Package web shows the bridge to people. A family of pages is a family of files; the templates are in templates, the
// sentences of other languages in words.
//
//	for everybody
//	landing, account, playlist*       what this is; an account; a shared playlist, at /@handle or at /s/ for a secret link:
//	                                  its page, files, cover, feed, QR code, frame on other sites, password
//	remote, interaction               from here to a visitor's own server, and from other servers to here
//	privacy                           what is kept here of whom, and whom to write to
//	vocabulary, robots, manifest      for programs
//
//	coming in
//	setup, join*, signin*             the first person, those with an invitation, everybody who has an account
//	visitor, sessions                 who looks at a page
//
//	for those who are signed in
//	lists*, list*                     my playlists, and one of them: who may see it, its link, its words, its posts
//	handle, address, origin, musicserver  what that asks for once: a public name, the bridge's address; how a music server is doing
//	followers*                        who follows me
//	follow*, following*               what I follow: from a pasted link, by a look at it, to a copy and its questions
//	review*, missing                  which of my songs a track is; what I lack (the wish list)
//	asks                              what children ask their grown-ups
//	settings*                         name, music server, where messages go; my data and the ways out
//	admin*                            people and invitations, other servers, work, proxies and backups
//
//	under all of them
//	respond, errors, form, paged      what becomes of a request and of a form
//	headers, forwarded, compress      what every answer has, what proxies say of a request
//	proxies                           which of them are believed
//	limit*                            how often strangers may ask
//	addresses, progress, static       where things are, how far work has come, files that are part of the program
//	templates*, words, text, languages what pages say
//	shops                             where music is described and sold
//	tidy                              how long rows are kept, and that nothing is of who is gone
//	gallery*                          every page in every state, for those who design (cmd/gallery)
//
// The pages are HTML, CSS and one small script, made here; they load nothing from elsewhere, and all but copying and live
// progress works without the script.
package web

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"golang.org/x/text/language"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
)

// Config is what the pages need from the rest of the program. The first six are required.
type Config struct {
	DB    *sql.DB
	Key   *seal.Key // hashes whom limits are about
	Store *playlists.Store
	Music *subsonicbridge.Bridge // people's music servers
	Fed   *federation.Federation // everybody else's, and the public address of this bridge
	// Notify tells people elsewhere what they should know.
	Notify *notify.Notifier
	// SetupCode returns what lets the first person in, where nobody has an account; nil: nobody comes in.
	SetupCode func(context.Context) (string, error)
	// FamilyServer is the address of the music server that most here have an account on, "" when there is none. Who has one
	// there may become a member here.
	FamilyServer string
	// SetOrigin gives a bridge without public origin the one at address, for good. nil: only the settings can.
	SetOrigin func(ctx context.Context, address string) error
	// Reach reads a small text at an address as somebody elsewhere would; nil: nobody can.
	Reach func(ctx context.Context, address string) ([]byte, error)
	// TrustedProxies are believed when they say for whom they ask, at which host, and whether by HTTPS. Limits of what strangers
	// may ask depend on that, AuthHeader, and which cookies are Secure. Administrators add others on the pages; see proxies.
	TrustedProxies []netip.Prefix
	// AuthHeader is the header in which trusted proxies say who asks, having asked for a password themselves; "" for none.
	AuthHeader string
	// Contact is whom to write to about what should not be here: an e-mail address or that of a page, "" for nobody.
	Contact string
	// RefusalTime is how long it takes at least that somebody is not let in.
	RefusalTime time.Duration
	Now         func() time.Time // nil: time.Now
	// Backup makes a backup, encrypted with a password if it is not ""; nil: the pages cannot.
	Backup  func(ctx context.Context, password string) error
	Backups func() ([]Backup, error) // those that there are, the newest first
	Storage func() (Storage, error)  // nil: nobody knows
	Version string                   // of the program
	// Ready returns why the bridge cannot work at present, nil when it can; nil is always ready.
	Ready func(context.Context) error
	// Unusable reports whether an error means that the database cannot be used at present, which is no fault of ours; nil: none does.
	Unusable func(error) bool
	// Stopping is closed when the server stops, so that pages that wait for progress wait no longer; nil: it never is.
	Stopping <-chan struct{}
	Log      *slog.Logger
}

// site is Config and what is read once at start.
type site struct {
	Config
	catalogue                 map[string]words // by language
	matcher                   language.Matcher
	styles, ownStyles, script string // addresses
	proxies                   *proxies
	limits                    *limits
	joining                   sync.Mutex // held while somebody becomes a member
	warned                    sync.Once  // of a proxy that is not trusted
	sessions                  *scs.SessionManager
	lookups                   *Lookups
	watchers                  watchers
	unready                   atomic.Pointer[string] // why the last who asked was told that the bridge is not ready; nil: it was
}

// New returns the handler of all pages. It panics if a catalogue that is part of the program cannot be read.
func New(c Config) http.Handler {
	s := newSite(c)
	r := chi.NewRouter()
	r.Use(middleware.GetHead, s.asAsked, secured, s.fromHere)
	r.NotFound(s.answer(nothingHere))

	r.Get("/livez", livez)
	r.Get("/readyz", s.readyz)
	r.Get(herePath, s.here)
	r.Get("/static/{file}", s.answer(static))
	s.publicRoutes(r)
	r.Group(func(r chi.Router) {
		r.Use(unindexed, s.recognised)
		s.doorRoutes(r)
		s.ownRoutes(r)
		s.meantRoutes(r.With(secret))
	})
	return r
}

func newSite(c Config) *site {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.SetupCode == nil {
		c.SetupCode = func(context.Context) (string, error) { return "", nil }
	}
	s := &site{
		Config: c, proxies: newProxies(c), catalogue: allWords(), matcher: language.NewMatcher(languages),
		styles: address("style.css"), ownStyles: address("own.css"), script: address("app.js"),
		limits: newLimits(c), sessions: newSessions(c), lookups: NewLookups(c),
	}
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.answer(func(http.ResponseWriter, *http.Request) error { return err })(w, r)
	}
	return s
}

// publicRoutes are for everybody. They set no cookie, but one for those who gave the password of a link.
func (s *site) publicRoutes(r chi.Router) {
	r.With(s.negotiated).Get("/", s.answer(s.landing))

	r.With(unindexed, s.negotiated).Get("/@{handle}", s.answer(s.pageOfHandle))
	r.With(unindexed).Get("/@{handle}.{extension}", s.answer(s.fileOfHandle))
	r.With(unindexed, s.negotiated).Get("/@{handle}/{post}", pageOfPost)

	r.With(unindexed, secret, s.negotiated).Get("/s/{token}", s.answer(s.pageOfLink))
	r.With(unindexed, secret, s.limited).Post("/s/{token}", s.answer(s.unlock))
	r.With(unindexed, secret).Get("/s/{token}.{extension}", s.answer(s.fileOfLink))
	r.With(unindexed, secret, s.negotiated).Get("/s/{token}/items/{item}", s.answer(nothingHere)) // for machines only

	r.With(unindexed).Get("/embed/@{handle}", s.answer(s.embed))
	r.With(unindexed).Get("/oembed", s.answer(s.oEmbed))
	r.Get("/privacy", s.answer(s.privacy))
	r.Get("/robots.txt", robots)

	s.remoteRoutes(r)
	r.Get("/manifest.webmanifest", s.answer(manifest))
	r.With(s.negotiated).Get("/ns", s.answer(s.vocabulary))
}

// doorRoutes are how people come in and go out.
func (s *site) doorRoutes(r chi.Router) {
	r.Get("/setup", s.answer(s.setupPage))
	r.With(s.limited).Post("/setup", s.answer(s.setUp))
	r.Get("/signin", s.answer(s.signInPage))
	r.Post("/signin", s.answer(s.signIn)) // limited by tryPassword
	r.Post("/signout", s.answer(s.signOut))
	r.Post("/signout/everywhere", s.own(s.signOutAll))
	r.With(secret).Get("/join/{token}", s.explained(s.joinPage))
	r.With(secret, s.limited).Post("/join/{token}", s.explained(s.join))
}

// ownRoutes are for those who are signed in.
func (s *site) ownRoutes(r chi.Router) {
	s.listRoutes(r)
	s.followersRoutes(r)
	s.reviewRoutes(r)
	r.Get("/missing", s.own(s.missingPage))
	r.Get("/missing.{extension}", s.own(s.missingFile))
	s.followRoutes(r)
	r.Get("/asks", s.own(s.asksPage))
	r.Post("/asks/{id}", s.own(s.answerAsk))
	s.peopleRoutes(r)
	s.serverRoutes(r)
	s.workRoutes(r)
	s.settingsRoutes(r)
}
