package web

import (
	"net/http"
)

// blockPerson blocks one person on another server.
func (s *site) blockPerson(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	who := cleanLine(form, "person")
	blocked, swept, err := s.Fed.BlockActor(r.Context(), who, form.Get("comment"))
	if err != nil {
		return s.showServers(w, r, err, func(v *serversView) { v.Person = who })
	}
	s.tell(r, told(s.words(r).say("%s is blocked.", blocked.Handle), s.words(r).swept(swept)...))
	return goTo(w, r, "/admin/servers")
}

// unblockPerson takes that back.
func (s *site) unblockPerson(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	freed, _, err := s.Fed.UnblockActor(r.Context(), cleanLine(form, "person"))
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	s.tell(r, s.words(r).say("%s is blocked no more.", freed.Handle))
	return goTo(w, r, "/admin/servers")
}
