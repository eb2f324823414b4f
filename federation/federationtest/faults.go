package federationtest

import (
	"io"
	"log"
	"net/http"
	"strings"
)

// quiet is a log for a server whose clients hang up on purpose.
var quiet = log.New(io.Discard, "", 0)

// Fail lets fault answer every request for path, query included; for "" all requests that have no fault of their own.
func (i *Instance) Fail(path string, fault http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults[path] = fault
}

// Leave ends the instance: nobody listens there any more.
func (i *Instance) Leave() { i.server.Close() }

// Heal ends what Fail began.
func (i *Instance) Heal(path string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.faults, path)
}

// Status answers with a status and no useful body.
func Status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Error(w, http.StatusText(code), code) }
}

// Redirect leads to another address.
func Redirect(to string, code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(code)
	}
}

// Answer answers 200 with a body of any type.
func Answer(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body) // the client may have hung up
	}
}

// Endless answers with a body that never ends, as fast as the client reads.
func Endless() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/activity+json")
		chunk := strings.Repeat(`{"a":`, 1000)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	}
}

// Hang gives no answer until the client leaves or the test ends.
func (i *Instance) Hang() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-i.done:
		}
	}
}

// HangInBody begins an answer and gives the rest to nobody.
func (i *Instance) HangInBody() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/activity+json")
		_, _ = io.WriteString(w, `{"id":`)
		w.(http.Flusher).Flush()
		i.Hang()(w, r)
	}
}
