package web

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// connectView is what connect.html shows: the form by which a person's music server is connected.
type connectView struct {
	Setup   bool   // the first of all, who needs the code from the log
	Inviter string // who invites, "" for nobody
	Code    string
	Server  string
	User    string
	Name    string // as others see it
	Problem string
}

// isNew reports whether nobody has an account on this bridge yet.
func (s *site) isNew(ctx context.Context) (bool, error) {
	any, err := s.Store.AnyAccount(ctx)
	return !any, err
}

// setupPage is the first page that whoever installed the bridge sees. Once there is an account there is no such page.
func (s *site) setupPage(w http.ResponseWriter, r *http.Request) error {
	if err := s.mustBeNew(r.Context()); err != nil {
		return err
	}
	if _, err := s.SetupCode(r.Context()); err != nil { // from now on it stands in the log
		return err
	}
	return s.showConnect(w, r, http.StatusOK, connectView{Setup: true, Server: s.FamilyServer})
}

// mustBeNew returns a problem once somebody has an account on this bridge.
func (s *site) mustBeNew(ctx context.Context) error {
	first, err := s.isNew(ctx)
	if err == nil && !first {
		err = playlists.AlreadySetUp()
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
	if err := s.enter(w, r, account.ID); err != nil {
		return err
	}
	return goTo(w, r, "/playlists")
}

// setUpWith asks the music server only for who knows the code.
func (s *site) setUpWith(ctx context.Context, view connectView, form url.Values) (playlists.Account, error) {
	if err := s.checkSetupCode(ctx, view.Code); err != nil {
		return playlists.Account{}, err
	}
	admission, err := s.admit(ctx, subsonicbridge.Anywhere, view, form.Get("password"))
	if err != nil {
		return playlists.Account{}, err
	}
	return s.addMember(ctx, playlists.Account{Name: view.Name, Admin: true, MaxAudience: playlists.Public}, admission)
}

// checkSetupCode refuses who does not know the code. It takes the same time for all codes of a length. Capitals, spaces and
// dashes do not count.
func (s *site) checkSetupCode(ctx context.Context, typed string) error {
	code, err := s.SetupCode(ctx)
	if err != nil {
		return err
	}
	wanted := bareCode(code)
	if len(wanted) == 0 || subtle.ConstantTimeCompare(bareCode(typed), wanted) != 1 {
		return playlists.Problemf(playlists.Forbidden, nil,
			"That is not the set-up code. Songferry printed it when it started, in the line with code=, or it is what SONGFERRY_SETUP_CODE says.")
	}
	return nil
}

// bareCode is a code without what people type differently. Phones turn a hyphen into a dash.
func bareCode(code string) []byte {
	return []byte(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, code))
}

// admit returns that a new person's music server lets them in.
func (s *site) admit(ctx context.Context, reach subsonicbridge.Reach, view connectView, password string) (subsonicbridge.Admission, error) {
	if view.Name == "" {
		return subsonicbridge.Admission{}, playlists.Problemf(playlists.Invalid, nil, "Say by which name others shall know you.")
	}
	admission, err := s.Music.Ask(ctx, reach, view.Server, view.User, password)
	if err == nil && admission.Account != "" {
		err = hereAlready()
	}
	return admission, err
}

func hereAlready() error {
	return playlists.Problemf(playlists.Invalid, nil, "You have an account here already. Sign in with the password of your music server.")
}

// addMember makes a new account for a person whom their music server lets in, and reads their playlists.
func (s *site) addMember(ctx context.Context, a playlists.Account, admission subsonicbridge.Admission) (playlists.Account, error) {
	a, err := s.keepMember(context.WithoutCancel(ctx), a, admission) // a browser that leaves must not leave half an account
	if err != nil {
		return playlists.Account{}, err
	}
	if err := s.Music.PollAccount(ctx, a.ID); err != nil {
		s.Log.Warn("first reading failed; it will be tried again", slog.String("account", string(a.ID)), slog.Any("error", err))
	}
	return a, nil
}

// keepMember keeps a new account with its music server, or nothing: who presses a button twice is one person. That one comes in at a time
// saves making an account only to delete it; that it is one at all processes the transaction of KeepFirst sees to.
func (s *site) keepMember(ctx context.Context, a playlists.Account, admission subsonicbridge.Admission) (playlists.Account, error) {
	s.joining.Lock()
	defer s.joining.Unlock()
	holder, err := s.Music.Holder(ctx, admission)
	if err == nil && holder != "" {
		err = hereAlready()
	}
	if err != nil {
		return a, err
	}
	add := s.Store.AddAccount
	if a.Admin {
		add = s.Store.AddFirstAccount
	}
	if a, err = add(ctx, a); err != nil {
		return a, err
	}
	if err = s.Music.KeepFirst(ctx, a.ID, admission); err == nil {
		return a, nil
	}
	if errors.Is(err, subsonicbridge.ErrHeld) {
		err = hereAlready()
	}
	return a, errors.Join(err, s.Store.DeleteAccount(ctx, a.ID))
}

func (s *site) showConnect(w http.ResponseWriter, r *http.Request, status int, view connectView) error {
	return s.write(w, r, status, "connect", page{Title: s.words(r).say("Connect your music server"), Content: view})
}
