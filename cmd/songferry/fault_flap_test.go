package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// flap is a front that fails now and then, and counts what comes.
type flap struct {
	mu       sync.Mutex
	random   *rand.Rand
	fails    []http.HandlerFunc // one of them each time, by chance; nil: this time it works
	requests int
}

func newFlap(seed uint64) *flap { return &flap{random: rand.New(rand.NewPCG(seed, 0))} }

func (f *flap) front(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fail := f.next(); fail != nil {
			fail(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func (f *flap) next() (fail http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests++
	if len(f.fails) > 0 {
		fail = f.fails[f.random.IntN(len(f.fails))]
	}
	return fail
}

// set says how it fails from now on.
func (f *flap) set(fails ...http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails = fails
}

// take returns how many requests came since it was last called.
func (f *flap) take() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.requests
	f.requests = 0
	return n
}

func brokenOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// hanging takes a request and never answers.
func hanging(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // or the server does not notice that the caller is gone
	<-r.Context().Done()
}

// stalling answers, and never gets to the end of it.
func stalling(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, "{")
	_ = http.NewResponseController(w).Flush()
	hanging(w, r)
}

func answering(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// goOn is all that a bridge's daemon would do at this moment, or but what it does every hour.
func (p *person) goOn(hourly bool) {
	p.t.Helper()
	for range 20 {
		n := 0
		for _, j := range p.jobs() {
			if j.every >= time.Hour && !hourly {
				continue
			}
			done, err := j.once(p.t.Context())
			if err != nil {
				p.t.Fatalf("%s: %v", j.name, err)
			}
			if j.name != "poll" { // it counts that it looked
				n += done
			}
		}
		if n == 0 {
			return
		}
	}
}

const (
	flappingDays     = 3 // or a month, when SONGFERRY_TEST_MONTHS is set
	flappingStep     = 20 * time.Minute
	flappingPatience = 200 * time.Millisecond
	flappingEdits    = 14    // in all that time: fewer than the versions that are kept, or the checker would not know the first
	mostOfMusic      = 3 * 6 // requests in an hour, of a music server that is read every twenty minutes
	mostOfBridges    = 30    // of a bridge whose one list somebody follows
)

// For days a music server fails half the time, the friend's bridge answers with errors or not at all, and a third server is not to
// be found. The edits go on. Nobody is asked without end, and when all is well again everything has arrived.
func TestDaysInWhichEverythingFlaps(t *testing.T) {
	t.Parallel()
	music, friend, origin := newFlap(1), newFlap(2), newFlap(3)
	alice := newPersonBehind(t, "alice", subsonictest.Navidrome, fronts{music: music.front, bridge: origin.front, poll: flappingStep}, harbour, boats, station, joga)
	bob := newPersonBehind(t, "bob", subsonictest.Gonic, fronts{bridge: friend.front, poll: flappingStep}, harbour, boats, station, joga)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	id, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	alice.followedFromNowhere(id)
	alice.losePatience(flappingPatience)
	bob.losePatience(flappingPatience)

	busy := answering(http.StatusTooManyRequests, "Retry-After", "1800")
	music.set(nil, brokenOff, nil, answering(http.StatusBadGateway), nil, hanging, nil, stalling)
	friend.set(answering(http.StatusInternalServerError), busy, brokenOff, hanging)
	origin.set(nil, nil, nil, nil, nil, nil, busy, answering(http.StatusInternalServerError), stalling) // a reading takes four requests
	titles := [][]string{{"Harbour Lights", "Jóga"}, {"Jóga", "Paper Boats"}, {"夜の駅", "Harbour Lights"}}
	days := flappingDays
	if os.Getenv(months) != "" {
		days = daysOfMonth
	}
	steps := int(time.Duration(days) * 24 * time.Hour / flappingStep)
	perHour, most := int(time.Hour/flappingStep), map[string]int{}
	for step := range steps {
		if step%(steps/flappingEdits) == 0 {
			edit := step / (steps / flappingEdits)
			alice.music.SetPlaylist(list, alice.ids(titles[edit%len(titles)]...)...)
			alice.music.Rename(list, fmt.Sprint("Road trip ", edit))
		}
		jump(flappingStep, alice, bob)
		hourly := step%perHour == perHour-1
		alice.goOn(hourly)
		bob.goOn(hourly)
		if hourly {
			for who, c := range map[string]struct{ n, most int }{
				"the music server": {music.take(), mostOfMusic}, "the friend": {friend.take(), mostOfBridges}, "the origin": {origin.take(), mostOfBridges},
			} {
				most[who] = max(most[who], c.n)
				if c.n > c.most {
					t.Errorf("hour %d: %s got %d requests, at most %d are right", step/perHour, who, c.n, c.most)
				}
			}
		}
	}

	t.Logf("requests in an hour at most: %v", most)
	music.set()
	friend.set()
	origin.set()
	alice.forgetNowhere()
	for range 4 {
		jump(13*time.Hour, alice, bob) // longer than any wait by half
		alice.goOn(true)
		bob.goOn(true)
	}
	last, _ := alice.music.Playlist(list)
	bob.holds(last.Name+" · alice", alice.music.Titles(list)...)
	checkEstates(t, alice.estate(), bob.estate())
}

// nowhere is a server that no name server knows.
const nowhere = "songferry.invalid"

// followedFromNowhere makes somebody follow a playlist whose server has vanished since.
func (p *person) followedFromNowhere(id playlists.ID) {
	p.t.Helper()
	_, err := p.db.ExecContext(p.t.Context(), `INSERT INTO followers (actor, follower, host, domain, state, follow_id, follow, inbox, at)
		SELECT public_id, 'https://`+nowhere+`/actor', '`+nowhere+`', '`+nowhere+`', 'accepted', 'https://`+nowhere+`/follow', '{}', 'https://`+nowhere+`/inbox', since
		FROM publications WHERE playlist_id = $1 AND retired = 0`, id)
	if err != nil {
		p.t.Fatal(err)
	}
}

// forgetNowhere checks that what waits for it waits, and drops it as an administrator does.
func (p *person) forgetNowhere() {
	p.t.Helper()
	var waiting int
	err := p.db.QueryRowContext(p.t.Context(), `SELECT COUNT(*) FROM deliveries d JOIN delivery_hosts h ON h.host = d.host WHERE d.host = '`+nowhere+`' AND h.attempts > 5`).Scan(&waiting)
	if err != nil || waiting == 0 {
		p.t.Errorf("%d deliveries to %s wait, %v", waiting, nowhere, err)
	}
	if err := playlists.ExecEach(p.t.Context(), p.db, nowhere, `DELETE FROM deliveries WHERE host = $1`, `DELETE FROM delivery_hosts WHERE host = $1`,
		`DELETE FROM followers WHERE host = $1`); err != nil {
		p.t.Fatal(err)
	}
}
