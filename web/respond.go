package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// handler answers a request, or returns an error and has then written nothing.
type handler func(w http.ResponseWriter, r *http.Request) error

// answer is the one place that decides what becomes of an error: the log line, the status and the page.
func (s *site) answer(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil || errors.Is(r.Context().Err(), context.Canceled) {
			return // answered, or nobody waits for the answer any more
		}
		status := s.statusOf(err)
		if status == http.StatusInternalServerError {
			// The pattern, not the path: a path can be a secret.
			s.Log.Error("page failed", slog.String("route", chi.RouteContext(r.Context()).RoutePattern()), slog.Any("error", err))
		}
		s.writeError(w, r, status)
	}
}

// statusOf: an error without a code is our fault, but for a database that is away, full or locked.
func (s *site) statusOf(err error) int {
	switch playlists.CodeOf(err) {
	case playlists.NotFound, playlists.Forbidden: // secret and missing look alike
		return http.StatusNotFound
	case playlists.Gone:
		return http.StatusGone
	case playlists.Invalid:
		return http.StatusBadRequest
	case playlists.Unavailable:
		return http.StatusServiceUnavailable
	}
	if s.Unusable != nil && s.Unusable(err) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// writeError shows the page of an error status. It says the same whatever the cause, so that it tells no secret.
func (s *site) writeError(w http.ResponseWriter, r *http.Request, status int) {
	view, write := s.words(r).errorOf(status), s.write
	if status >= http.StatusInternalServerError { // what the menu needs may be what failed
		write = s.writeBare
	}
	if err := write(w, r, status, "error", page{Title: view.Title, Content: view}); err != nil {
		s.Log.Error("error page failed", slog.Any("error", err))
		http.Error(w, "Something went wrong on this bridge.", http.StatusInternalServerError)
	}
}

// write answers with the named template and a status. No cache keeps it: it is the answer to one request.
func (s *site) write(w http.ResponseWriter, r *http.Request, status int, name string, p page) error {
	if v, ok := visitorOf(r.Context()); ok {
		p.Visitor, p.Here = &v, menuPath(r)
		if v.Admin {
			p.Proxy = s.proxies.question(r)
		}
		var err error
		if p.Waiting, err = s.Fed.Waiting(r.Context(), v.Account); err != nil {
			return err
		}
		if p.Asks, err = s.Store.CountAsked(r.Context(), v.ID, v.Admin); err != nil {
			return err
		}
	}
	return s.writeBare(w, r, status, name, p)
}

// writeBare is write without what only a visitor who is signed in sees.
func (s *site) writeBare(w http.ResponseWriter, r *http.Request, status int, name string, p page) error {
	body, err := s.render(s.words(r), name, p)
	if err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", s.words(r).language)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader who left is no error of ours
	return nil
}

// showOwn answers a signed-in visitor with the named template, and with the news of what they just did.
func (s *site) showOwn(w http.ResponseWriter, r *http.Request, name string, p page) error {
	p.News = s.sessions.PopString(r.Context(), sessionNews)
	return s.write(w, r, http.StatusOK, name, p)
}

// menuPath is the entry of the menu that a page belongs to: the first part of its path, or what that leads to.
func menuPath(r *http.Request) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch first {
	case "follow", "lookups", "share", "import", "authorize_interaction":
		first = "following"
	}
	return "/" + first
}

// show answers with the named template. changed is when the content last changed, zero when unknown.
func (s *site) show(w http.ResponseWriter, r *http.Request, name string, p page, changed time.Time) error {
	words := s.words(r)
	body, err := s.render(words, name, p)
	if err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	w.Header().Set("Content-Language", words.language)
	w.Header().Add("Vary", "Accept-Language")
	if p.ActivityPub != "" { // for those who ask with HEAD, or do not read HTML
		w.Header().Set("Link", "<"+p.ActivityPub+`>; rel="alternate"; type="application/activity+json"`)
	}
	serve(w, r, "text/html; charset=utf-8", body, changed)
	return nil
}

// serve answers with body, or with 304 when the client has it. Caches may keep it but ask each time. The tag is a weak one
// since it is the same however the body is compressed.
func serve(w http.ResponseWriter, r *http.Request, mediaType string, body []byte, changed time.Time) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	sum := sha256.Sum256(body)
	h.Set("ETag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, "", changed, bytes.NewReader(compressed(w, r, mediaType, body)))
}

// attachment makes what is sent a download that is called name.
func attachment(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// unhurried lets an answer take longer than others, for as long as d.
func unhurried(w http.ResponseWriter, d time.Duration) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d)) // a server that has no deadlines needs none put off
}

// nothingHere answers that there is no such page.
func nothingHere(http.ResponseWriter, *http.Request) error {
	return playlists.Problemf(playlists.NotFound, nil, "There is no such page.")
}

// tell keeps a sentence that the next page shows first.
func (s *site) tell(r *http.Request, sentence string) {
	s.sessions.Put(r.Context(), sessionNews, sentence)
}

// goTo ends what a form asked for: the browser loads the page at path, so that loading it again repeats nothing.
func goTo(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}
