package web

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// connectView is what connect.html shows: the form by which a person's music server is connected.
type connectView struct {
	Setup   bool // the first of all, who needs the code from the log
	Code    string
	Server  string
	User    string
	Name    string // as others see it
	Problem string
}

// isNew reports whether nobody has an account on this bridge yet.
func (s *site) isNew(ctx context.Context) (bool, error) {
	all, err := s.Store.Accounts(ctx)
	return len(all) == 0, err
}

// setupPage is the first page that whoever installed the bridge sees. Once there is an account there is no such page.
func (s *site) setupPage(w http.ResponseWriter, r *http.Request) error {
	if err := s.mustBeNew(r.Context()); err != nil {
		return err
	}
	return s.showConnect(w, r, http.StatusOK, connectView{Setup: true, Server: s.FamilyServer})
}

func (s *site) mustBeNew(ctx context.Context) error {
	first, err := s.isNew(ctx)
	if err == nil && !first {
		err = playlists.Problemf(playlists.NotFound, nil, "This bridge is set up already. Sign in.")
	}
	return err
}

// setUp connects the music server of whoever knows the code, and makes them the first account, an administrator.
func (s *site) setUp(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	if err := s.mustBeNew(r.Context()); err != nil {
		return err
	}
	view := connectView{Setup: true, Code: form.Get("code"), Server: cleanLine(form, "server"), User: cleanLine(form, "user"), Name: cleanLine(form, "name")}
	account, err := s.setUpWith(r.Context(), view, form)
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.showConnect(w, r, statusOfForm(err), view)
	}
	if err != nil {
		return err
	}
	if err := s.enter(r, account.ID); err != nil {
		return err
	}
	return goTo(w, r, "/playlists")
}

func (s *site) setUpWith(ctx context.Context, view connectView, form url.Values) (playlists.Account, error) {
	if s.SetupCode == "" || subtle.ConstantTimeCompare([]byte(strings.TrimSpace(view.Code)), []byte(s.SetupCode)) != 1 {
		return playlists.Account{}, playlists.Problemf(playlists.Forbidden, nil, "That is not the set-up code. It stands in the log of the program, or is what SONGFERRY_SETUP_CODE says.")
	}
	return s.connect(ctx, view, form.Get("password"), playlists.Account{Admin: true, MaxAudience: playlists.Public})
}

// connect makes a new account for a person whom their music server lets in, and reads their playlists.
func (s *site) connect(ctx context.Context, view connectView, password string, a playlists.Account) (playlists.Account, error) {
	if view.Name == "" {
		return playlists.Account{}, playlists.Problemf(playlists.Invalid, nil, "Say by which name others shall know you.")
	}
	if _, err := s.Music.Ask(ctx, view.Server, view.User, password); err != nil {
		return playlists.Account{}, err
	}
	a.Name = view.Name
	a, err := s.Store.AddAccount(ctx, a)
	if err != nil {
		return playlists.Account{}, err
	}
	if _, err := s.Music.Connect(ctx, a.ID, view.Server, view.User, password); err != nil {
		return playlists.Account{}, err
	}
	return a, s.Music.PollAccount(ctx, a.ID)
}

func (s *site) showConnect(w http.ResponseWriter, r *http.Request, status int, view connectView) error {
	return s.write(w, r, status, "connect", page{Title: s.words(r).say("Connect your music server"), Content: view})
}

func cleanLine(form url.Values, name string) string {
	return playlists.CleanText(form.Get(name), playlists.MaxText)
}
