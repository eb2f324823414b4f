package subsonictest

import (
	"io"
	"net/http"
)

// Mode is a way in which a Server fails.
type Mode string

const (
	Works         Mode = ""               // it does not
	Down          Mode = "down"           // connections break off without an answer
	BadGateway    Mode = "bad gateway"    // a reverse proxy's HTML page, status 502
	HTMLPage      Mode = "html page"      // an HTML page, status 200
	Slow          Mode = "slow"           // no answer until the client gives up
	WrongPassword Mode = "wrong password" // every login is refused
	NoPost        Mode = "no post"        // POST is answered with status 405
)

// Fail makes every request from now on fail in the given way; Works ends that.
func (s *Server) Fail(m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
}

// misbehave answers the request in the current mode; it reports whether it did.
func misbehave(mode Mode, w http.ResponseWriter, r *http.Request) bool {
	switch {
	case mode == Down:
		panic(http.ErrAbortHandler)
	case mode == BadGateway:
		writePage(w, http.StatusBadGateway, "<h1>502 Bad Gateway</h1><hr>nginx")
	case mode == HTMLPage:
		writePage(w, http.StatusOK, "<h1>Welcome</h1>")
	case mode == Slow:
		// net/http notices that the client has left only once the body is read.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case mode == NoPost && r.Method == http.MethodPost:
		writePage(w, http.StatusMethodNotAllowed, "<h1>Method Not Allowed</h1>")
	default:
		return false
	}
	return true
}

func writePage(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html><head><title>"+http.StatusText(status)+"</title></head><body>"+body+"</body></html>\n")
}
