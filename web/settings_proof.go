package web

import (
	"net/http"
	"strings"
)

// sessionProof is, in a session, the fediverse account that a code was sent to.
const sessionProof = "proof"

// beginProof sends a code to the fediverse account that the visitor says is theirs.
func (s *site) beginProof(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	handle, err := s.Fed.ProveBegin(r.Context(), v.ID, cleanLine(form, "handle"))
	if err == nil {
		s.sessions.Put(r.Context(), sessionProof, handle)
	}
	return s.settled(w, r, v, err, s.words(r).say("A code went to %s, as a private message. Enter it here.", handle))
}

// finishProof takes the code.
func (s *site) finishProof(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	handle, err := s.Fed.ProveFinish(r.Context(), v.ID, strings.TrimSpace(form.Get("code")))
	if err == nil {
		s.sessions.Remove(r.Context(), sessionProof)
	}
	return s.settled(w, r, v, err, s.words(r).say("%s is yours. This bridge writes to you there when something needs you.", handle))
}

// forgetProof ends that a fediverse account is the visitor's.
func (s *site) forgetProof(w http.ResponseWriter, r *http.Request, v visitor) error {
	s.sessions.Remove(r.Context(), sessionProof)
	return s.settled(w, r, v, s.Fed.ProveForget(r.Context(), v.ID), s.words(r).say("This bridge writes to that account no more."))
}
