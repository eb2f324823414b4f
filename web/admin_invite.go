package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// invitedView is what admin_invite.html shows, once: only the page knows the secret in the link.
type invitedView struct {
	ForWhom string
	Link    string
	Reach   linkReach
	Home    bool
	Days    int // for which the link works
}

// inviteSomebody makes a one-time link, and shows it.
func (s *site) inviteSomebody(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	i := invitation{By: v.ID, ForWhom: cleanLine(form, "for"), Home: form.Get("home") != ""}
	secret, err := s.invite(r.Context(), i)
	if err != nil {
		return err
	}
	reach := s.linkReach(r, v)
	return s.write(w, r, http.StatusOK, "admin_invite", page{Title: s.words(r).say("An invitation"), Content: invitedView{
		ForWhom: i.ForWhom, Link: s.seenAddress(r, "/join/"+secret), Reach: linkReach{Home: reach.Home, MaySet: reach.MaySet}, Home: i.Home, Days: int(invitationTime.Hours() / 24)}})
}

// takeInvitationBack makes an open invitation worth nothing.
func (s *site) takeInvitationBack(w http.ResponseWriter, r *http.Request, _ visitor) error {
	if err := s.takeBack(r.Context(), playlists.ID(chi.URLParam(r, "id"))); err != nil {
		return err
	}
	s.tell(r, s.words(r).say("The invitation is taken back: its link works no more."))
	return goTo(w, r, "/admin/people")
}
