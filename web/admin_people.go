package web

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// peopleView is what admin_people.html shows: who has an account here, and who is invited.
type peopleView struct {
	People      []person
	Invitations []invitation
	Problem     string
}

// person is an account as administrators see it.
type person struct {
	playlists.Account
	Guardian string // the name of a child's, "" for all administrators
	Music    musicServer
}

// peopleRoutes are what administrators do about people.
func (s *site) peopleRoutes(r chi.Router) {
	r.Get("/admin", s.admins(func(w http.ResponseWriter, r *http.Request, _ visitor) error { return goTo(w, r, "/admin/people") }))
	r.Get("/admin/people", s.admins(s.peoplePage))
	r.Get("/admin/people/{id}", s.admins(s.personPage))
	r.Post("/admin/people/{id}", s.admins(s.changePerson))
	r.Post("/admin/people/{id}/remove", s.admins(s.removePerson))
	r.Post("/admin/invitations", s.admins(s.inviteSomebody))
	r.Post("/admin/invitations/{id}/takeback", s.admins(s.takeInvitationBack))
}

func (s *site) peoplePage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	view, err := s.peopleView(r)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "admin_people", page{Title: s.words(r).say("People"), Content: view})
}

func (s *site) peopleView(r *http.Request) (view peopleView, err error) {
	all, err := s.Store.Accounts(r.Context())
	if err != nil {
		return view, err
	}
	for _, a := range all {
		p, err := s.person(r.Context(), a, s.words(r))
		if err != nil {
			return view, err
		}
		view.People = append(view.People, p)
	}
	view.Invitations, err = s.invitations(r.Context())
	return view, err
}

// person returns how an account stands.
func (s *site) person(ctx context.Context, a playlists.Account, words words) (p person, err error) {
	p.Account = a
	if a.Guardian != "" {
		guardian, err := s.Store.Account(ctx, a.Guardian)
		if err != nil && playlists.CodeOf(err) != playlists.NotFound {
			return p, err
		}
		p.Guardian = guardian.Name
	}
	p.Music, err = s.musicServer(ctx, words, a.ID)
	return p, err
}

// upTo says how far somebody may share.
func (w words) upTo(a playlists.Audience) string {
	switch a {
	case playlists.Public:
		return w.say("may share with everyone")
	case playlists.Unlisted:
		return w.say("may share with everyone who knows the address")
	case playlists.Followers:
		return w.say("may share with followers whom they approve")
	case playlists.Link:
		return w.say("may share by secret link only")
	}
	return w.say("may share nothing")
}

// widest is upTo as a choice.
func (w words) widest(a playlists.Audience) string {
	switch a {
	case playlists.Public:
		return w.say("With everyone")
	case playlists.Unlisted:
		return w.say("With everyone who knows the address, listed nowhere")
	case playlists.Followers:
		return w.say("With followers whom they approve")
	case playlists.Link:
		return w.say("By secret link only")
	}
	return w.say("Not at all")
}
