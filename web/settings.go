package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// settingsView is what settings.html shows: what people decide about their own account.
type settingsView struct {
	Account   playlists.Account
	Languages []spoken // that the pages and messages speak
	Music     musicServer
	Policy    match.Policy // "" without a music server
	Handle    string       // @alice@music.example, "" for none
	Proven    string       // the fediverse account that is proven to be theirs, "" for none
	Asked     string       // the one that a code was sent to, "" for none
	Limits    federation.NewsLimits
	Asks      []playlists.Ask // of a child, that wait for a grown-up's answer
	Problem   string
}

// Public reports whether others can know the account on the fediverse: only then it has news, and can be written to.
func (v settingsView) Public() bool { return v.Account.Handle != "" }

// settingsRoutes are what people decide about their own account.
func (s *site) settingsRoutes(r chi.Router) {
	r.Get("/settings", s.own(s.settingsPage))
	r.Post("/settings/you", s.own(s.changeYou))
	r.Post("/settings/handle", s.own(s.changeHandle))
	r.Post("/settings/match", s.own(s.changeMatch))
	r.Post("/settings/news", s.own(s.changeNewsLimits))
	r.Post("/settings/library", s.own(s.readLibraryAgain))
	r.With(s.limited).Post("/settings/server", s.own(s.changeServer))
	r.With(s.limited).Post("/settings/proof", s.own(s.beginProof))
	r.With(s.limited).Post("/settings/proof/code", s.own(s.finishProof))
	r.Post("/settings/proof/forget", s.own(s.forgetProof))
	s.noticesRoutes(r)
	r.Get("/settings/data", s.own(s.dataPage))
	r.Get("/settings/export.zip", s.own(s.exportAll))
	r.Post("/settings/delete", s.own(s.deleteAccount))
}

func (s *site) settingsPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	view, err := s.settingsView(r, v)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "settings", page{Title: s.words(r).say("Settings"), Content: view})
}

func (s *site) settingsView(r *http.Request, v visitor) (view settingsView, err error) {
	view = settingsView{Account: v.Account, Languages: pageLanguages(v.Language), Handle: s.fediverseHandle(v.Handle),
		Asked: s.sessions.GetString(r.Context(), sessionProof)}
	if view.Handle == "" && v.Handle != "" {
		view.Handle = "@" + v.Handle
	}
	if view.Music, err = s.musicServer(r.Context(), s.words(r), v.ID); err != nil {
		return view, err
	}
	if view.Music.URL != "" {
		if view.Policy, err = s.Music.Policy(r.Context(), v.ID); err != nil {
			return view, err
		}
	}
	if view.Proven, err = s.Fed.ProvenHandle(r.Context(), v.ID); err != nil {
		return view, err
	}
	if view.Asks, err = s.Store.AsksOf(r.Context(), v.ID); err != nil {
		return view, err
	}
	view.Limits, err = s.Fed.NewsLimitsOf(r.Context(), v.ID)
	return view, err
}

// pageLanguages are those of the pages, and the one that an account has already.
func pageLanguages(now string) (all []spoken) {
	for _, l := range languagesWith(now) {
		if l.Tag == now || l.Tag == "en" || l.Tag == "fr" {
			all = append(all, l)
		}
	}
	return all
}

// settled ends a form of the settings: it goes on when err is nil, else shows the form again with what is wrong.
func (s *site) settled(w http.ResponseWriter, r *http.Request, v visitor, err error, said string) error {
	if err == nil {
		s.tell(r, said)
		return goTo(w, r, "/settings")
	}
	say := s.words(r).problem(err)
	if say == "" {
		return err
	}
	view, viewErr := s.settingsView(r, v)
	if viewErr != nil {
		return viewErr
	}
	view.Problem = say
	return s.write(w, r, statusOfForm(err), "settings", page{Title: s.words(r).say("Settings"), Content: view})
}
