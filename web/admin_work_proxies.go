package web

import (
	"net/http"
	"net/netip"

	"github.com/songferry/songferry/playlists"
)

// decideProxy takes an administrator's word about a proxy, or forgets it.
func (s *site) decideProxy(w http.ResponseWriter, r *http.Request, _ visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	address, err := netip.ParseAddr(form.Get("address"))
	if err != nil {
		return playlists.Problemf(playlists.Invalid, err, "That is not the address of a proxy.")
	}
	said := ""
	switch form.Get("do") {
	case "trust":
		err, said = s.proxies.decide(r.Context(), address, true), s.words(r).say("The proxy at %s is trusted from now on.", address)
	case "refuse":
		err, said = s.proxies.decide(r.Context(), address, false), s.words(r).say("The proxy at %s is not believed, and not asked about again.", address)
	case "forget":
		err, said = s.proxies.forget(r.Context(), address), s.words(r).say("What was said of the proxy at %s is forgotten.", address)
	default:
		return nothingHere(w, r)
	}
	if err != nil {
		return err
	}
	s.tell(r, said)
	return goTo(w, r, "/admin/work")
}
