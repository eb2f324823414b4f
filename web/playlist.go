package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// playlistView is what playlist.html shows.
type playlistView struct {
	shared
	Handle  string // of the playlist, "@alice_roadtrip@b.example", or ""
	Address string // of the page
	Closed  bool   // for approved followers: a card without tracks
	Secret  bool   // known by its link only
	MovedTo NewHome
	Seconds int
	Cover   cover
	Files   []file
	Remote  *remoteForm // nil: visitors are offered no way to their own server
	Preview string      // its owner looks at it, and goes back there; else ""
}

// file is a download, and an alternate of the page.
type file struct {
	Name, Path, MediaType string
}

func (s *site) playlistPage(w http.ResponseWriter, r *http.Request, sh shared) error {
	path := sh.path()
	moved, err := s.movedTo(r.Context(), sh.PublicID)
	if err != nil {
		return err
	}
	view := playlistView{shared: sh, MovedTo: moved, Handle: s.fediverseHandle(sh.Handle), Address: s.absolute(path), Seconds: totalSeconds(sh.Playlist.Tracks),
		Closed: sh.Audience == playlists.Followers && !sh.Personal, Secret: sh.Audience == playlists.Link, Cover: coverOf(sh.Publication, s.words(r).say("Cover of %s", sh.Playlist.Name))}
	p := page{Title: s.words(r).say("%s · a playlist by %s", sh.Playlist.Name, sh.Curator.Name), Description: view.description(s.words(r)), Kind: "music.playlist", Address: view.Address,
		ActivityPub: view.Address, Content: &view}
	if sh.Personal {
		view.Handle, p.Address, p.ActivityPub = "", "", ""
	} else if !view.Secret {
		p.ActivityPub, p.Creator = s.actor(sh.PublicID), s.fediverseHandle(sh.Curator.Handle)
	}
	if s.Remote != nil && view.Address != "" {
		form := s.remoteForm(sh)
		view.Remote = &form
	}
	if view.Cover.Address != "" && view.Address != "" {
		preview := view.Cover
		preview.Address = view.Address + strings.TrimPrefix(preview.Address, path)
		p.Image = &preview
	}
	if !view.Closed {
		view.Files = filesOf(path)
		p.Files = view.Files
	}
	changed := sh.changed()
	if moved != (NewHome{}) {
		changed = time.Time{} // the page changed when it moved, which is not known here
	}
	return s.show(w, r, "playlist", p, changed)
}

// path is the address of the playlist's page on this bridge.
func (sh shared) path() string {
	if sh.Personal {
		return "/s/" + sh.Token
	}
	return pathOf(sh.Publication)
}

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
	return excerpt(w.summary(len(v.Playlist.Tracks), v.Seconds)+". "+v.Playlist.Summary, shown)
}

func filesOf(path string) []file {
	var out []file
	for _, f := range formats.Formats() {
		out = append(out, file{f.Name, path + "." + f.Extension, f.MediaType})
	}
	return out
}
