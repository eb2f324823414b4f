package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
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
	sent, err := readUpload(w, r)
	view := followView{Target: sent.target}
	var id playlists.ID
	if err == nil {
		id, err = s.lookAt(r, v, sent)
	}
	if view.Problem = s.words(r).problem(err); view.Problem != "" {
		return s.showFollow(w, r, statusOfForm(err), view)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, "/lookups/"+string(id))
}

func (s *site) lookAt(r *http.Request, v visitor, sent upload) (playlists.ID, error) {
	if sent.file != nil {
		return s.lookups.add(r.Context(), v.ID, sent.name, sent.file)
	}
	if sent.target == "" {
		return "", playlists.Problemf(playlists.Invalid, nil, "Paste a handle or a link, or choose a file.")
	}
	target, err := federation.ParseTarget(sent.target)
	if err != nil {
		return "", err
	}
	return s.lookups.add(r.Context(), v.ID, target, nil)
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
