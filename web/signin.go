package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// maxPassword bounds what is taken for a password, in bytes.
const maxPassword = 4 << 10

// signInView is what signin.html shows.
type signInView struct {
	Name    string // as they typed it
	New     bool   // the family's music server knows them, and nobody here does
	Called  string // by others
	Next    string // where they go on
	Problem string
}

// signInPage asks for the name and the password of the visitor's music server: there are no others to remember.
func (s *site) signInPage(w http.ResponseWriter, r *http.Request) error {
	next := ownPath(r.URL.Query().Get("next"))
	if _, ok := visitorOf(r.Context()); ok {
		return goTo(w, r, next)
	}
	first, err := s.isNew(r.Context())
	if err != nil {
		return err
	}
	if first {
		return goTo(w, r, "/setup")
	}
	return s.showSignIn(w, r, http.StatusOK, signInView{Next: next})
}

func (s *site) showSignIn(w http.ResponseWriter, r *http.Request, status int, view signInView) error {
	return s.write(w, r, status, "signin", page{Title: s.words(r).say("Sign in"), Content: view})
}

// signIn lets in whom their music server lets in.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	asked := time.Now()
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	first, err := s.isNew(r.Context())
	if err != nil {
		return err
	}
	if first { // the family comes after the administrator, who knows the code
		return goTo(w, r, "/setup")
	}
	view := signInView{Name: cleanLine(form, "name"), Called: cleanLine(form, "called"), Next: ownPath(form.Get("next"))}
	account, wait, err := s.identify(r, &view, form.Get("password"))
	if wait > 0 {
		s.writeTooMany(w, r, wait)
		return nil
	}
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		alike(r.Context(), asked, s.RefusalTime)
		return s.showSignIn(w, r, statusOfForm(err), view)
	}
	if err != nil {
		return err
	}
	if account == "" {
		return s.showSignIn(w, r, http.StatusOK, view)
	}
	if err := s.enter(w, r, account); err != nil {
		return err
	}
	return goTo(w, r, view.Next)
}

// identify returns who gave a name and a password, once they are a person here. Where too many wrong ones were given, wait is
// when to come again.
func (s *site) identify(r *http.Request, view *signInView, password string) (account playlists.ID, wait time.Duration, err error) {
	try, wait, err := s.tryPassword(r, view.Name)
	if wait > 0 || err != nil {
		return "", wait, err
	}
	account, err = s.recognise(r, view.Name, password)
	if err != nil {
		account, err = s.newcomer(r.Context(), view, password, err)
	}
	if !subsonicbridge.Unauthorized(err) && playlists.CodeOf(err) != playlists.Forbidden {
		if failed := try.notCounted(r.Context()); failed != nil {
			return "", 0, failed
		}
	}
	return account, 0, err
}

// recognise returns whose name and password these are. The name may also be the account's public one.
func (s *site) recognise(r *http.Request, name, password string) (playlists.ID, error) {
	if name == "" || password == "" || len(password) > maxPassword {
		return "", playlists.Problemf(playlists.Invalid, nil, "Enter the name and the password that you use on your music server.")
	}
	also, err := s.alsoCalled(r.Context(), name)
	if err != nil {
		return "", err
	}
	return s.Music.Recognise(r.Context(), name, password, also)
}

// alsoCalled returns the account whose public name somebody gave, "" for none.
func (s *site) alsoCalled(ctx context.Context, name string) (playlists.ID, error) {
	a, err := s.Store.AccountByHandle(ctx, strings.ToLower(strings.TrimPrefix(name, "@")))
	if playlists.CodeOf(err) == playlists.NotFound {
		err = nil
	}
	return a.ID, err
}

// enter signs a browser in. What it held before is not believed any more, and was perhaps for another to read.
func (s *site) enter(w http.ResponseWriter, r *http.Request, account playlists.ID) error {
	if err := errors.Join(s.remember(w, r, account), s.sessions.RenewToken(r.Context()), s.sessions.Clear(r.Context())); err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionAccount, string(account))
	s.sessions.Put(r.Context(), sessionSince, playlists.Millis(s.Now()))
	return nil
}

// signOut forgets who sits at a browser.
func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return goTo(w, r, "/")
}

// signOutAll forgets a visitor in all browsers.
func (s *site) signOutAll(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := s.signOutEverywhere(r.Context(), v.ID); err != nil {
		return err
	}
	return s.signOut(w, r)
}
