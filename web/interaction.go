package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// interactionView is what interaction.html shows: what a visitor of another server brought here. Target is all that the
// pages know of it, for it has not been fetched: strangers come here too, and a GET must neither change anything nor make
// this bridge ask others.
type interactionView struct {
	Import   bool   // else follow
	Target   string // handle or address
	SignIn   string // path of the page to sign in on, which leads back here; "" for who is signed in
	SignedIn string // name of who is
}

// authorizeInteraction is where other servers send the people of this bridge to follow something (OStatus; FEP-3b86).
func (s *site) authorizeInteraction(w http.ResponseWriter, r *http.Request) error {
	return s.interaction(w, r, "uri", false)
}

// importPage is where they are sent to import a playlist (FEP-3b86, Add).
func (s *site) importPage(w http.ResponseWriter, r *http.Request) error {
	return s.interaction(w, r, "url", true)
}

// interaction shows what is meant and how to go on. on-success and on-cancel of FEP-3b86 are not looked at: whoever made
// the link could send people anywhere by them.
func (s *site) interaction(w http.ResponseWriter, r *http.Request, parameter string, imports bool) error {
	given := r.URL.Query()[parameter]
	if len(given) != 1 {
		return playlists.Problemf(playlists.Invalid, nil, "This page wants to know what is meant.")
	}
	target, err := federation.ParseTarget(given[0])
	if err != nil {
		return err
	}
	view := interactionView{Import: imports, Target: target}
	if v, ok := visitorOf(r.Context()); ok {
		view.SignedIn = v.Name
	} else {
		view.SignIn = signInPath(r)
	}
	return s.write(w, r, http.StatusOK, "interaction", page{Title: view.title(s.words(r)), Content: view})
}

// title is what the visitor wants to do.
func (v interactionView) title(w words) string {
	if v.Import {
		return w.say("Import a playlist")
	}
	return w.say("Follow a playlist")
}

// IsHandle tells a handle from an address.
func (v interactionView) IsHandle() bool { return strings.HasPrefix(v.Target, "@") }

// meantRoutes are where other servers send the people of this bridge. Strangers come there too.
func (s *site) meantRoutes(r chi.Router) {
	r.Get("/authorize_interaction", s.answer(s.authorizeInteraction))
	r.Get("/import", s.answer(s.importPage))
}
