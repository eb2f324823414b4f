// Package web shows the bridge to people: a landing page, a page for every account and every shared playlist, playlists
// as files, and the pages between this server and a visitor's own. The pages are plain HTML and CSS, made here; they load
// nothing from elsewhere and run no script.
package web

import (
	"context"
	"html/template"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/songferry/songferry/playlists"
)

// Config is what the pages need from the rest of the program.
type Config struct {
	Store *playlists.Store
	// BaseURL returns the bridge's public origin, nil while none is set. Pages then name no handle and no full address:
	// the host that a request names could be anybody's.
	BaseURL func() *url.URL
	// Negotiate answers ActivityPub clients on the addresses that they share with browsers, and passes browsers on to
	// the handler that it is given; nil passes everybody on.
	Negotiate func(http.Handler) http.Handler
	// Remote finds where a visitor goes on at their own server. Its errors are sentences for the visitor. nil: the pages
	// do not offer that.
	Remote func(context.Context, Visit) (Destination, error)
	// MovedTo returns where an account or a publication, named by its public id, has moved; nil: none has.
	MovedTo func(ctx context.Context, publicID string) (NewHome, error)
	// ReadTarget reads a handle or an address that somebody wants to follow or import, without asking anybody.
	ReadTarget func(string) (string, error)
	Vocabulary []Term
	// TrustedProxies are believed when they say for whom they ask. Only limits of what strangers may ask depend on that.
	TrustedProxies []netip.Prefix
	Now            func() time.Time // nil: time.Now
	// Reads reports whether the follower that a personal link was made for may still read what it leads to; nil: none may.
	Reads func(context.Context, playlists.PersonalLink) (bool, error)
	// Ready returns why the bridge cannot work at present, nil when it can; nil is always ready.
	Ready func(context.Context) error
	Log   *slog.Logger
}

// site is Config and what is read once at start.
type site struct {
	Config
	templates map[string]*template.Template
	styles    string // address of the style sheet
	limit     *limiter
}

// New returns the handler of all pages. It panics if a template that is part of the program does not parse.
func New(c Config) http.Handler {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &site{Config: c, templates: parseTemplates(), styles: "/static/style.css?v=" + fingerprint("static/style.css"), limit: newLimiter(c.TrustedProxies, c.Now)}
	r := chi.NewRouter()
	r.Use(middleware.GetHead, secured)
	r.NotFound(s.answer(nothingHere))

	r.Get("/livez", livez)
	r.Get("/readyz", s.readyz)
	r.Get("/static/{file}", s.answer(static))

	r.With(s.negotiated).Get("/", s.answer(s.landing))

	r.With(unindexed, s.negotiated).Get("/@{handle}", s.answer(s.pageOfHandle))
	r.With(unindexed).Get("/@{handle}.{extension}", s.answer(s.fileOfHandle))
	r.With(unindexed, s.negotiated).Get("/@{handle}/{post}", pageOfPost)

	r.With(unindexed, secret, s.negotiated).Get("/s/{token}", s.answer(s.pageOfLink))
	r.With(unindexed, secret).Get("/s/{token}.{extension}", s.answer(s.fileOfLink))
	r.With(unindexed, secret, s.negotiated).Get("/s/{token}/items/{item}", s.answer(nothingHere)) // for machines only

	s.remoteRoutes(r)
	r.With(unindexed, secret).Get("/authorize_interaction", s.answer(s.authorizeInteraction))
	r.With(unindexed, secret).Get("/import", s.answer(s.importPage))
	r.With(s.negotiated).Get("/ns", s.answer(s.vocabulary))
	return r
}
