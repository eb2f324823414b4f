package web

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// maxListHeld is the size of the largest list that a page hands on from the trial to the import, in bytes. A longer one
// is chosen twice.
const maxListHeld = 512 << 10

// serverListView is what serverlist.html shows: what a list of servers would change.
type serverListView struct {
	List    string // as it was read, "" when it is too long
	As      string // what the list does to its servers, "" for what it says itself
	Comment string
	Done    federation.Imported
	Masked  int // names that the list hides
}

// importServers reads a list of servers, shows what it would change and, when told so, changes it.
func (s *site) importServers(w http.ResponseWriter, r *http.Request, _ visitor) error {
	data, err := s.serverListIn(w, r)
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	as := federation.Severity(r.PostFormValue("as"))
	if as != federation.Suspend && as != federation.Silence && as != federation.Allow {
		as = ""
	}
	list, err := federation.ReadBlocklist(data, as)
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	trial := r.PostFormValue("now") == ""
	comment := playlists.CleanText(r.PostFormValue("comment"), playlists.MaxText)
	done, err := s.Fed.ImportDomains(r.Context(), list, comment, trial)
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	if !trial {
		s.tell(r, strings.Join(append(s.words(r).imported(done), s.words(r).swept(done.Swept)...), " "))
		return goTo(w, r, "/admin/servers")
	}
	view := serverListView{As: string(as), Comment: comment, Done: done, Masked: len(list.Masked)}
	if len(data) <= maxListHeld {
		view.List = string(data)
	}
	return s.write(w, r, http.StatusOK, "serverlist", page{Title: s.words(r).say("What the list would change"), Content: view})
}

// serverListIn returns the list that a form holds, as a file or as the trial handed it on.
func (s *site) serverListIn(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, federation.MaxBlocklist+maxForm)
	err := r.ParseMultipartForm(1 << 20)
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }() // what is left of it goes with the system's temporary files
	}
	if errors.Is(err, http.ErrNotMultipart) {
		return []byte(r.PostFormValue("list")), nil
	}
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "That form cannot be read. The list may have at most %d MB.",
			federation.MaxBlocklist>>20)
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "Choose a file with the list.")
	}
	defer file.Close()
	return io.ReadAll(file)
}

// imported says what a list did.
func (w words) imported(d federation.Imported) []string {
	return []string{
		w.count(d.Blocked, "%d server is blocked.", "%d servers are blocked."),
		w.count(d.Limited, "%d server is limited.", "%d servers are limited."),
		w.count(d.Allowed, "%d server is allowed.", "%d servers are allowed."),
	}
}
