package web

import (
	"net/http"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// readForm returns what a form sent, at most max bytes of it.
func readForm(w http.ResponseWriter, r *http.Request, max int64) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, max)
	if err := r.ParseForm(); err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "That form cannot be read.")
	}
	return r.PostForm, nil
}
