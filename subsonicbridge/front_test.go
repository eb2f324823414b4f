package subsonicbridge_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
)

// front stands before a server. It breaks off requests, before or after the server did what they ask, and changes them
// into what a server with other habits would make of them.
type front struct {
	next  http.Handler
	habit func(method string, form url.Values) (newMethod string) // nil for none; it may change form

	mu     sync.Mutex
	count  int  // requests since arm
	breaks int  // from which one on they break off, from 1; 0 none
	after  bool // the server still does that one, and only its answer is lost
}

func (f *front) arm(n int, after bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count, f.breaks, f.after = 0, n, after
}

// requests returns how many came since arm.
func (f *front) requests() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

// reached reports whether the armed request came.
func (f *front) reached() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count >= f.breaks
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.count++
	broken, after, dead := f.breaks > 0 && f.count == f.breaks, f.after, f.breaks > 0 && f.count > f.breaks
	f.mu.Unlock()
	switch {
	case broken && after:
		f.next.ServeHTTP(httptest.NewRecorder(), f.changed(r))
		panic(http.ErrAbortHandler)
	case broken, dead:
		panic(http.ErrAbortHandler)
	}
	f.next.ServeHTTP(w, f.changed(r))
}

func (f *front) changed(r *http.Request) *http.Request {
	if f.habit == nil || r.ParseForm() != nil {
		return r
	}
	folder, file := path.Split(r.URL.Path)
	method := f.habit(strings.TrimSuffix(file, ".view"), r.Form)
	return httptest.NewRequest(http.MethodPost, folder+method+"?"+r.Form.Encode(), nil).WithContext(r.Context())
}

// appends is the habit of Funkwhale 2024: it adds the songs to a playlist that it should replace.
func appends(method string, form url.Values) string {
	if method != "createPlaylist" || form.Get("playlistId") == "" {
		return method
	}
	form["songIdToAdd"] = form["songId"]
	delete(form, "songId")
	return "updatePlaylist"
}

// drops is the habit of Navidrome to leave out, without a word, songs that it does not know.
func drops(song string) func(string, url.Values) string {
	return func(method string, form url.Values) string {
		for _, name := range []string{"songId", "songIdToAdd"} {
			form[name] = slices.DeleteFunc(form[name], func(id string) bool { return id == song })
		}
		return method
	}
}
