package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// visitor is who looks at a page, signed in.
type visitor struct {
	playlists.Account
}

type visitorKey struct{}

func visitorOf(ctx context.Context) (visitor, bool) {
	v, ok := ctx.Value(visitorKey{}).(visitor)
	return v, ok
}

// ownHandler answers a signed-in visitor, or returns an error and has then written nothing.
type ownHandler func(w http.ResponseWriter, r *http.Request, v visitor) error

// own makes a page for signed-in visitors of h. Others are asked to sign in first, and come back then.
func (s *site) own(h ownHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, ok := visitorOf(r.Context())
		if !ok {
			http.Redirect(w, r, signInPath(r), http.StatusSeeOther)
			return
		}
		s.answerOwn(w, r, h(w, r, v))
	}
}

// admins is own for administrators; to others there is no such page.
func (s *site) admins(h ownHandler) http.HandlerFunc {
	return s.own(func(w http.ResponseWriter, r *http.Request, v visitor) error {
		if !v.Admin {
			return nothingHere(w, r)
		}
		return h(w, r, v)
	})
}

// explained makes a page for those who are not signed in, and may read what an error says all the same.
func (s *site) explained(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.answerOwn(w, r, h(w, r)) }
}

type problemView struct {
	Say   string
	Known bool // who reads it is signed in
}

// answerOwn shows an error to whom it is about: unlike strangers they may read what it says.
func (s *site) answerOwn(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil || r.Context().Err() != nil {
		return
	}
	say := s.words(r).problem(err)
	if say == "" {
		s.answer(func(http.ResponseWriter, *http.Request) error { return err })(w, r)
		return
	}
	_, known := visitorOf(r.Context())
	if err := s.write(w, r, s.statusOf(err), "problem", page{Title: s.words(r).say("That did not work"), Content: problemView{say, known}}); err != nil {
		s.Log.Error("error page failed", slog.Any("error", err))
	}
}

// recognised tells the handlers who is signed in, and whom a browser that was signed in cannot be any more.
func (s *site) recognised(next http.Handler) http.Handler {
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		a, err := s.whoAsks(r)
		switch {
		case err == nil:
			r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, visitor{a}))
		case playlists.CodeOf(err) != playlists.NotFound:
			s.answer(func(http.ResponseWriter, *http.Request) error { return err })(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
	plain, safe := s.sessions.LoadAndSave(known), safeSessions(s.sessions).LoadAndSave(known)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.isHTTPS(r) {
			safe.ServeHTTP(w, r)
		} else {
			plain.ServeHTTP(w, r)
		}
	})
}

// whoAsks returns whom a trusted proxy names, else whoever signed in here. The problem is NotFound when that is nobody.
func (s *site) whoAsks(r *http.Request) (playlists.Account, error) {
	a, err := s.namedByProxy(r)
	if playlists.CodeOf(err) != playlists.NotFound {
		return a, err
	}
	id := s.sessions.GetString(r.Context(), sessionAccount)
	a, err = s.Store.Account(r.Context(), playlists.ID(id))
	if id != "" && playlists.CodeOf(err) == playlists.NotFound {
		s.sessions.Remove(r.Context(), sessionAccount)
	}
	return a, err
}

// namedByProxy returns the account that a trusted proxy names, by the name on its music server or its public one. To be believed in
// that takes the settings: a click is too little for what opens all accounts.
func (s *site) namedByProxy(r *http.Request) (playlists.Account, error) {
	names := r.Header.Values(s.AuthHeader)
	if s.AuthHeader == "" || len(names) != 1 || names[0] == "" || !s.proxies.sets(r) {
		return playlists.Account{}, playlists.Problemf(playlists.NotFound, nil, "No proxy names anybody.")
	}
	also, err := s.Store.AccountByHandle(r.Context(), strings.ToLower(names[0]))
	if err != nil && playlists.CodeOf(err) != playlists.NotFound {
		return also, err
	}
	id, err := s.Music.Named(r.Context(), names[0], also.ID)
	if err != nil {
		return playlists.Account{}, err
	}
	return s.Store.Account(r.Context(), id)
}

// signInPath is the page to sign in on. It leads back to what was asked for, if that was only looking.
func signInPath(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/signin"
	}
	return "/signin?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
}

// ownPath returns where to go after signing in: a path of this bridge, never another server's.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/playlists"
	}
	return next
}
