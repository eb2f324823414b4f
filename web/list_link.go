package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/songferry/songferry/playlists"
)

// setTerms keeps until when and with which password a link works.
func (s *site) setTerms(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	terms, err := termsIn(form)
	if err == nil {
		_, err = s.Store.SetLinkTerms(r.Context(), p.ID, terms)
	}
	if err != nil {
		return s.showListProblem(w, r, v, p, err)
	}
	s.tell(r, s.words(r).say("Saved."))
	return goTo(w, r, listPath(p.ID))
}

// termsEnd is from the beginning of a link's last day in UTC to when the link ends: when the day is over everywhere, since
// no link shall end before its owner expects it.
const termsEnd = 36 * time.Hour

// termsIn reads the terms of a link.
func termsIn(form url.Values) (t playlists.LinkTerms, err error) {
	if day := form.Get("until"); day != "" {
		if t.Expires, err = time.Parse(time.DateOnly, day); err != nil {
			return t, playlists.Problemf(playlists.Invalid, err, "Write the day as year-month-day, like 2027-05-31.")
		}
		t.Expires = t.Expires.Add(termsEnd)
	}
	password := form.Get("password")
	switch {
	case form.Get("open") != "":
		t.Password = new(string)
	case password != "":
		t.Password = &password
	}
	return t, nil
}

// newLink gives a playlist another link, after which the old one leads nowhere.
func (s *site) newLink(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	if _, err := s.Store.NewLink(r.Context(), p.ID); err != nil {
		return s.showListProblem(w, r, v, p, err)
	}
	s.tell(r, s.words(r).say("Here is the new link. The old one leads nowhere now."))
	return goTo(w, r, listPath(p.ID))
}
