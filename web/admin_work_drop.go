package web

import (
	"net/http"

	"github.com/songferry/songferry/federation"
)

// dropView is what admin_work_drop.html asks: whether to drop what waits for a server.
type dropView struct {
	federation.WaitingHost
}

// dropPage says what is lost when what waits for a server is dropped, and asks whether that is meant.
func (s *site) dropPage(w http.ResponseWriter, r *http.Request, _ visitor) error {
	waiting, err := s.Fed.WaitingFor(r.Context(), r.URL.Query().Get("host"))
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "admin_work_drop", page{Title: s.words(r).say("Drop what waits"), Content: dropView{waiting}})
}
