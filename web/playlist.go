package web

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/playlists/liner"
)

// playlistView is what playlist.html shows.
type playlistView struct {
	shared
	Handle  string // of the playlist, "@alice_roadtrip@b.example", or ""
	Address string // of the page
	Closed  bool   // for approved followers: a card without tracks
	Secret  bool   // known by its link only
	MovedTo federation.NewHome
	Liner   template.HTML
	Rows    template.HTML // the tracks
	More    int           // tracks that are not among them
	Seconds int
	Shops   bool // tracks lead to them
	Cover   cover
	Files   []file
	Share   *shareView  // nil: there is no address to pass on
	Remote  *remoteForm // nil: visitors are offered no way to their own server
	Listen  string      // address of a page of the owner's music server, "" for none
	Preview string      // its owner looks at it, and goes back there; else ""
}

// LastDate is the last day on which the link works.
func (v playlistView) LastDate() time.Time { return lastDay(v.Expires) }

// file is a download, and an alternate of the page.
type file struct {
	Name, Path, MediaType string
}

func (s *site) playlistPage(w http.ResponseWriter, r *http.Request, sh shared) error {
	if r.URL.Query().Has(findQuery) {
		return s.trackPage(w, r, sh)
	}
	moved, err := s.Fed.MovedTo(r.Context(), sh.PublicID)
	if err != nil {
		return err
	}
	words := s.words(r)
	view := s.viewOf(words, sh)
	view.MovedTo = moved
	if err := s.addListening(r, view); err != nil {
		return err
	}
	changed := sh.changed()
	if moved != (federation.NewHome{}) || view.Listen != "" {
		changed = time.Time{} // the page changed when it moved or could be listened to, which is not known here
	}
	if sh.Audience == playlists.Public && sh.Indexed {
		w.Header().Set("X-Robots-Tag", robotsMayIndex)
	}
	return s.show(w, r, "playlist", s.headOf(words, view), changed)
}

// addListening adds where a playlist can be heard, for those who may see its tracks.
func (s *site) addListening(r *http.Request, view *playlistView) error {
	if view.Closed || view.Curator.Child {
		return nil
	}
	l, err := s.Music.Listening(r.Context(), view.Publication)
	view.Listen = l.Address
	return err
}

// viewOf is the page of a playlist with what leads to it, and on from it.
func (s *site) viewOf(words words, sh shared) *playlistView {
	path := sh.path()
	view := contentOf(words, sh)
	view.Address, view.Cover = s.absolute(path), coverOf(sh.Publication, words.say("Cover of %s", sh.Playlist.Name))
	if !sh.Personal {
		view.Handle = s.fediverseHandle(sh.Handle)
	}
	if view.Address != "" && !sh.Locked {
		form := s.remoteForm(sh)
		view.Remote = &form
	}
	if !view.Closed {
		view.Files = filesOf(path)
	}
	if view.Address != "" && !view.Closed && !sh.Personal {
		view.Share = s.shareOf(sh)
	}
	return view
}

// contentOf is what a page tells of a playlist wherever it is.
func contentOf(words words, sh shared) *playlistView {
	view := &playlistView{shared: sh, Closed: sh.Audience == playlists.Followers && !sh.Personal, Secret: sh.Audience == playlists.Link,
		Seconds: totalSeconds(sh.Playlist.Tracks), Shops: !sh.Curator.Child,
		Liner: linerNotes(sh.Playlist.Summary)}
	tracks := sh.Playlist.Tracks[:min(len(sh.Playlist.Tracks), maxShown)]
	view.Rows, view.More = trackRows(words, tracks, sh.Playlist.Language), len(sh.Playlist.Tracks)-len(tracks)
	return view
}

// path is the address of the playlist's page on this bridge.
func (sh shared) path() string {
	if sh.Personal {
		return "/s/" + sh.Token
	}
	return pathOf(sh.Publication)
}

// pathOf is the address of a publication's page, which is public or itself the secret.
func pathOf(pub playlists.Publication) string {
	if pub.Audience == playlists.Link {
		return "/s/" + pub.Token
	}
	return "/@" + pub.Handle
}

// home is the address that a file of the playlist names as its own: files are passed on, a personal link is not.
func (sh shared) home() string {
	sh.Personal = false
	return sh.path()
}

func (v playlistView) description(w words) string {
	if v.Closed {
		return w.say("A playlist for approved followers.")
	}
	const shown = 200 // runes, about what previews show
	return excerpt(strings.TrimSpace(w.summary(len(v.Playlist.Tracks), v.Seconds)+". "+liner.Text(string(v.Liner))), shown)
}

func filesOf(path string) []file {
	var out []file
	for _, f := range formats.Formats() {
		out = append(out, file{f.Name, path + "." + f.Extension, f.MediaType})
	}
	return out
}
