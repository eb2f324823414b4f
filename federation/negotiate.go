package federation

import (
	"net/http"
	"strconv"
	"strings"
)

// Negotiate answers ActivityPub clients on the addresses that pages and documents share (/@handle, /s/TOKEN and /ns), and
// passes everybody else on.
func (f *Federation) Negotiate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.public() && (r.Method == http.MethodGet || r.Method == http.MethodHead) && wantsActivity(r.Header.Get("Accept")) {
			if r.URL.Path == vocabularyPath {
				f.context(w, r)
				return
			}
			kind, name, rest, ok := f.addr().Parse(f.addr().Home() + r.URL.EscapedPath())
			if ok && (kind == shareAddress || kind == profileAddress && (rest == "" || plainSegment(rest))) {
				f.answer(func(r *http.Request) (document, error) {
					switch {
					case kind == shareAddress:
						return f.share(r, name, rest)
					case rest != "":
						return f.noteByID(r, rest)
					}
					return f.profile(r, name)
				})(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// share answers for a share link: the collection behind it, or one of its rows.
func (f *Federation) share(r *http.Request, token, rest string) (document, error) {
	pub, err := f.store.PublicationByToken(r.Context(), token)
	if err != nil {
		return document{}, err
	}
	if !pub.Live() {
		return document{}, gone()
	}
	if pub.Locked { // only a browser can be asked for a password
		return document{}, notHere()
	}
	if rest == "" {
		return f.list(r, pub)
	}
	item, ok := strings.CutPrefix(rest, "items/")
	if !ok {
		return document{}, notHere()
	}
	return f.row(r.Context(), pub, item)
}

// profile answers for the page of an account or a playlist with its actor.
func (f *Federation) profile(r *http.Request, handle string) (document, error) {
	if a, err := f.store.AccountByHandle(r.Context(), handle); err == nil {
		return f.actorByID(r.Context(), a.PublicID)
	} else if !isNotFound(err) {
		return document{}, err
	}
	pub, err := f.store.PublicationByHandle(r.Context(), handle)
	if err != nil {
		return document{}, err
	}
	return f.actorByID(r.Context(), pub.PublicID)
}

// maxRanges bounds how many media ranges of an Accept header are looked at.
const maxRanges = 50

// wantsActivity reports whether an Accept header prefers ActivityPub to a page: one of its types stands there by name,
// and text/html has no higher quality (RFC 9110, section 12.5.1). */* gets the page.
func wantsActivity(accept string) bool {
	activity, page := 0.0, 0.0
	for i, part := range strings.SplitN(accept, ",", maxRanges+1) {
		if i == maxRanges {
			break
		}
		media, q := mediaRange(part)
		switch media {
		case "application/activity+json", "application/ld+json":
			activity = max(activity, q)
		case "text/html":
			page = max(page, q)
		}
	}
	return activity > 0 && activity >= page
}

func mediaRange(part string) (media string, q float64) {
	media, params, _ := strings.Cut(part, ";")
	q = 1
	for _, p := range strings.Split(params, ";") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				q = 0
			}
		}
	}
	return strings.ToLower(strings.TrimSpace(media)), q
}
