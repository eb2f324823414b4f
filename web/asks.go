package web

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// asksView is what asks.html shows: what children ask the visitor to let them share.
type asksView struct {
	Asks []playlists.Ask
}

func (s *site) asksPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	asks, err := s.Store.Asked(r.Context(), v.ID, v.Admin)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "asks", page{Title: s.words(r).say("Children ask"), Content: asksView{asks}})
}

// answerAsk lets a child share a playlist, or not.
func (s *site) answerAsk(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	asks, err := s.Store.Asked(r.Context(), v.ID, v.Admin)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(asks, func(a playlists.Ask) bool { return string(a.ID) == chi.URLParam(r, "id") })
	if i < 0 {
		return playlists.Problemf(playlists.NotFound, nil, "That was answered already.")
	}
	yes := form.Get("answer") == "yes"
	if err := s.Store.AnswerAsk(r.Context(), asks[i].ID, yes); err != nil {
		return err
	}
	said := s.words(r).say("%s stays private.", asks[i].Name)
	if yes {
		said = s.words(r).say("%s is shared now.", asks[i].Name)
	}
	s.tell(r, said)
	return goTo(w, r, "/asks")
}
