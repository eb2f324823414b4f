package web

import (
	"net/http"
	"strconv"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
)

// findQuery, behind the address of a playlist's page, asks where one track is found. Its value is the place in the list,
// from 1. A hundred tracks' links to every shop would weigh more than the playlist.
const findQuery = "find"

// foundView is what playlist_track.html shows: where a track is described and sold.
type foundView struct {
	playlists.Track
	Back  string // path of the playlist's page
	Found placesView
}

// trackPage answers findQuery. It is no page for search engines, whatever the playlist is.
func (s *site) trackPage(w http.ResponseWriter, r *http.Request, sh shared) error {
	p, err := s.trackOf(r, sh, sh.path())
	if err != nil {
		return err
	}
	return s.show(w, r, "playlist_track", p, sh.changed())
}

// trackOf is the page of the track that a request asks for. back is the path of the playlist's.
func (s *site) trackOf(r *http.Request, sh shared, back string) (page, error) {
	n, err := strconv.Atoi(r.URL.Query().Get(findQuery))
	if err != nil || n < 1 || n > len(sh.Playlist.Tracks) {
		return page{}, nothingHere(nil, r)
	}
	t := sh.Playlist.Tracks[n-1]
	found := placesOf(missing.Track{Track: t}.Links(), !sh.Curator.Child)
	return page{Title: s.words(r).say("Find “%s”", t.Title), Content: foundView{t, back, found}}, nil
}
