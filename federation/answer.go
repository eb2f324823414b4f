package federation

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// document is an answer before it is written.
type document struct {
	body     any
	media    string // application/activity+json unless set
	tag      string // makes the ETag, when the body need not be built to know it
	modified time.Time
}

// unchanged says that the client has the newest version.
var errUnchanged = errors.New("not modified")

// answer turns a function that finds a document into a handler. The one place where errors become statuses: all that is
// not found has the same answer, be it secret or missing. With authorized fetch it answers signed requests only.
func (f *Federation) answer(find func(*http.Request) (document, error)) http.HandlerFunc {
	if !f.authorized {
		return f.answerAll(find)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache") // not for others who ask the same cache
		f.answerAll(f.signedOnly(find))(w, r)
	}
}

// answerAll is answer for what is open in any case.
func (f *Federation) answerAll(find func(*http.Request) (document, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Vary", "Accept, Signature, Signature-Input")
		if h.Get("Cache-Control") == "" { // else a stricter one, for a secret address
			h.Set("Cache-Control", "no-cache")
		}
		h.Set("X-Robots-Tag", "noindex")
		d, err := f.find(r, find)
		if errors.Is(err, errUnchanged) {
			h.Set("ETag", quoteTag(d.tag))
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if err == nil {
			err = f.write(w, r, d)
		}
		if err != nil && r.Context().Err() == nil { // else nobody waits for the answer any more
			f.refuse(w, r, err)
		}
	}
}

// find hides everything from those whom the administrator has blocked, as far as they say who they are: what is open may
// be read unsigned.
func (f *Federation) find(r *http.Request, find func(*http.Request) (document, error)) (document, error) {
	if f.hiddenFrom(r) {
		return document{}, notHere()
	}
	return find(r)
}

func (f *Federation) write(w http.ResponseWriter, r *http.Request, d document) error {
	body, err := json.Marshal(d.body)
	if err != nil {
		return err
	}
	if d.tag == "" {
		sum := sha256.Sum256(body)
		d.tag = hex.EncodeToString(sum[:12])
	}
	if d.media == "" {
		d.media = "application/activity+json"
	}
	w.Header().Set("ETag", quoteTag(d.tag))
	w.Header().Set("Content-Type", d.media)
	http.ServeContent(w, r, "", d.modified, bytes.NewReader(body))
	return nil
}

func quoteTag(tag string) string { return `"` + tag + `"` }

func (f *Federation) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := f.problemStatus(err)
	text := cmp.Or(playlists.Say(err), http.StatusText(status))
	if errors.Is(err, errUnsigned) {
		status, text = http.StatusUnauthorized, errUnsigned.Error()
		w.Header().Set("WWW-Authenticate", `Signature headers="(request-target) host date"`) // draft-cavage, 3.1.1
	}
	switch status {
	case http.StatusInternalServerError:
		f.log.Error("request failed", "route", routeOf(r), "error", err)
		text = "Something went wrong on this server."
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "60")
	case http.StatusNotFound:
		text = playlists.Say(notHere())
	case http.StatusGone:
		w.Header().Set("Content-Type", "application/activity+json")
		w.WriteHeader(status)
		// The connection may be gone as well; there is nobody left to tell.
		_ = json.NewEncoder(w).Encode(newTombstone(f.addr().Home()+r.URL.EscapedPath(), "", f.now()))
		return
	}
	http.Error(w, text, status)
}

// notHere is the one answer for what is missing and what is secret, whoever found that out.
func notHere() error { return playlists.Problemf(playlists.NotFound, nil, "There is nothing here.") }

func gone() error { return playlists.Problemf(playlists.Gone, nil, "This was withdrawn.") }

// has reports whether an If-None-Match header names tag (RFC 9110, section 13.1.2; weak comparison).
func has(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimSpace(t); t == tag || t == "W/"+tag || t == "*" {
			return true
		}
	}
	return false
}

// routeOf names an address of ours in the log, without what may be secret in it.
func routeOf(r *http.Request) string {
	if route := chi.RouteContext(r.Context()); route != nil {
		return route.RoutePattern()
	}
	return r.Method
}
