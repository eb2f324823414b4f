package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// maxListHeld is the size of the largest list that a page hands on from the trial to the import, in bytes. A longer one
// is chosen twice.
const maxListHeld = 512 << 10

// serverListView is what admin_servers_import.html shows: what a list of servers would change.
type serverListView struct {
	List    string // as it was read, "" when it is too long
	As      string // what the list does to its servers, "" for what it says itself
	Comment string
	Done    federation.Imported
	Masked  int // names that the list hides
}

// importServers reads a list of servers, shows what it would change and, when told so, changes it.
func (s *site) importServers(w http.ResponseWriter, r *http.Request, _ visitor) error {
	sent, err := readUpload(w, r, federation.MaxBlocklist)
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	data, as := sent.File, severityIn(sent.Values)
	if sent.FileName == "" {
		data = []byte(sent.Get("list")) // as the trial handed it on
	}
	if len(data) == 0 {
		return s.showServers(w, r, playlists.Problemf(playlists.Invalid, nil, "Choose a file with the list."), func(*serversView) {})
	}
	list, err := federation.ReadBlocklist(data, as)
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	trial, comment := sent.Get("now") == "", cleanLine(sent.Values, "comment")
	done, err := s.Fed.ImportDomains(r.Context(), list, comment, trial)
	if err != nil {
		return s.showServers(w, r, err, func(*serversView) {})
	}
	if !trial {
		s.tell(r, strings.Join(slices.Concat(s.words(r).imported(done), s.words(r).swept(done.Swept)), " "))
		return goTo(w, r, "/admin/servers")
	}
	view := serverListView{As: string(as), Comment: comment, Done: done, Masked: len(list.Masked)}
	if len(data) <= maxListHeld {
		view.List = string(data)
	}
	return s.write(w, r, http.StatusOK, "admin_servers_import", page{Title: s.words(r).say("What the list would change"), Content: view})
}

// severityIn reads what a list does to its servers, "" for what it says itself.
func severityIn(form url.Values) federation.Severity {
	switch as := federation.Severity(form.Get("as")); as {
	case federation.Suspend, federation.Silence, federation.Allow:
		return as
	}
	return ""
}

// imported says what a list did.
func (w words) imported(d federation.Imported) []string {
	return []string{
		w.count(d.Blocked, "%d server is blocked.", "%d servers are blocked."),
		w.count(d.Limited, "%d server is limited.", "%d servers are limited."),
		w.count(d.Allowed, "%d server is allowed.", "%d servers are allowed."),
	}
}
