package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// sendFile sends a shared playlist in the format that the address ends in, or what else stands beside its page.
func (s *site) sendFile(w http.ResponseWriter, r *http.Request, sh shared) error {
	switch chi.URLParam(r, "extension") {
	case coverExtension:
		return s.sendCover(w, r, sh)
	case feedExtension:
		return s.sendFeed(w, r, sh)
	case qrExtension:
		return s.sendQR(w, r, sh)
	}
	format, ok := formats.ByExtension(chi.URLParam(r, "extension"))
	if !ok {
		return nothingHere(w, r)
	}
	p := sh.Playlist
	p.Curator = playlists.Curator{Name: sh.Curator.Name}
	if sh.Audience.Federated() {
		p.Curator.Handle = s.fediverseHandle(sh.Curator.Handle)
	}
	at := formats.Place{Page: s.absolute(sh.home()), Open: sh.Audience.Open()}
	if c := coverOf(sh.Publication, ""); c.Address != "" && at.Page != "" {
		at.Cover = at.Page + strings.TrimPrefix(c.Address, sh.home())
	}
	var body bytes.Buffer
	if err := format.Write(&body, p, at); err != nil {
		return fmt.Errorf("write %s: %w", format.Name, err)
	}
	attachment(w, fileName(p.Name, format.Extension))
	serve(w, r, format.MediaType, body.Bytes(), sh.changed())
	return nil
}
