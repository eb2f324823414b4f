package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// journey is the whole life of a shared playlist between two real bridges: Alice publishes it, Bob follows it, Alice
// edits it, Alice withdraws it. Bridges that are killed on the way start again with the data they left.
type journey struct {
	t          *testing.T
	wires      *wires
	alice, bob *traveller

	passed time.Time // when hours passed last
	hasty  bool      // a list is edited several times within a second, which is all that documents tell of the time
}

// traveller is a person with a music server and an installation. Whatever goes in or out passes a wire.
type traveller struct {
	*installation
	name  string
	music *subsonictest.Server
	songs map[string]string // title → song id

	mu        sync.Mutex // covers what may be killed
	listeners []string   // addresses of the daemon's processes
	daemons   []*daemon  // one at each of them; nil while it is dead
	command   *running
}

// running is a command at work.
type running struct {
	process *os.Process
	ended   chan struct{}
}

func newJourney(t *testing.T, bobsMusic subsonictest.Dialect, strike func(*journey, moment) bool) *journey {
	t.Helper()
	j := &journey{t: t, wires: &wires{counts: map[call]int{}}}
	j.wires.strike = func(m moment) bool { return strike != nil && m.stage != "" && strike(j, m) }
	j.alice = j.newTraveller("alice", "bob", subsonictest.Navidrome, harbour, boats, station, joga)
	j.bob = j.newTraveller("bob", "alice", bobsMusic, joga, boats, harbour, station)
	j.wires.music = func() musicState { return musicState{lists: j.bob.music.Playlists()} }
	return j
}

func (j *journey) traveller(name string) *traveller {
	if name == j.alice.name {
		return j.alice
	}
	return j.bob
}

func (j *journey) newTraveller(name, friend string, dialect subsonictest.Dialect, songs ...playlists.Track) *traveller {
	j.t.Helper()
	p := &traveller{name: name, music: subsonictest.NewServer(dialect), songs: map[string]string{}}
	p.music.AddUser(name, "secret")
	for _, s := range songs {
		p.songs[s.Title] = p.music.AddSong(s)
	}
	music := httptest.NewServer(j.wires.wire(name, name+"'s music", p.music))
	j.t.Cleanup(music.Close)
	public := httptest.NewUnstartedServer(nil)
	p.installation = install(j.t, "SONGFERRY_POLL_INTERVAL=200ms", "SONGFERRY_URL=http://"+public.Listener.Addr().String())
	p.listenAt(p.url)
	public.Config.Handler = j.wires.wire(friend, name, p)
	public.Start()
	j.t.Cleanup(public.Close)
	p.addAccount(name, music.URL, "secret")
	return p
}

// kill ends whatever of the traveller's bridge is running, returns when it is dead, and reports whether there was a
// daemon to kill.
func (p *traveller) kill() bool { return p.killThen(func() {}) }

// killThen is kill, with something to do before the bridge starts again.
func (p *traveller) killThen(do func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer do()
	if p.command != nil {
		// The command may have ended by itself just now.
		_ = p.command.process.Kill()
		<-p.command.ended
	}
	killed := false
	for n := range p.daemons {
		killed = p.killProcess(n) || killed
	}
	return killed
}

// rest stops the traveller's daemon in order.
func (p *traveller) rest() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for n, d := range p.daemons {
		if d != nil {
			d.stop()
			p.daemons[n] = nil
		}
	}
}

// try runs a command, which may be killed, and returns what it printed.
func (p *traveller) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	var out, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, p.program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.settings, &out, &stderr
	p.mu.Lock()
	if err := cmd.Start(); err != nil {
		p.mu.Unlock()
		return "", err
	}
	r := &running{process: cmd.Process, ended: make(chan struct{})}
	p.command = r
	p.mu.Unlock()
	err := cmd.Wait()
	close(r.ended)
	p.mu.Lock()
	p.command = nil
	p.mu.Unlock()
	if err != nil {
		err = fmt.Errorf("songferry %v: %w: %s", args, err, stderr.String())
	}
	return out.String(), err
}

// patience is how long a journey waits for anything, on a machine that plays several and has other work.
const patience = 2 * time.Minute

// await waits for something, starts bridges that were killed, and lets time pass after that.
func (j *journey) await(what string, ask func() error) {
	j.t.Helper()
	for deadline := time.Now().Add(patience); ; <-time.After(askEvery) {
		j.revive()
		err := ask()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			j.t.Fatalf("waited %v for %s: %v", patience, what, err)
		}
	}
}

// does types a command until it succeeds, as somebody would whose machine went down under it.
func (j *journey) does(p *traveller, args ...string) (out string) {
	j.t.Helper()
	j.await(p.name+"'s command", func() (err error) {
		out, err = p.try(args...)
		return err
	})
	return out
}

// passing is how much real time lets the waits of failed attempts pass.
const passing = 200 * time.Millisecond

// revive starts the bridges that were killed. From time to time it also lets hours pass, so that nothing waits long for
// its next attempt.
func (j *journey) revive() {
	j.t.Helper()
	j.alice.revive()
	j.bob.revive()
	if time.Since(j.passed) > passing {
		j.passed = time.Now()
		j.alice.hurry()
		j.bob.hurry()
	}
}

func (p *traveller) revive() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := range p.daemons {
		p.reviveProcess(n)
	}
}

// hurry makes due what waits after a failure. What waits for anything else, a lease above all, goes on waiting.
func (p *traveller) hurry() {
	p.t.Helper()
	for _, wait := range []string{
		`UPDATE deliveries SET due = 1 WHERE attempts > 0`,
		`UPDATE delivery_hosts SET due = 1 WHERE attempts > 0`,
		`UPDATE sources SET due = 1 WHERE attempts > 0`,
		`UPDATE inbox SET due = 1 WHERE attempts > 0 AND due > 0`,
		`UPDATE missing_keys SET until = 1`,
		`UPDATE subsonic_mirrors SET due = 1 WHERE attempts > 0 AND due > 0`,
		`UPDATE subsonic_connections SET due = 1 WHERE attempts > 0`,
	} {
		p.exec(wait)
	}
}

// query looks into the bridge's database from outside. Nothing stays open, so that a killed bridge recovers it alone.
func (p *traveller) query(ask func(*sql.DB) error) {
	p.t.Helper()
	db, err := openBeside(p.database)
	if err == nil {
		err = errors.Join(ask(db), db.Close())
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// count returns the one number that a query asks for.
func (p *traveller) count(query string) (n int) {
	p.t.Helper()
	p.query(func(db *sql.DB) error { return db.QueryRow(query).Scan(&n) })
	return n
}

// Names and tracks of the list, as Alice made it and after her edit.
var (
	firstTitles, editedTitles = []string{"Harbour Lights", "Paper Boats", "夜の駅"}, []string{"夜の駅", "Jóga", "Harbour Lights"}
)

const firstName, editedName = "Road trip", "Long way home"

// travel plays the journey to its end. at is told of each stage as it begins; nil: nobody wants to know.
func (j *journey) travel(at func(stage string)) {
	j.t.Helper()
	begin := func(stage string) {
		j.wires.setStage(stage)
		if at != nil {
			at(stage)
		}
	}
	j.revive()

	begin("publish")
	list := j.alice.music.AddPlaylist("alice", firstName, j.alice.ids(firstTitles)...)
	published := j.publish("public", firstName)
	j.becomeQuiet()

	begin("follow")
	j.does(j.bob, "follow", "--account", "bob", published.Handle)
	j.await("the first copy", func() error { return j.bobHas(firstName, firstTitles) })
	j.await("the Accept", func() error { return j.bob.have(1, `SELECT COUNT(*) FROM subscriptions WHERE state = 'accepted'`) })
	j.becomeQuiet()

	begin("edit")
	j.alice.music.SetPlaylist(list, j.alice.ids(editedTitles)...)
	j.alice.music.Rename(list, editedName)
	j.await("the edit to arrive", func() error { return j.bobHas(editedName, editedTitles) })
	j.becomeQuiet()
	j.checkFollowing()

	begin("withdraw")
	j.publish("private", published.ID)
	j.await("the copy to be unlinked", func() error {
		return j.bob.have(1, `SELECT COUNT(*) FROM subsonic_mirrors m JOIN wants w ON w.id = m.want_id WHERE m.state = 'no longer linked' AND w.ended > 0`)
	})
	j.becomeQuiet()
	j.wires.setStage("")
	j.checkWithdrawn(published)
	j.checkAll()
}

func (j *journey) publish(audience, playlist string) (row playlistRow) {
	j.t.Helper()
	out := j.does(j.alice, "playlist", "publish", "--account", "alice", "--audience", audience, "--json", playlist)
	if err := json.Unmarshal([]byte(out), &row); err != nil {
		j.t.Fatalf("%v: %s", err, out)
	}
	return row
}

// becomeQuiet waits until neither bridge has anything left to do.
func (j *journey) becomeQuiet() {
	j.t.Helper()
	for _, p := range []*traveller{j.alice, j.bob} {
		j.await(p.name+"'s bridge to finish its work", func() error {
			for _, work := range []string{
				`SELECT COUNT(*) FROM deliveries`,
				`SELECT COUNT(*) FROM announcements`,
				`SELECT COUNT(*) FROM inbox WHERE due > 0`,
				fmt.Sprintf(`SELECT COUNT(*) FROM sources WHERE lease > 0 OR attempts > 0 OR due < %d`, time.Now().UnixMilli()),
				`SELECT COUNT(*) FROM subsonic_mirrors WHERE lease > 0 OR due > 0`,
				`SELECT COUNT(*) FROM journal WHERE seq > (SELECT COALESCE(MIN(seq), 0) FROM readers WHERE name IN ('mirror', 'subscribe'))`,
				`SELECT COUNT(*) FROM journal WHERE origin = 'local' AND seq > (SELECT COALESCE(MIN(seq), 0) FROM readers WHERE name = 'announce')`,
			} {
				if err := p.have(0, work); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (p *traveller) have(want int, query string) error {
	if n := p.count(query); n != want {
		return fmt.Errorf("%s has %d, want %d: %s", p.name, n, want, query)
	}
	return nil
}

func (p *traveller) ids(titles []string) (ids []string) {
	for _, title := range titles {
		ids = append(ids, p.songs[title])
	}
	return ids
}

// killAtCommit kills a bridge when its database has seen n more commits, before the next one. It gives up when ctx
// ends, and reports whether it killed.
func (p *traveller) killAtCommit(ctx context.Context, n int) (killed bool) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.data, "songferry.db"))
	if err != nil {
		return false
	}
	defer db.Close() // so that a bridge that starts again finds the database as the dead one left it
	conn, err := db.Conn(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	if !sawCommits(ctx, conn, n) {
		return false
	}
	// Nobody commits while this stands. If it fails the next transaction has begun already.
	_, _ = conn.ExecContext(ctx, `BEGIN IMMEDIATE`)
	return p.kill()
}

// sawCommits waits until others have written to a database n times. It returns false when ctx ends first.
func sawCommits(ctx context.Context, conn *sql.Conn, n int) bool {
	var last int64
	for n > 0 {
		var now int64 // changes whenever another connection commits
		if err := conn.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&now); err != nil {
			return false
		}
		if last != 0 && now != last {
			n--
		}
		last = now
		<-time.After(100 * time.Microsecond)
	}
	return true
}

// row reads one row.
func (p *traveller) row(query string, dest ...any) {
	p.t.Helper()
	p.query(func(db *sql.DB) error { return db.QueryRow(query).Scan(dest...) })
}
