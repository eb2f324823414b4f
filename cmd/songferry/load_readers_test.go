//go:build load

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

const (
	loadTime    = 2 * time.Second // of one measurement
	loadRounds  = 7               // of each question, ours and the bare handler's in turn; the median counts
	loadClients = 8               // at a time
)

// question is a request that is asked again and again.
type question struct {
	name    string
	method  string
	path    string
	headers map[string]string
	body    string
}

// TestLoadOfReaders measures how fast the daemon answers beside a handler that does nothing but send the same bytes.
func TestLoadOfReaders(t *testing.T) {
	i, d, questions := toLoad(t)
	var bare []recorded
	for _, q := range questions {
		bare = append(bare, q.record(t, i.url))
	}
	other := startBare(t, bare)
	ask, how := loader(t)
	t.Logf("%s, %d clients, %d rounds of %v", how, loadClients, loadRounds, loadTime)
	for n, q := range questions {
		var ours, theirs, ratios, cpu []float64
		for range loadRounds {
			before := d.usage()
			a := ask(t, i.url, q)
			cpu = append(cpu, micros(d.usage().since(before), int(a*loadTime.Seconds())))
			b := ask(t, fmt.Sprintf("%s/%d", other, n), question{q.name, q.method, "", q.headers, q.body})
			ours, theirs, ratios = append(ours, a), append(theirs, b), append(ratios, a/b)
		}
		t.Logf("%-34s %8.0f/s, bare %8.0f/s, %3.0f %%; CPU %4.0f µs each; %d bytes", q.name, median(ours), median(theirs), 100*median(ratios), median(cpu), len(bare[n].Body))
	}
}

func median(of []float64) float64 { return slices.Sorted(slices.Values(of))[len(of)/2] }

// toLoad starts a bridge with a published playlist of a hundred tracks, and what is asked of it.
func toLoad(t *testing.T) (*installation, *daemon, []question) {
	t.Helper()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("alice", "secret")
	var ids []string
	for n := range 100 {
		ids = append(ids, server.AddSong(track(fmt.Sprintf("The Lanterns %d", n%17), fmt.Sprintf("Harbour Lights, part %d", n), 180+n)))
	}
	server.AddPlaylist("alice", "Road trip", ids...)
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	i := install(t, "SONGFERRY_POLL_INTERVAL=1h", "SONGFERRY_LOG_LEVEL=warn")
	i.addAccount("alice", music.URL, "secret")
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	d := i.serve()
	list := i.collectionOf("/@alice_road_trip")
	html := map[string]string{"Accept": "text/html", "Accept-Language": "en"}
	zipped := map[string]string{"Accept": "text/html", "Accept-Language": "en", "Accept-Encoding": "gzip"}
	ap := map[string]string{"Accept": "application/activity+json"}
	page := question{"page", http.MethodGet, "/@alice_road_trip", html, ""}
	unchanged, own := maps.Clone(html), maps.Clone(html)
	unchanged["If-None-Match"] = page.record(t, i.url).Header.Get("Etag")
	own["Cookie"] = "from=a visitor who may be somebody" // whose answers are nobody else's
	resource := "acct:alice_road_trip@" + strings.TrimPrefix(i.url, "http://")
	return i, d, []question{
		{"page, not changed since", http.MethodGet, "/@alice_road_trip", unchanged, ""},
		{"page, compressed", http.MethodGet, "/@alice_road_trip", zipped, ""},
		page,
		{"page, built for each", http.MethodGet, "/@alice_road_trip", own, ""},
		{"page of a collection", http.MethodGet, list + "?page=1", ap, ""},
		{"actor", http.MethodGet, "/@alice_road_trip", ap, ""},
		{"WebFinger", http.MethodGet, "/.well-known/webfinger?resource=" + resource, nil, ""},
		i.signed(),
	}
}

// collectionOf is the path of a published playlist's collection.
func (i *installation) collectionOf(page string) string {
	i.t.Helper()
	_, body, err := get(i.url+page, "application/activity+json")
	if err != nil {
		i.t.Fatal(err)
	}
	m := regexp.MustCompile(`"` + regexp.QuoteMeta(i.url) + `(/ap/collections/[^"?]+|/ap/playlists/[^"?]+)"`).FindStringSubmatch(body)
	if m == nil {
		i.t.Fatalf("no collection in %s", body)
	}
	return m[1]
}

// signed is an activity of somebody elsewhere that concerns nobody here, as most that a server is sent. What is measured is reading,
// the signature, and finding that out: what is kept has an hourly quota, which is soon spent.
func (i *installation) signed() question {
	i.t.Helper()
	there := federationtest.New(i.t)
	bob := there.AddActor("bob", nil)
	body, err := json.Marshal(map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": bob.ID + "#likes/1", "type": "Like",
		"actor": bob.ID, "object": there.URL + "/notes/1"})
	if err != nil {
		i.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, i.url+"/ap/inbox", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/activity+json")
	federationtest.Prepare(r, body, time.Now())
	bob.Signature().Sign(i.t, r)
	headers := map[string]string{"Host": strings.TrimPrefix(i.url, "http://")}
	for name := range r.Header {
		headers[name] = r.Header.Get(name)
	}
	return question{"inbox, a signed activity", http.MethodPost, "/ap/inbox", headers, string(body)}
}

// recorded is an answer that the bare handler repeats.
type recorded struct {
	Status int
	Header http.Header
	Body   []byte
}

func (q question) request(t testing.TB, origin string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.method, origin+q.path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range q.headers {
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	return r
}

// raw asks without compression of the client's own.
var raw = &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: loadClients}}

func (q question) record(t *testing.T, origin string) recorded {
	t.Helper()
	res, err := raw.Do(q.request(t, origin))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified {
		t.Fatalf("%s: %s, %v\n%s", q.name, res.Status, err, body)
	}
	res.Header.Del("Date")
	return recorded{res.StatusCode, res.Header, body}
}

// bareAnswers is the variable that makes a test binary a bare server; see startBare.
const bareAnswers = "SONGFERRY_TEST_BARE"

func init() {
	if os.Getenv(bareAnswers) != "" {
		serveBare()
	}
}

// startBare starts a process that does nothing but answer /n with the nth answer, and returns its origin.
func startBare(t *testing.T, answers []recorded) string {
	t.Helper()
	text, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	path, address := filepath.Join(t.TempDir(), "answers"), freeAddress(t)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], address)
	cmd.Env = append(os.Environ(), bareAnswers+"="+path)
	endsWithUs(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	await(t, "the bare server", func() error { _, _, err := get("http://"+address+"/0", ""); return err })
	return "http://" + address
}

func serveBare() {
	text, err := os.ReadFile(os.Getenv(bareAnswers))
	var answers []recorded
	if err == nil {
		err = json.Unmarshal(text, &answers)
	}
	mux := http.NewServeMux()
	for n, a := range answers {
		mux.HandleFunc(fmt.Sprintf("/%d", n), func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for name, values := range a.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(a.Status)
			_, _ = w.Write(a.Body)
		})
	}
	if err == nil {
		err = http.ListenAndServe(os.Args[1], mux)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// loader returns what asks for a while and says how often a second it was answered: wrk, or where there is none a client in Go,
// which costs more than the servers do and flatters them all.
func loader(t *testing.T) (func(*testing.T, string, question) float64, string) {
	t.Helper()
	if wrk, err := exec.LookPath("wrk"); err == nil {
		return func(t *testing.T, origin string, q question) float64 { return askByWrk(t, wrk, origin, q) }, "wrk"
	}
	return askByGo, "without wrk (apt-get install wrk), so by a client in Go, which flatters"
}

var perSecond, notGood = regexp.MustCompile(`Requests/sec:\s*([0-9.]+)`), regexp.MustCompile(`Non-2xx|Socket errors`) // 3xx are good

func askByWrk(t *testing.T, wrk, origin string, q question) float64 {
	t.Helper()
	script := fmt.Sprintf("wrk.method = %q\nwrk.body = %s\n", q.method, luaText(q.body))
	for name, value := range q.headers {
		script += fmt.Sprintf("wrk.headers[%q] = %s\n", name, luaText(value))
	}
	path := filepath.Join(t.TempDir(), "ask.lua")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(wrk, "-t1", fmt.Sprintf("-c%d", loadClients), fmt.Sprintf("-d%ds", int(loadTime.Seconds())), "-s", path, origin+q.path).CombinedOutput()
	m := perSecond.FindSubmatch(out)
	if err != nil || m == nil || notGood.Match(out) {
		t.Fatalf("%s: %v\n%s", q.name, err, out)
	}
	n, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// luaText writes a text without quotes or line ends as Lua does.
func luaText(s string) string {
	if s == "" {
		return "nil"
	}
	return "[==[" + s + "]==]"
}

func askByGo(t *testing.T, origin string, q question) float64 {
	t.Helper()
	var asking sync.WaitGroup
	var mu sync.Mutex
	answered, begun := 0, time.Now()
	for range loadClients {
		asking.Go(func() {
			for time.Since(begun) < loadTime {
				res, err := raw.Do(q.request(t, origin))
				if err != nil {
					t.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, res.Body)
				if res.Body.Close(); err != nil || res.StatusCode >= 400 {
					t.Errorf("%s: %s %v", q.name, res.Status, err)
					return
				}
				mu.Lock()
				answered++
				mu.Unlock()
			}
		})
	}
	asking.Wait()
	return float64(answered) / time.Since(begun).Seconds()
}
