package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// joinPage shows whoever has a one-time link who invites them, and the form by which they connect their music server.
func (s *site) joinPage(w http.ResponseWriter, r *http.Request) error {
	_, inviter, err := s.invited(r)
	if err != nil {
		return err
	}
	return s.showConnect(w, r, http.StatusOK, connectView{Inviter: inviter.Name})
}

// invited returns the invitation that the address names, and who made it: an administrator, still.
func (s *site) invited(r *http.Request) (invitation, playlists.Account, error) {
	i, err := s.invitation(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return i, playlists.Account{}, err
	}
	inviter, err := s.Store.Account(r.Context(), i.By)
	if playlists.CodeOf(err) == playlists.NotFound || err == nil && !inviter.Admin {
		err = invitationOver()
	}
	return i, inviter, err
}

// join makes an account for whoever has a one-time link and a music server.
func (s *site) join(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	i, inviter, err := s.invited(r)
	if err != nil {
		return err
	}
	view := connectView{Inviter: inviter.Name, Server: cleanLine(form, "server"), User: cleanLine(form, "user"), Name: cleanLine(form, "name")}
	account, signInName, err := s.joinWith(r.Context(), i, view, form, chi.URLParam(r, "token"))
	if view.Problem = s.words(r).problem(err); view.Problem != "" && playlists.CodeOf(err) != playlists.Gone {
		return s.showConnect(w, r, statusOfForm(err), view)
	}
	if err != nil {
		return err
	}
	if err := s.enter(w, r, account.ID); err != nil {
		return err
	}
	s.tell(r, s.words(r).say("Welcome. From now on you sign in here as %s, with the password of your music server.", signInName))
	return goTo(w, r, "/playlists")
}

// joinWith asks the person's music server first: the invitation is only taken for somebody whom it lets in.
func (s *site) joinWith(ctx context.Context, i invitation, view connectView, form url.Values, secret string) (a playlists.Account, signInName string, err error) {
	reach := subsonicbridge.PublicOnly
	if i.Home {
		reach = subsonicbridge.Anywhere
	}
	admission, err := s.admit(ctx, reach, view, form.Get("password"))
	if err != nil {
		return a, "", err
	}
	if i, err = s.takeInvitation(ctx, secret); err != nil {
		return a, "", err
	}
	a, err = s.addMember(ctx, playlists.Account{Name: view.Name, MaxAudience: playlists.Link}, admission)
	if err != nil {
		return a, "", errors.Join(err, s.giveBack(context.WithoutCancel(ctx), i.ID))
	}
	return a, admission.SignInName(), nil
}
