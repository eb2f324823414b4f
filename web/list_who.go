package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// whoView is the choice of who may see a playlist.
type whoView struct {
	Audience playlists.Audience
	Max      playlists.Audience // the widest that the account may choose
	Raise    []string           // who can allow more
	Losing   int                // followers that the choice loses for good, when they are to be asked whether they mean it
}

// Bars reports whether the account may not choose an audience.
func (v whoView) Bars(a playlists.Audience) bool { return a.WiderThan(v.Max) }

// BarsChoice is Bars for one of the three choices: everyone may be with or without a tick below it.
func (v whoView) BarsChoice(choice string) bool {
	if a := playlists.Audience(choice); a != playlists.Public {
		return v.Bars(a)
	}
	return v.Bars(playlists.Unlisted)
}

func (s *site) whoView(ctx context.Context, v visitor, a playlists.Audience) (whoView, error) {
	view := whoView{Audience: a, Max: v.MaxAudience}
	if v.MaxAudience == playlists.Public {
		return view, nil
	}
	var err error
	view.Raise, err = s.namesOfAdmins(ctx)
	return view, err
}

// namesOfAdmins are whom somebody can ask who may not do something.
func (s *site) namesOfAdmins(ctx context.Context) (names []string, err error) {
	all, err := s.Store.Accounts(ctx)
	for _, a := range all {
		if a.Admin {
			names = append(names, a.Name)
		}
	}
	return names, err
}

// changeWho sets who may see a playlist. On the way to its first readers on the fediverse some questions are asked.
func (s *site) changeWho(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, form, err := s.ownedForm(w, r, v, maxForm)
	if err != nil {
		return err
	}
	a := audienceIn(form, v.MaxAudience)
	if a.Federated() && !a.WiderThan(v.MaxAudience) && s.isFirst(v) {
		return goTo(w, r, firstPath(p.ID, a))
	}
	losing, err := s.losing(r.Context(), v, p.ID, a)
	if err != nil {
		return err
	}
	if losing > 0 && form.Get("sure") == "" {
		return s.askWhetherSure(w, r, v, p, a, losing)
	}
	said, err := s.share(r, v, p.ID, a)
	if err != nil {
		return s.showListProblem(w, r, v, p, err)
	}
	s.tell(r, said)
	return goTo(w, r, listPath(p.ID))
}

// losing returns how many followers a playlist loses when it is shared with a from now on.
func (s *site) losing(ctx context.Context, v visitor, id playlists.ID, a playlists.Audience) (int, error) {
	pub, err := s.Store.Publication(ctx, id)
	if err != nil || !pub.Audience.Federated() || a.Federated() || !a.Valid() {
		return 0, err
	}
	standings, err := s.Fed.Standings(ctx, v.Account)
	return standings[pub.PublicID].Followers, err
}

// askWhetherSure shows the choice again: what it ends does not come back.
func (s *site) askWhetherSure(w http.ResponseWriter, r *http.Request, v visitor, p playlists.Playlist, a playlists.Audience, losing int) error {
	view, err := s.listView(r, v, p)
	if err != nil {
		return err
	}
	view.Who.Audience, view.Who.Losing = a, losing
	view.Problem = s.words(r).count(losing, "%d person follows this playlist. If you go on they lose it, and its address is gone for good.",
		"%d people follow this playlist. If you go on they lose it, and its address is gone for good.")
	return s.write(w, r, http.StatusUnprocessableEntity, "list", page{Title: p.Name, Content: view})
}

// share sets who may see a playlist, or asks the grown-up who answers for a child, and says which.
func (s *site) share(r *http.Request, v visitor, id playlists.ID, a playlists.Audience) (said string, err error) {
	if v.Child && a != playlists.Private {
		return s.words(r).say("You have asked. Once the grown-up who looks after your account says yes, it is shared."), s.Store.AskToPublish(r.Context(), id, a)
	}
	if _, err = s.Store.Publish(r.Context(), id, a); err != nil {
		return "", err
	}
	s.reviseListening(r.Context(), id)
	return s.words(r).shared(a), nil
}

// audienceIn reads the three choices and what is ticked below them.
func audienceIn(form url.Values, max playlists.Audience) playlists.Audience {
	a := playlists.Audience(form.Get("audience"))
	if a == playlists.Public && (form.Get("unlisted") != "" || max == playlists.Unlisted) {
		return playlists.Unlisted
	}
	return a
}

// who says who may see what has an audience.
func (w words) who(a playlists.Audience) string {
	switch a {
	case playlists.Link:
		return w.say("Anyone with the link")
	case playlists.Followers:
		return w.say("Followers you approve")
	case playlists.Unlisted:
		return w.say("Everyone, not listed")
	case playlists.Public:
		return w.say("Everyone")
	}
	return w.say("Only you")
}

// shared says what a choice has brought.
func (w words) shared(a playlists.Audience) string {
	switch a {
	case playlists.Link:
		return w.say("Here is the link. Whoever has it can see the playlist.")
	case playlists.Followers:
		return w.say("People can ask to follow the playlist now. They see it once you approve them.")
	case playlists.Unlisted:
		return w.say("Everyone who knows the address can see the playlist now.")
	case playlists.Public:
		return w.say("Everyone can see the playlist now.")
	}
	return w.say("Only you see the playlist now. What others have copied stays with them.")
}
