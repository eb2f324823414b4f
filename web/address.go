package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// addressForm asks where others find this bridge.
type addressForm struct {
	Address string
	Unsure  bool // it could not be reached, and they may say that it is right all the same
	Sure    bool // they do
}

func typedAddress(form url.Values) addressForm {
	return addressForm{Address: cleanLine(form, "address"), Sure: form.Get("sure") != ""}
}

// check refuses an address that the visitor may not set, or that does not lead here as far as can be seen.
func (f *addressForm) check(ctx context.Context, s *site, v visitor) error {
	if !s.maySetOrigin(v) {
		return playlists.Problemf(playlists.Forbidden, nil, "This bridge has no public address yet. An administrator sets it.")
	}
	if f.Sure {
		return nil
	}
	err := s.checkOrigin(ctx, f.Address)
	f.Unsure = playlists.CodeOf(err) == playlists.Unavailable
	return err
}

// maySetOrigin reports whether the visitor may say where this bridge is: nobody may where there is no administrator.
func (s *site) maySetOrigin(v visitor) bool { return v.Admin && s.SetOrigin != nil }

// addressView is what address.html shows.
type addressView struct {
	Form    addressForm
	Problem string
}

// addressPage asks an administrator for the public address of the bridge, while it has none.
func (s *site) addressPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.origin() != nil || s.SetOrigin == nil {
		return goTo(w, r, "/playlists")
	}
	return s.showOwn(w, r, "address", page{Title: s.words(r).say("The public address of this bridge"), Content: addressView{Form: addressForm{Address: s.suggestOrigin(r)}}})
}

// setAddress keeps it, for good.
func (s *site) setAddress(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	view := addressView{Form: typedAddress(form)}
	if err = view.Form.check(r.Context(), s, v); err == nil {
		err = s.SetOrigin(r.Context(), view.Form.Address)
	}
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.write(w, r, statusOfForm(err), "address", page{Title: s.words(r).say("The public address of this bridge"), Content: view})
	}
	if err != nil {
		return err
	}
	s.tell(r, s.words(r).say("Others find this bridge at %s now.", s.origin().Host))
	return goTo(w, r, "/playlists")
}

// linkReach says how far a link to this bridge carries while it has no public address. The zero linkReach: everywhere.
type linkReach struct {
	Home   bool // nobody can open it outside of this computer, or of the home network
	Copied bool // it may be opened everywhere, but other bridges cannot keep in step with what is there
	MaySet bool // the visitor may set the address
}

func (s *site) linkReach(r *http.Request, v visitor) linkReach {
	if s.origin() != nil {
		return linkReach{}
	}
	home := s.suggestOrigin(r) == ""
	return linkReach{Home: home, Copied: !home, MaySet: s.maySetOrigin(v)}
}
