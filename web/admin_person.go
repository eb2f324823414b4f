package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// personView is what admin_person.html shows: one person, and what an administrator decides about them.
type personView struct {
	Person  person
	Rules   playlists.PersonRules
	Levels  []playlists.Audience // how far people may share, least first
	Adults  []playlists.Account  // who can be the person's guardian
	Problem string
}

var levels = []playlists.Audience{playlists.Private, playlists.Link, playlists.Followers, playlists.Unlisted, playlists.Public}

func (s *site) personPage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	view, err := s.personView(r)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "admin_person", page{Title: view.Person.Name, Content: view})
}

func (s *site) personView(r *http.Request) (personView, error) {
	a, err := s.Store.Account(r.Context(), playlists.ID(chi.URLParam(r, "id")))
	if err != nil {
		return personView{}, err
	}
	view := personView{Levels: levels, Rules: playlists.PersonRules{MaxAudience: a.MaxAudience, Admin: a.Admin, Child: a.Child, Guardian: a.Guardian}}
	if view.Person, err = s.person(r.Context(), a, s.words(r)); err != nil {
		return view, err
	}
	view.Adults, err = s.adultsBut(r.Context(), a.ID)
	return view, err
}

// adultsBut returns all who can be the guardian of somebody.
func (s *site) adultsBut(ctx context.Context, id playlists.ID) ([]playlists.Account, error) {
	all, err := s.Store.Accounts(ctx)
	return slices.DeleteFunc(all, func(a playlists.Account) bool { return a.Child || a.ID == id }), err
}

// changePerson keeps what an administrator decides about somebody.
func (s *site) changePerson(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	view, err := s.personView(r)
	if err != nil {
		return err
	}
	view.Rules = playlists.PersonRules{MaxAudience: playlists.Audience(form.Get("most")), Admin: form.Get("admin") != "",
		Child: form.Get("child") != "", Guardian: playlists.ID(form.Get("guardian"))}
	err = s.Store.SetPerson(r.Context(), view.Person.ID, view.Rules)
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.write(w, r, statusOfForm(err), "admin_person", page{Title: view.Person.Name, Content: view})
	}
	if err != nil {
		return err
	}
	s.tell(r, s.words(r).say("Saved: what %s may do.", view.Person.Name))
	return goTo(w, r, "/admin/people/"+string(view.Person.ID))
}

// removePerson deletes somebody's account, once the administrator has typed its name.
func (s *site) removePerson(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	view, err := s.personView(r)
	if err != nil {
		return err
	}
	err = playlists.Problemf(playlists.Invalid, nil, "Type the name exactly as it stands there: %s.", view.Person.Name)
	switch {
	case view.Person.ID == v.ID:
		err = playlists.Problemf(playlists.Invalid, nil, "Delete your own account in your settings, under “My data”.")
	case cleanLine(form, "name") == view.Person.Name:
		err = s.forgetAccount(r.Context(), view.Person.ID)
	}
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.write(w, r, statusOfForm(err), "admin_person", page{Title: view.Person.Name, Content: view})
	}
	if err != nil {
		return err
	}
	s.tell(r, s.words(r).say("The account of %s is deleted.", view.Person.Name))
	return goTo(w, r, "/admin/people")
}
