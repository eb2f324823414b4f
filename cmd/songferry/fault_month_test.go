package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// These name environment variables: how many whole months to play instead of a few days, and the seed of the first.
const (
	months    = "SONGFERRY_TEST_MONTHS"
	monthSeed = "SONGFERRY_TEST_SEED"
)

const (
	daysOfMonth = 30
	usualDays   = 8
)

// TestAMonthOfEditsWithKills plays a month in which Alice edits two lists and Bob's bridge follows, while both bridges are killed
// at random moments, and all of it is off every night. Then every edit has arrived, once in effect and none after a newer one, and
// nothing is left over. The dates are real, since whatever the bridges have noted is made older by a day each night.
func TestAMonthOfEditsWithKills(t *testing.T) {
	t.Parallel()
	n, days := 1, usualDays
	if wanted := os.Getenv(months); wanted != "" {
		n, days = number(t, wanted), daysOfMonth
	}
	seed := uint64(1)
	if wanted := os.Getenv(monthSeed); wanted != "" {
		seed = uint64(number(t, wanted))
	}
	for i := range n {
		seed := seed + uint64(i)
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			underway <- struct{}{}
			defer func() { <-underway }()
			newMonth(t, seed).play(days)
		})
	}
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// month is a journey whose lists are edited again and again.
type month struct {
	*journey
	random *rand.Rand
	ambush *ambush
	lists  []*editedList
	has    []map[string]bool // titles in Bob's library, as it has grown
	lacks  []playlists.Track // what Bob will buy
	kills  int
}

// editedList is one of Alice's lists, with all that it ever was. The titles of no two lists are the same.
type editedList struct {
	id   string
	pool []string
	was  []listVersion
}

type listVersion struct {
	name   string
	titles []string
}

func (l *editedList) now() listVersion { return l.was[len(l.was)-1] }

// Titles that nobody takes for one another.
var (
	shipTitles  = strings.Fields("Anchor Bowline Capstan Dinghy Fathom Galley Halyard Jetty Keelson Lighthouse")
	stoveTitles = strings.Fields("Almond Basil Cinnamon Dumpling Fennel Ginger Hazelnut Juniper Kumquat Lavender")
)

func newMonth(t *testing.T, seed uint64) *month {
	t.Helper()
	m := &month{random: rand.New(rand.NewPCG(seed, 0)), ambush: &ambush{}}
	m.journey = newJourney(t, subsonictest.Dialects[m.random.IntN(len(subsonictest.Dialects))], m.ambush.strike)
	for i, title := range slices.Concat(shipTitles, stoveTitles) {
		song := track("The Lanterns", title, 180+i)
		m.alice.buys(song)
		if i%5 == 4 {
			m.lacks = append(m.lacks, song)
		} else {
			m.bob.buys(song)
		}
	}
	m.has = []map[string]bool{m.bobsTitles()}
	m.lists = []*editedList{m.makes("Ship", shipTitles), m.makes("Stove", stoveTitles)}
	return m
}

// buys puts a song into the traveller's library.
func (p *traveller) buys(song playlists.Track) { p.songs[song.Title] = p.music.AddSong(song) }

func (m *month) bobsTitles() map[string]bool {
	has := map[string]bool{}
	for title := range m.bob.songs {
		has[title] = true
	}
	return has
}

// makes makes one of Alice's lists.
func (m *month) makes(name string, pool []string) *editedList {
	l := &editedList{pool: pool, was: []listVersion{{name, slices.Clone(pool[:7])}}}
	l.id = m.alice.music.AddPlaylist("alice", name, m.alice.ids(pool[:7])...)
	return l
}

// play plays the month and checks what is left of it.
func (m *month) play(days int) {
	m.t.Helper()
	m.revive()
	m.wires.setStage("begin")
	for _, l := range m.lists {
		m.does(m.bob, "follow", "--account", "bob", m.publish("public", l.now().name).Handle)
	}
	m.await("the first copies", m.arrived)
	for day := range days {
		m.wires.setStage(fmt.Sprintf("day %d", day+1))
		m.day()
		m.night()
	}
	m.ambush.call(0, false, false)
	m.buys(len(m.lacks))
	m.await("the last edits", m.arrived)
	m.becomeQuiet()
	m.wires.setStage("")
	m.t.Logf("%d days, %d edits, %d kills", days, len(m.lists[0].was)+len(m.lists[1].was)-2, m.kills)
	m.check()
}

// day is up to three edits, and up to three deaths; sometimes the edits arrive the same day.
func (m *month) day() {
	m.t.Helper()
	ctx, over := context.WithCancel(m.t.Context())
	deaths := m.deaths(ctx)
	for range m.random.IntN(4) {
		m.edit(m.lists[m.random.IntN(len(m.lists))])
	}
	if m.random.IntN(6) == 0 {
		m.buys(min(1, len(m.lacks)))
	}
	if m.random.IntN(4) == 0 {
		m.await("the day's edits", m.arrived)
	} else {
		m.until(deaths)
	}
	over()
	m.kills += <-deaths
	m.kills += m.ambush.call(0, false, false)
}

// dayLength is how long a day lasts at most on which what was to happen does not.
const dayLength = 1500 * time.Millisecond

// until lets a day go on until all have died that were to.
func (m *month) until(deaths chan int) {
	m.t.Helper()
	for end := time.Now().Add(dayLength); time.Now().Before(end) && len(deaths) == 0; <-time.After(askEvery) {
		m.revive()
	}
}

// deaths sends killers out: one waits for a request, and one with each bridge for a few commits. The channel gets how many of the
// latter died once that is over.
func (m *month) deaths(ctx context.Context) chan int {
	m.ambush.call(1+m.random.IntN(12), m.random.IntN(2) == 0, m.random.IntN(2) == 0)
	done := make(chan int, 1)
	var killers sync.WaitGroup
	var mu sync.Mutex
	died := 0
	for _, p := range []*traveller{m.alice, m.bob} {
		times, random := m.random.IntN(3), rand.New(rand.NewPCG(m.random.Uint64(), 0))
		killers.Go(func() {
			for range times {
				if p.killAtCommit(ctx, 1+random.IntN(maxCommits)) {
					mu.Lock()
					died++
					mu.Unlock()
				}
			}
		})
	}
	go func() {
		killers.Wait()
		done <- died
	}()
	return done
}

// night is when everything is off, and a day passes, more or less.
func (m *month) night() {
	m.t.Helper()
	for _, p := range []*traveller{m.alice, m.bob} {
		if p.kill() {
			m.kills++
		}
		p.pass(12*time.Hour + time.Duration(m.random.Int64N(int64(24*time.Hour))))
	}
}

// edit changes a list once, as somebody does who has it open.
func (m *month) edit(l *editedList) {
	next := listVersion{l.now().name, slices.Clone(l.now().titles)}
	unused := slices.DeleteFunc(slices.Clone(l.pool), func(title string) bool { return slices.Contains(next.titles, title) })
	at := m.random.IntN(len(next.titles))
	switch what := m.random.IntN(4); {
	case what == 0:
		next.name = fmt.Sprintf("%s %d", strings.Fields(next.name)[0], len(l.was))
		l.was = append(l.was, next)
		m.alice.music.Rename(l.id, next.name)
		return
	case what == 1 && len(unused) > 0:
		next.titles = slices.Insert(next.titles, at, unused[m.random.IntN(len(unused))])
	case what == 2 && len(next.titles) > 5:
		next.titles = slices.Delete(next.titles, at, at+1)
	default:
		other := (at + 1 + m.random.IntN(len(next.titles)-1)) % len(next.titles)
		next.titles[at], next.titles[other] = next.titles[other], next.titles[at]
	}
	l.was = append(l.was, next)
	m.alice.music.SetPlaylist(l.id, m.alice.ids(next.titles)...)
}

// buys gives Bob the next n songs that he lacks.
func (m *month) buys(n int) {
	for _, song := range m.lacks[:n] {
		m.bob.buys(song)
		m.bob.music.Rescan()
		m.has = append(m.has, m.bobsTitles())
	}
	m.lacks = m.lacks[n:]
}

// arrived checks that Bob's music server holds both lists as they are now.
func (m *month) arrived() error {
	for _, l := range m.lists {
		want := m.copyOf(l.now(), m.has[len(m.has)-1])
		list, ok := m.bob.music.PlaylistNamed("bob", l.now().name+" · alice")
		if !ok || !slices.Equal(list.Songs, want) {
			return fmt.Errorf("Bob's music server holds %+v, want %q with %v", m.bob.music.Playlists(), l.now().name, want)
		}
	}
	return nil
}

// copyOf returns the songs of a version, as far as a library has them.
func (m *month) copyOf(v listVersion, has map[string]bool) []string {
	return m.bob.ids(slices.DeleteFunc(slices.Clone(v.titles), func(title string) bool { return !has[title] }))
}

// check checks what is left, and every state of Bob's music server on the way.
func (m *month) check() {
	m.t.Helper()
	m.checkEstates()
	if lists := m.bob.music.Playlists(); len(lists) != len(m.lists) {
		m.t.Errorf("Bob's music server holds %d lists of %d: %+v", len(lists), len(m.lists), lists)
	}
	at := map[*editedList]int{}
	_, _, states := m.wires.seen()
	for _, s := range states {
		for _, list := range s.lists {
			l := m.listOf(list)
			if l == nil {
				m.t.Errorf("%s: Bob's music server held %+v", s.after, list)
				continue
			}
			n := m.ordinal(l, list.Songs, at[l])
			if n < 0 {
				m.t.Errorf("%s: Bob's %q was older than before, or nobody's: %v", s.after, list.Name, list.Songs)
				continue
			}
			at[l] = n
		}
	}
	kinds := m.checkIDs()
	if len(kinds["Follow"]) != len(m.lists) || len(kinds["Accept"]) != len(m.lists) {
		m.t.Errorf("there were %d Follows and %d Accepts of %d lists", len(kinds["Follow"]), len(kinds["Accept"]), len(m.lists))
	}
}

// listOf returns of which of Alice's lists something is a copy, by its songs.
func (m *month) listOf(list subsonictest.Playlist) *editedList {
	for _, l := range m.lists {
		if len(list.Songs) > 0 && slices.Contains(m.bob.ids(l.pool), list.Songs[0]) {
			return l
		}
	}
	return nil
}

// ordinal returns which version of a list songs are a copy of, from the given one on; -1 for none.
func (m *month) ordinal(l *editedList, songs []string, from int) int {
	for n := from; n < len(l.was); n++ {
		for _, has := range m.has {
			if slices.Equal(songs, m.copyOf(l.was[n], has)) {
				return n
			}
		}
	}
	return -1
}

// ambush kills at a request: the one that sends it, or the one that gets it.
type ambush struct {
	mu          sync.Mutex
	left        int // requests until then; 0: nobody lies in wait
	after, ends bool
	kills       int // since the last call
}

// call sets the next ambush, and returns how many killed since the last.
func (a *ambush) call(requests int, after, receiver bool) (kills int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kills, a.kills, a.left, a.after, a.ends = a.kills, 0, requests, after, receiver
	return kills
}

func (a *ambush) strike(j *journey, m moment) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.left == 0 || m.after != a.after {
		return false
	}
	if a.left--; a.left > 0 {
		return false
	}
	victim := m.from
	if a.ends && !strings.HasSuffix(m.to, "music") {
		victim = m.to
	}
	if j.traveller(victim).kill() {
		a.kills++
	}
	return true
}
