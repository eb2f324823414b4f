package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// takeChoice is how somebody wants to have a playlist.
type takeChoice struct {
	Mode       playlists.Mode
	OnWithdraw playlists.OnWithdraw
	Name       string // another one for a copy that is made once; "" for the playlist's own
}

func readChoice(form url.Values) takeChoice {
	c := takeChoice{Mode: playlists.Sync, OnWithdraw: playlists.Keep, Name: cleanLine(form, "name")}
	if form.Get("mode") == string(playlists.Once) {
		c.Mode = playlists.Once
	}
	if form.Get("withdrawn") == string(playlists.Drop) {
		c.OnWithdraw = playlists.Drop
	}
	return c
}

// take is the yes to what was looked at: from now on the account wants it. The daemon writes it.
func (s *site) take(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	row, err := s.lookups.get(r.Context(), v.ID, chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	if row.Result == nil || row.Result.Found == nil {
		return goTo(w, r, "/lookups/"+string(row.ID)) // there is nothing yet to say yes to
	}
	first, err := s.lookups.take(r.Context(), row.ID)
	if err != nil {
		return err
	}
	if !first { // the button was pressed twice
		return goTo(w, r, "/following/"+string(row.Want))
	}
	choice := readChoice(form)
	where, want, err := s.want(r, row, choice)
	if failure := s.lookups.took(r.Context(), row.ID, want); failure != nil {
		return errors.Join(err, failure)
	}
	if s.words(r).problem(err) != "" {
		return s.showRefused(w, r, row, choice, err)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, where)
}

// showRefused shows the form again with what is wrong.
func (s *site) showRefused(w http.ResponseWriter, r *http.Request, row lookup, choice takeChoice, problem error) error {
	view, err := s.lookupView(r, row)
	if err != nil {
		return err
	}
	view.Problem, view.Choice = s.words(r).problem(problem), choice
	return s.showLookup(w, r, statusOfForm(problem), view)
}

// want keeps that an account wants what was found, and returns the page where it goes on. want is "" for a person.
func (s *site) want(r *http.Request, row lookup, c takeChoice) (where string, want playlists.ID, err error) {
	ctx, found := r.Context(), *row.Result.Found
	if found.Person != nil {
		if _, err := s.Fed.WantPerson(ctx, row.Account, *found.Person, row.Target, c.OnWithdraw); err != nil {
			return "", "", err
		}
		s.tell(r, s.words(r).say("You follow %s. Their playlists appear here one by one.", found.Person.Name))
		return "/following", "", nil
	}
	if found.Local { // who may see it can have changed since, and that costs no question to others
		if found, err = s.Fed.Lookup(ctx, row.Account, row.Target); err != nil {
			return "", "", err
		}
	}
	if found.File {
		c.Mode = playlists.Once
	}
	if c.Mode == playlists.Once && c.Name != "" && found.Readable {
		found = renamed(found, c.Name)
	}
	w, err := s.Fed.Subscribe(ctx, row.Account, found, row.Target, c.Mode, c.OnWithdraw)
	return "/following/" + string(w.ID), w.ID, err
}

// renamed returns what was found under another name. It is a playlist of the account's own then, as one from a file is.
func renamed(found federation.Found, name string) federation.Found {
	p := found.Playlist
	p.ID, p.Origin, p.Source, p.Name = "", playlists.File, "", name
	return federation.Found{Playlist: p, Readable: true, File: true}
}
