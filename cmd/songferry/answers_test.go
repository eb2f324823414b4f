package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

// oracle answers each question with another number, as what is kept does not.
type oracle struct {
	t       *testing.T
	answers *answerCache
	handler http.Handler
	version int64
	now     time.Time
	broken  error
	asked   int
	header  http.Header // of its answers
	status  int
}

func newOracle(t *testing.T) *oracle {
	o := &oracle{t: t, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), header: http.Header{"Vary": {"Accept, Signature", "Accept-Language"}}, status: http.StatusOK}
	o.answers = newAnswerCache(func() (int64, error) { return o.version, o.broken }, func() time.Time { return o.now })
	r := chi.NewRouter()
	r.Use(o.answers.again)
	r.HandleFunc("/*", func(w http.ResponseWriter, r *http.Request) {
		o.asked++
		for name, values := range o.header {
			w.Header()[name] = values
		}
		w.WriteHeader(o.status)
		fmt.Fprintf(w, "%d", o.asked)
	})
	o.handler = r
	return o
}

// hears asks, and returns the answer. header: name, value, …
func (o *oracle) hears(method, path string, header ...string) string {
	o.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	if w.Code != o.status || len(w.Header()["Vary"]) != len(o.header["Vary"]) {
		o.t.Errorf("%s: %d %v", path, w.Code, w.Header())
	}
	return w.Body.String()
}

// again reports whether a question is answered from what is kept.
func (o *oracle) again(method, path string, header ...string) bool {
	o.t.Helper()
	first := o.hears(method, path, header...)
	return first == o.hears(method, path, header...)
}

func TestTheSameQuestionIsAnsweredOnceInAMoment(t *testing.T) {
	t.Parallel()
	o := newOracle(t)
	for _, path := range []string{"/@alice", "/@alice?find=3", "/ap/playlists/x?page=1", "/.well-known/webfinger?resource=acct:alice@music.example"} {
		if !o.again(http.MethodGet, path) {
			t.Errorf("%s is made twice", path)
		}
	}
	first := o.hears(http.MethodGet, "/@alice")
	o.now = o.now.Add(keepAnswer)
	if o.hears(http.MethodGet, "/@alice") == first {
		t.Error("it is kept for longer than a moment")
	}
	first = o.hears(http.MethodGet, "/@alice")
	o.version++
	if o.hears(http.MethodGet, "/@alice") == first {
		t.Error("it outlives a change")
	}
	o.version--
	if o.hears(http.MethodGet, "/@alice") == first {
		t.Error("it comes back")
	}
	o.broken = errors.New("disk gone")
	if o.again(http.MethodGet, "/@alice") {
		t.Error("it is given out when nobody knows whether it holds")
	}
}

func TestOnlyTheSameQuestionIsTheSame(t *testing.T) {
	t.Parallel()
	o := newOracle(t)
	heard := map[string]bool{}
	for _, q := range [][]string{
		{"/@alice"}, {"/@alice?x"}, {"/@Alice"}, {"http://other.example/@alice"},
		{"/@alice", "Accept", "text/html"}, {"/@alice", "Accept", "application/json"}, {"/@alice", "Accept", "text/html", "Accept", "application/json"},
		{"/@alice", "Accept", "text/html,application/json"},
		{"/@alice", "Accept-Language", "fr"}, {"/@alice", "Accept-Encoding", "gzip"}, {"/@alice", "X-Forwarded-Host", "fr"},
	} {
		answer := o.hears(http.MethodGet, q[0], q[1:]...)
		if heard[answer] {
			t.Errorf("%v is taken for another question", q)
		}
		heard[answer] = true
	}
}

func TestWhatIsSomebodysOwnIsNotKept(t *testing.T) {
	t.Parallel()
	o := newOracle(t)
	for _, path := range []string{"/", "/s/token", "/playlists", "/readyz", "/static/x", "/embed/@alice"} {
		if o.again(http.MethodGet, path) {
			t.Errorf("%s is kept", path)
		}
	}
	for _, method := range []string{http.MethodHead, http.MethodPost} {
		if o.hears(method, "/@alice"); o.asked == 0 || o.again(http.MethodPost, "/ap/inbox") {
			t.Errorf("%s is kept", method)
		}
	}
	for _, name := range personal {
		if o.again(http.MethodGet, "/@alice", name, "x") {
			t.Errorf("what is asked with %s is kept", name)
		}
	}
	if o.again(http.MethodGet, "/@alice?"+strings.Repeat("x", maxAnswerKey)) {
		t.Error("a question that never ends is kept")
	}
	for what, header := range map[string]http.Header{
		"a cookie": {"Set-Cookie": {"a=b"}}, "what is private": {"Cache-Control": {"private, no-cache"}}, "what must not be stored": {"Cache-Control": {"no-store"}},
		"what depends on the browser": {"Vary": {"Accept", "Accept-Language, user-agent"}}, "what depends on anything": {"Vary": {"*"}},
	} {
		o := newOracle(t)
		o.header = header
		if o.again(http.MethodGet, "/@alice") {
			t.Errorf("%s is kept", what)
		}
	}
	for _, status := range []int{http.StatusNotFound, http.StatusGone, http.StatusFound, http.StatusInternalServerError} {
		o := newOracle(t)
		o.status = status
		if o.again(http.MethodGet, "/@alice") {
			t.Errorf("an answer of status %d is kept", status)
		}
	}
}

// Most who ask again have the page already.
func TestThatNothingIsNewIsSaidAgain(t *testing.T) {
	t.Parallel()
	version, made, tag := int64(1), 0, `"a"`
	a := newAnswerCache(func() (int64, error) { return version, nil }, time.Now)
	r := chi.NewRouter()
	r.Use(a.again)
	r.Get("/*", func(w http.ResponseWriter, r *http.Request) {
		made++
		w.Header().Set("Etag", tag)
		http.ServeContent(w, r, "x.txt", time.Time{}, strings.NewReader("what is there"))
	})
	asks := func(has string, status, madeSoFar int) {
		t.Helper()
		w, q := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/@alice", nil)
		q.Header.Set("If-None-Match", has)
		r.ServeHTTP(w, q)
		if w.Code != status || made != madeSoFar || w.Header().Get("Etag") != tag || (w.Body.Len() > 0) != (status == http.StatusOK) || status != http.StatusOK && w.Header()["Content-Length"] != nil {
			t.Errorf("who has %s is told %d %v %q, made %d times; want %d, %d times", has, w.Code, w.Header(), w.Body, made, status, madeSoFar)
		}
	}
	asks(`"a"`, 304, 1)
	asks(`"a"`, 304, 1)
	asks(`"b"`, 200, 2)
	asks(`"b"`, 200, 2)
	version, tag = 2, `"b"`
	asks(`"a"`, 200, 3)
	asks(`"b"`, 304, 4)
	asks(`"b"`, 304, 4)
}

// leaver is a reader who goes away within an answer.
type leaver struct{ *httptest.ResponseRecorder }

func (leaver) Write([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

func TestWhoLeavesCutsNobodysAnswerShort(t *testing.T) {
	t.Parallel()
	a := newAnswerCache(func() (int64, error) { return 1, nil }, time.Now)
	whole := strings.Repeat("0123456789abcdef", 8<<10)
	r := chi.NewRouter()
	r.Use(a.again)
	r.Get("/*", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "x.txt", time.Time{}, strings.NewReader(whole))
	})
	r.ServeHTTP(leaver{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/@alice", nil))
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/@alice", nil))
	if w.Body.String() != whole {
		t.Errorf("the next reader gets %d bytes of %d", w.Body.Len(), len(whole))
	}
}

func TestSoManyAnswersAreKept(t *testing.T) {
	t.Parallel()
	o := newOracle(t)
	for n := range 2 * maxAnswersKept / answerMinimum {
		o.hears(http.MethodGet, fmt.Sprintf("/@%d", n))
		if o.answers.size > maxAnswersKept || len(o.answers.kept)*answerMinimum > maxAnswersKept {
			t.Fatalf("%d answers of %d bytes are kept", len(o.answers.kept), o.answers.size)
		}
	}
	if !o.again(http.MethodGet, "/@last") {
		t.Error("once there were too many, none is kept")
	}
}

// A playlist changes hands and audience by commands, which are other processes: whoever asks next sees that.
func TestNobodyIsAnsweredWithWhatWasBefore(t *testing.T) {
	t.Parallel()
	i := installed(t)
	i.serve()
	const page = "/@alice_road_trip"
	sees := func(accept string, want int, text string) {
		t.Helper()
		for range 3 {
			code, body, err := get(i.url+page, accept)
			if err != nil || code != want || !strings.Contains(body, text) {
				t.Fatalf("%s: %d, %v, want %d and %q in\n%.2000s", accept, code, err, want, text, body)
			}
		}
	}
	for _, accept := range []string{"text/html", "application/activity+json"} {
		sees(accept, http.StatusOK, "Road trip")
		i.must("playlist", "edit", "--account", "alice", "--title", "By the sea", "Road trip")
		sees(accept, http.StatusOK, "By the sea")
		i.must("playlist", "edit", "--account", "alice", "--title", "", "By the sea")
		sees(accept, http.StatusOK, "Road trip")
	}
	i.must("playlist", "publish", "--account", "alice", "--audience", "followers", "Road trip")
	sees("text/html", http.StatusOK, "approved followers")
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	sees("text/html", http.StatusOK, "Harbour Lights")
	i.must("playlist", "publish", "--account", "alice", "--audience", "private", "Road trip")
	sees("text/html", http.StatusGone, "")
	sees("application/activity+json", http.StatusGone, "")
}
