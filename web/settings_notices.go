package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
)

// sessionEmail is, in a session, the e-mail address that a code was sent to.
const sessionEmail = "email"

// noticesView is what settings_notices.html shows: where a person is told what they should know.
type noticesView struct {
	Proven               string // the fediverse account that is proven to be theirs, "" for none
	Public               bool   // they can prove one
	Email, Ntfy, Webhook shownWay
	HasMail              bool   // this bridge can send e-mail
	Asked                string // the address that a code was sent to, "" for none
	Problem              string
}

// shownWay is one of them; without an Address nothing goes that way.
type shownWay struct {
	notify.Way
	Trouble string // why nothing arrives, "" when all is well
}

func (s *site) noticesRoutes(r chi.Router) {
	r.Get("/settings/notices", s.own(s.noticesPage))
	r.Post("/settings/notices/webhook", s.own(s.setWebhook))
	r.Post("/settings/notices/ntfy", s.own(s.setNtfy))
	r.With(s.limited).Post("/settings/notices/email", s.own(s.beginEmail))
	r.With(s.limited).Post("/settings/notices/email/code", s.own(s.finishEmail))
	r.With(s.limited).Post("/settings/notices/{way}/test", s.own(s.testWay))
	r.Post("/settings/notices/{way}/remove", s.own(s.removeWay))
}

func (s *site) noticesPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	view, err := s.noticesView(r, v)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "settings_notices", page{Title: s.words(r).say("Where messages reach you"), Content: view})
}

func (s *site) noticesView(r *http.Request, v visitor) (view noticesView, err error) {
	view = noticesView{Public: v.Handle != "", HasMail: s.Notify.HasMail(), Asked: s.sessions.GetString(r.Context(), sessionEmail)}
	if view.Proven, err = s.Fed.ProvenHandle(r.Context(), v.ID); err != nil {
		return view, err
	}
	ways, err := s.Notify.Ways(r.Context(), v.ID)
	shown := map[playlists.Way]shownWay{}
	for _, way := range ways {
		shown[way.Kind] = shownWay{way, way.Problem.In(s.words(r).say)}
	}
	view.Email, view.Ntfy, view.Webhook = shown[playlists.Email], shown[playlists.Ntfy], shown[playlists.Webhook]
	return view, err
}

// setNotices ends a form of that page: it goes on when err is nil, else shows the page again with what is wrong.
func (s *site) setNotices(w http.ResponseWriter, r *http.Request, v visitor, err error, said string) error {
	if err == nil {
		s.tell(r, said)
		return goTo(w, r, "/settings/notices")
	}
	say := s.words(r).problem(err)
	if say == "" {
		return err
	}
	view, viewErr := s.noticesView(r, v)
	if viewErr != nil {
		return viewErr
	}
	view.Problem = say
	return s.write(w, r, statusOfForm(err), "settings_notices", page{Title: s.words(r).say("Where messages reach you"), Content: view})
}

func (s *site) setWebhook(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	err = s.Notify.SetWebhook(r.Context(), v.ID, form.Get("address"))
	return s.setNotices(w, r, v, err, s.words(r).say("Saved. Send a test to see whether it arrives."))
}

func (s *site) setNtfy(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	err = s.Notify.SetNtfy(r.Context(), v.ID, form.Get("topic"), form.Get("token"))
	return s.setNotices(w, r, v, err, s.words(r).say("Saved. Send a test to see whether it arrives."))
}

// beginEmail sends a code to the address that the visitor says is theirs.
func (s *site) beginEmail(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	address, err := s.Notify.BeginEmail(r.Context(), v.ID, cleanLine(form, "email"))
	if err == nil {
		s.sessions.Put(r.Context(), sessionEmail, address)
	}
	return s.setNotices(w, r, v, err, s.words(r).say("A code went to %s. Enter it here.", address))
}

func (s *site) finishEmail(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	address, err := s.Notify.FinishEmail(r.Context(), v.ID, strings.TrimSpace(form.Get("code")))
	if err == nil {
		s.sessions.Remove(r.Context(), sessionEmail)
	}
	return s.setNotices(w, r, v, err, s.words(r).say("%s is yours. This bridge writes to you there when something needs you.", address))
}

func (s *site) testWay(w http.ResponseWriter, r *http.Request, v visitor) error {
	err := s.Notify.Test(r.Context(), v.ID, playlists.Way(chi.URLParam(r, "way")))
	return s.setNotices(w, r, v, err, s.words(r).say("The test was taken there. Look whether it has arrived."))
}

func (s *site) removeWay(w http.ResponseWriter, r *http.Request, v visitor) error {
	err := s.Notify.Remove(r.Context(), v.ID, playlists.Way(chi.URLParam(r, "way")))
	return s.setNotices(w, r, v, err, s.words(r).say("Nothing more is sent there."))
}
