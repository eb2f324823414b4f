package web

import (
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

// maxTarget bounds a handle or an address, in runes.
const maxTarget = 2048

// followView is what follow.html shows: the form that takes whatever leads to a playlist.
type followView struct {
	Target  string
	Problem string
}

// followPage asks what to follow or import. Nothing is looked at yet.
func (s *site) followPage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	return s.showFollow(w, r, http.StatusOK, followView{})
}

func (s *site) showFollow(w http.ResponseWriter, r *http.Request, status int, view followView) error {
	return s.write(w, r, status, "follow", page{Title: s.words(r).say("Follow or import a playlist"), Content: view})
}

// follow keeps what is to be looked at, and shows how that goes on.
func (s *site) follow(w http.ResponseWriter, r *http.Request, v visitor) error {
	sent, err := readUpload(w, r, formats.MaxBytes)
	view := followView{Target: playlists.CleanText(sent.Get("target"), maxTarget)}
	var id playlists.ID
	if err == nil {
		id, err = s.lookAt(r, v, sent, view.Target)
	}
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.showFollow(w, r, statusOfForm(err), view)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/lookups/"+string(id))
}

// lookAt keeps that the visitor wants to see what is in a file or, without one, what leads from what they typed.
func (s *site) lookAt(r *http.Request, v visitor, sent upload, typed string) (playlists.ID, error) {
	if sent.FileName != "" || len(sent.File) > 0 {
		name, file, err := playlistIn(sent)
		if err != nil {
			return "", err
		}
		return s.lookups.add(r.Context(), v.ID, name, &file)
	}
	if typed == "" {
		return "", playlists.Problemf(playlists.Invalid, nil, "Paste a handle or a link, or choose a file.")
	}
	target, err := federation.ParseTarget(typed)
	if err != nil {
		return "", err
	}
	if token, ours := s.seenShare(r, target); ours {
		target = federation.ShareTarget(token)
	}
	return s.lookups.add(r.Context(), v.ID, target, nil)
}

// seenShare returns the token of a share link of this bridge that has no public address yet: its links begin with the address at
// which the browsers of those who live here find it.
func (s *site) seenShare(r *http.Request, target string) (token string, ours bool) {
	u, err := url.Parse(target)
	if err != nil || s.origin() != nil || u.Host != s.seenOrigin(r).Host {
		return "", false
	}
	return strings.CutPrefix(u.Path, "/s/")
}

// playlistIn reads the playlist in a file.
func playlistIn(u upload) (name string, p playlists.Playlist, err error) {
	// Some browsers send the whole path, which is nobody's business.
	name = playlists.CleanText(path.Base(strings.ReplaceAll(u.FileName, `\`, "/")), playlists.MaxText)
	p, err = formats.Read(name, u.File)
	if err == nil && len(p.Tracks) == 0 {
		err = playlists.Problemf(playlists.Invalid, nil, "%s names no tracks, so there is nothing to import.", name)
	}
	return name, p, err
}

// sharePage is what an installed Songferry shows when another app shares something with it: the form, filled in.
func (s *site) sharePage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	q := r.URL.Query()
	view := followView{Target: targetIn(q.Get("url"), q.Get("text"), q.Get("title"))}
	if view.Target == "" {
		view.Problem = s.words(r).say("There is no link in what was shared. Copy the playlist’s link in the other app, and paste it here.")
	}
	return s.showFollow(w, r, http.StatusOK, view)
}

var (
	linkPattern   = regexp.MustCompile(`https?://[^\s<>"“”«»]+`)
	handlePattern = regexp.MustCompile(`@[\p{L}\d_.-]+@[\p{L}\d.-]+(:\d+)?`)
)

// targetIn finds the link or the handle in texts that another app shares; apps put them anywhere, and words around them.
func targetIn(texts ...string) string {
	for _, pattern := range []*regexp.Regexp{linkPattern, handlePattern} {
		for _, text := range texts {
			text = playlists.CleanText(text, maxTarget)
			if found := strings.TrimRight(pattern.FindString(text), ".,;:!?)]}'’…"); found != "" {
				return found
			}
		}
	}
	return ""
}
