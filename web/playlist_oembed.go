package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// oEmbedding says how another site shows a playlist (oembed.com, type "rich").
type oEmbedding struct {
	Version         string `json:"version"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	AuthorName      string `json:"author_name"`
	AuthorURL       string `json:"author_url"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	CacheAge        int    `json:"cache_age"` // seconds
	HTML            string `json:"html"`
	Width           int    `json:"width"`
	Height          int    `json:"height"`
	ThumbnailURL    string `json:"thumbnail_url,omitempty"`
	ThumbnailWidth  int    `json:"thumbnail_width,omitempty"`
	ThumbnailHeight int    `json:"thumbnail_height,omitempty"`
}

// oEmbed answers sites that were given the address of a playlist's page. Its statuses are the specification's: 501 for a
// format that there is not, 404 for what is not here, 401 for what is not for everybody.
func (s *site) oEmbed(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		return refuse(w, http.StatusNotImplemented)
	}
	handle, ok := s.handleIn(q.Get("url"))
	if !ok {
		return refuse(w, http.StatusNotFound)
	}
	sh, err := s.findByHandle(r.Context(), handle)
	switch {
	case playlists.CodeOf(err) == playlists.NotFound || playlists.CodeOf(err) == playlists.Gone:
		return refuse(w, http.StatusNotFound)
	case err != nil:
		return err
	case !sh.Audience.Open():
		return refuse(w, http.StatusUnauthorized)
	}
	body, err := json.Marshal(s.embedding(sh, limitOf(q, "maxwidth"), limitOf(q, "maxheight")))
	if err != nil {
		return err
	}
	w.Header().Set("Access-Control-Allow-Origin", "*") // pages with a script may ask too
	serve(w, r, "application/json", body, sh.changed())
	return nil
}

func refuse(w http.ResponseWriter, status int) error {
	http.Error(w, http.StatusText(status), status)
	return nil
}

func (s *site) embedding(sh shared, maxWidth, maxHeight int) oEmbedding {
	width, height := min(frameWidth, maxWidth), min(frameHeight, maxHeight)
	e := oEmbedding{Version: "1.0", Type: "rich", Title: sh.Playlist.Name, AuthorName: sh.Curator.Name, AuthorURL: s.absolute("@" + sh.Curator.Handle),
		ProviderName: "Songferry", ProviderURL: s.absolute("/"), CacheAge: 3600, HTML: s.frame(sh.Handle, width, height), Width: width, Height: height}
	if c := coverOf(sh.Publication, ""); c.Address != "" && c.Size <= min(maxWidth, maxHeight) {
		e.ThumbnailURL, e.ThumbnailWidth, e.ThumbnailHeight = s.origin().String()+c.Address, c.Size, c.Size
	}
	return e
}

// handleIn returns the handle in the address of a page of this bridge.
func (s *site) handleIn(address string) (string, bool) {
	base := s.origin()
	u, err := url.Parse(address)
	if err != nil || base == nil || u.Host != base.Host || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	handle, ok := strings.CutPrefix(strings.ToLower(u.Path), "/@")
	return handle, ok && playlists.ValidHandle(handle)
}

// limitOf reads a number of pixels; there is no limit where none, or none that makes sense, is given.
func limitOf(q url.Values, name string) int {
	const none = 10_000
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 1 || n > none {
		return none
	}
	return n
}
