package web

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// livez answers that the process runs, whatever else is broken.
func livez(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive") }

// readyz answers whether the bridge can do its work, and in a sentence why not.
func (s *site) readyz(w http.ResponseWriter, r *http.Request) {
	var err error
	if s.Ready != nil {
		err = s.Ready(r.Context())
	}
	if err == nil {
		s.unready.Store(nil)
		plain(w, http.StatusOK, "ready")
		return
	}
	// Anybody may ask, and some do every second: the log is told when the answer changes.
	why := err.Error()
	if before := s.unready.Swap(&why); before == nil || *before != why {
		s.Log.Warn("not ready", slog.Any("error", err))
	}
	say := playlists.Say(err)
	if say == "" {
		say = "The bridge is not ready; its log says why."
	}
	plain(w, http.StatusServiceUnavailable, say)
}

func plain(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, line+"\n") // a reader who left is no error of ours
}
