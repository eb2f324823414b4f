package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// remoteForm is the form by which a visitor goes on at their own server, and where they stand with it.
type remoteForm struct {
	Path     string // of the playlist's page, which names the playlist
	Object   string // what the visitor's server is asked for: the playlist's actor, or the address of one that is shared by link
	Handle   string // of the playlist, "@alice_roadtrip@b.example", or ""
	Secret   bool   // shared by link: there is nothing to follow
	Closed   bool   // for approved followers: there is nothing to import yet
	Name     string // of the playlist
	Visitor  string // what they typed, cleaned
	Import   bool
	Sentence string // why it cannot be done
	To       federation.Destination
	Download string // path of the playlist as a file, "" when there is none
}

// maxVisitor bounds what a visitor may type, in runes.
const maxVisitor = 2048

// remote says where a visitor goes on. It shows a link and sends nobody there: the visitor sees first where it leads, and
// no form of ours may end on another host.
func (s *site) remote(w http.ResponseWriter, r *http.Request) error {
	sent, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	if s.origin() == nil {
		return nothingHere(w, r)
	}
	sh, err := s.findByPath(r.Context(), sent.Get("playlist"))
	if err != nil {
		return err
	}
	if sh.Locked { // no other server can give its password
		return nothingHere(w, r)
	}
	form := s.remoteForm(sh)
	form.Visitor, form.Import = playlists.CleanText(sent.Get("address"), maxVisitor), form.Secret || !form.Closed && sent.Get("do") == "import"
	find := s.Fed.RemoteFollow
	if form.Import {
		find = s.Fed.RemoteImport
	}
	form.To, err = find(r.Context(), form.Visitor, form.Object, form.Handle)
	if form.Sentence = s.words(r).problem(err); err != nil && form.Sentence == "" {
		return err
	}
	return s.write(w, r, remoteStatus(err), "remote", page{Title: form.title(s.words(r)), Content: form})
}

// remoteStatus: whatever is wrong is with what the visitor typed, or with their server.
func remoteStatus(err error) int {
	switch {
	case err == nil:
		return http.StatusOK
	case playlists.CodeOf(err) == playlists.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

func (s *site) remoteForm(sh shared) remoteForm {
	f := remoteForm{Path: sh.path(), Object: s.actor(sh.PublicID), Handle: s.fediverseHandle(sh.Handle), Name: sh.Playlist.Name,
		Secret: sh.Audience == playlists.Link, Closed: sh.Audience == playlists.Followers}
	if f.Secret {
		f.Object = s.absolute(f.Path)
	}
	if !f.Closed {
		f.Download = f.Path + ".xspf"
	}
	return f
}

// Do is what the visitor wants to do, in the words of the form.
func (f remoteForm) Do() string {
	if f.Import {
		return "import"
	}
	return "follow"
}

func (f remoteForm) title(w words) string {
	if f.Import {
		return w.say("Import %s", f.Name)
	}
	return w.say("Follow %s", f.Name)
}

// findByPath finds a playlist by the path of its page.
func (s *site) findByPath(ctx context.Context, path string) (shared, error) {
	if token, ok := strings.CutPrefix(path, "/s/"); ok {
		return s.findByToken(ctx, token)
	}
	return s.findByHandle(ctx, strings.TrimPrefix(path, "/@"))
}

// remoteRoutes: the form changes nothing, but it makes this bridge ask other servers.
func (s *site) remoteRoutes(r chi.Router) {
	r.With(unindexed, s.limited).Post("/remote", s.answer(s.remote))
	r.With(unindexed).Get("/remote", s.answer(nothingHere))
}
