package web

import "net/http"

// setIndexed lets search engines list the page of a playlist that everybody may see, or keeps them out again.
func (s *site) setIndexed(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	indexed := form.Get("indexed") == "yes"
	if err := s.Store.SetIndexed(r.Context(), p.ID, indexed); err != nil {
		return s.showListProblem(w, r, v, p, err)
	}
	said := s.words(r).say("Search engines are told to stay away.")
	if indexed {
		said = s.words(r).say("Search engines may list the page now.")
	}
	s.tell(r, said)
	return goTo(w, r, listPath(p.ID))
}
