package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// firstView is what list_first.html shows: what is asked once, before others can follow something of the visitor's.
type firstView struct {
	ID       playlists.ID
	Name     string // of the playlist
	Audience playlists.Audience

	AskHandle  bool
	Handle     string
	AskAddress bool
	Place      addressForm
	Admins     []string // who can set the address, when the visitor cannot; else none
	Problem    string
}

func firstPath(id playlists.ID, a playlists.Audience) string {
	return listPath(id) + "/first?" + url.Values{"audience": {string(a)}}.Encode()
}

// isFirst reports whether something must be asked before others can follow what is the visitor's.
func (s *site) isFirst(v visitor) bool { return v.Handle == "" || s.origin() == nil }

// firstPage asks for the visitor's public name and, once for the whole bridge, its address.
func (s *site) firstPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	if !s.isFirst(v) {
		return goTo(w, r, listPath(p.ID))
	}
	view, err := s.firstView(r, v, p, playlists.Audience(r.URL.Query().Get("audience")))
	if err != nil {
		return err
	}
	view.Place.Address = s.suggestOrigin(r)
	if view.Handle, err = s.suggestHandle(r.Context(), v); err != nil {
		return err
	}
	return s.showOwn(w, r, "list_first", page{Title: s.words(r).say("Before others can follow you"), Content: view})
}

func (s *site) firstView(r *http.Request, v visitor, p playlists.Playlist, a playlists.Audience) (firstView, error) {
	view := firstView{ID: p.ID, Name: p.Name, Audience: a, AskHandle: v.Handle == "", AskAddress: s.origin() == nil}
	if !a.Federated() {
		view.Audience = playlists.Followers
	}
	if !view.AskAddress || s.maySetOrigin(v) {
		return view, nil
	}
	var err error
	view.Admins, err = s.namesOfAdmins(r.Context())
	return view, err
}

// first keeps the answers, for good, and publishes the playlist.
func (s *site) first(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, form, err := s.ownedForm(w, r, v, maxForm)
	if err != nil {
		return err
	}
	view, err := s.firstView(r, v, p, playlists.Audience(form.Get("audience")))
	if err != nil {
		return err
	}
	view.Handle = typedHandle(form)
	view.Place = typedAddress(form)
	err = s.publishFirst(r.Context(), v, p, &view)
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.write(w, r, statusOfForm(err), "list_first", page{Title: s.words(r).say("Before others can follow you"), Content: view})
	}
	if err != nil {
		return err
	}
	s.tell(r, s.words(r).shared(view.Audience))
	return goTo(w, r, listPath(p.ID))
}

// publishFirst does first what may be refused, and last what is for good.
func (s *site) publishFirst(ctx context.Context, v visitor, p playlists.Playlist, view *firstView) error {
	if view.Audience.WiderThan(v.MaxAudience) {
		_, err := s.Store.Publish(ctx, p.ID, view.Audience) // which says why not
		return err
	}
	if view.AskAddress {
		if err := view.Place.check(ctx, s, v); err != nil {
			return err
		}
	}
	if view.AskHandle {
		if err := s.chooseHandle(ctx, v, view.Handle); err != nil {
			return err
		}
	}
	if view.AskAddress {
		if err := s.SetOrigin(ctx, view.Place.Address); err != nil {
			return err
		}
	}
	_, err := s.Store.Publish(ctx, p.ID, view.Audience)
	return err
}
