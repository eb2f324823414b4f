package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		if err := os.RemoveAll(built.folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// built is the program as people run it, made by the first test that needs it and removed by TestMain.
var built struct {
	once   sync.Once
	folder string
	err    error
}

// program returns the path of the real program, without the race detector: dozens of slow daemons would make the tests
// last for ever. The daemon's jobs run under it in TestTheDemoCarriesAPlaylist.
func program(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "songferry-test-"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-buildvcs=false", "-o", built.folder, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0") // static, as in make build
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("go build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "songferry")
}

// installation is one Songferry as its owner has it: the real program with its settings, data folder and address. The
// daemon may be started, stopped and killed many times; all its lives write into one log.
type installation struct {
	t        testing.TB
	url      string // where the daemon answers
	data     string
	database string   // its name: the path of a file in data, or an address
	program  string   // its path
	settings []string // the whole environment of the program
	log      string   // path of what the daemon writes

	accounts   []string
	secrets    []string        // that it was told
	damaged    bool            // the test spoils database or key, so that nobody can ask them what must not stand in the log
	transcript strings.Builder // of all commands
}

// olderProgram names the environment variable with the path of another release's program, with which installations begin.
const olderProgram = "SONGFERRY_TEST_OLDER"

// keptInFile is a setting for tests that spoil the file of a database, whatever the tests use else.
const keptInFile = "SONGFERRY_DATABASE="

// install prepares an installation with short intervals. settings are "NAME=value"; a later one wins. At its end every line
// of the daemon's log is read. A test that fails shows the log.
func install(t testing.TB, settings ...string) *installation {
	t.Helper()
	address := freeAddress(t)
	i := &installation{t: t, program: cmp.Or(os.Getenv(olderProgram), program(t)), url: "http://" + address, data: t.TempDir(), log: filepath.Join(t.TempDir(), "log")}
	if os.Getenv(migrationstest.Postgres) != "" {
		database := migrationstest.File
		if os.Getenv(olderProgram) != "" {
			database = migrationstest.Bare // the older program makes the tables
		}
		settings = append([]string{"SONGFERRY_DATABASE=" + database(t)}, settings...)
	}
	for _, s := range settings {
		if name, is := strings.CutPrefix(s, "SONGFERRY_DATABASE="); is {
			i.database = name
		}
		if folder, is := strings.CutPrefix(s, "SONGFERRY_DATA="); is {
			i.data = folder
		}
	}
	i.database = cmp.Or(i.database, filepath.Join(i.data, "songferry.db"))
	i.settings = append([]string{
		"SONGFERRY_LISTEN=" + address, "SONGFERRY_URL=" + i.url, "SONGFERRY_DATA=" + i.data,
		"SONGFERRY_POLL_INTERVAL=1s", "SONGFERRY_QUIET_TIME=0s", "SONGFERRY_REFRESH_INTERVAL=1m",
		"SONGFERRY_FEDERATION_PRIVATE_NETWORKS=127.0.0.0/8", "SONGFERRY_LOG_LEVEL=debug",
		"SONGFERRY_BACKUP_INTERVAL=0s",
	}, settings...)
	i.secrets = secretsIn(i.settings)
	t.Cleanup(func() {
		log := i.readLog()
		if strings.Contains(log, "DATA RACE") {
			t.Error("the daemon has a data race")
		}
		never := forbidden{secrets: i.secrets}
		if !i.damaged && !t.Failed() { // a test that was broken off may leave half a database
			kept := forbiddenIn(t, i.database, i.data)
			never = forbidden{append(kept.secrets, i.secrets...), kept.names}
		}
		checkLog(t, log, never)
		if t.Failed() {
			t.Logf("the daemon at %s wrote:\n%s", i.url, log)
		}
	})
	if os.Getenv(olderProgram) != "" && migrations.IsPostgres(i.database) {
		i.must("migrate")
	}
	return i
}

// tried counts the ports that freeAddress has looked at.
var tried atomic.Int64

// freeAddress returns a loopback address that nobody listened on a moment ago, and that stays free while a killed daemon
// is down: its port is below those that the system gives to connections and to listeners on port 0.
func freeAddress(t testing.TB) string {
	t.Helper()
	const first, ports = 20_000, 12_000
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", first+(int64(os.Getpid())*64+tried.Add(1))%ports)
		if l, err := net.Listen("tcp", address); err == nil {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// openBeside opens a database beside the programs that work on it, as they left it.
func openBeside(database string) (*sql.DB, error) {
	if migrations.IsPostgres(database) {
		return sql.Open("pgx", database)
	}
	return sql.Open("sqlite", "file:"+database+"?_txlock=immediate&_pragma=busy_timeout(30000)")
}

// databaseOf returns the name of a bridge's database.
func databaseOf(t testing.TB, s Settings) string {
	t.Helper()
	name, err := s.database()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func (i *installation) readLog() string {
	i.t.Helper()
	log, err := os.ReadFile(i.log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		i.t.Error(err)
	}
	return string(log)
}

// daemon is one life of `songferry serve`.
type daemon struct {
	t       testing.TB
	process *os.Process
	ready   bool // it said so
	ended   <-chan error
}

// serve starts the daemon, with options, and returns when it is ready. It is stopped when the test ends.
func (i *installation) serve(options ...string) *daemon {
	i.t.Helper()
	d := i.start(options...)
	d.awaitReady(i.url)
	return d
}

// start is serve for those who do not wait until the daemon is ready.
func (i *installation) start(options ...string) *daemon { return i.startWith(nil, options...) }

// startWith is start with more settings ("NAME=value").
func (i *installation) startWith(settings []string, options ...string) *daemon {
	i.t.Helper()
	log, err := os.OpenFile(i.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		i.t.Fatal(err)
	}
	cmd := exec.Command(i.program, append([]string{"serve"}, options...)...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(i.settings[:len(i.settings):len(i.settings)], settings...), log, log
	endsWithUs(cmd)
	err = errors.Join(cmd.Start(), log.Close())
	if err != nil {
		i.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	d := &daemon{t: i.t, process: cmd.Process, ended: ended}
	i.t.Cleanup(d.stop)
	return d
}

func (d *daemon) awaitReady(url string) {
	d.t.Helper()
	await(d.t, "the daemon to be ready", func() error {
		select {
		case err := <-d.ended:
			d.process = nil
			d.t.Fatalf("the daemon ended at its start: %v", err)
		default:
		}
		code, _, err := get(url+"/readyz", "")
		if err == nil && code != http.StatusOK {
			err = fmt.Errorf("status %d", code)
		}
		return err
	})
	d.ready = true
}

// stop tells the daemon to end, as a service manager does, and wants it to do so in order. Once it has ended, stop does nothing.
func (d *daemon) stop() {
	d.t.Helper()
	err := d.end(syscall.SIGTERM)
	if err != nil && err.Error() == "signal: terminated" && !d.ready {
		return // it may not have come so far as to listen to signals
	}
	if err != nil {
		d.t.Errorf("the daemon did not stop in order: %v", err)
	}
}

// kill ends the daemon without a warning, as the system does when memory runs out.
func (d *daemon) kill() {
	d.t.Helper()
	// Wait says "killed": that is what was asked for.
	_ = d.end(syscall.SIGKILL)
}

// stopLimit is longer than the daemon gives its last requests.
const stopLimit = stopTime + 10*time.Second

func (d *daemon) end(s syscall.Signal) error {
	if d.process == nil {
		return nil
	}
	process := d.process
	d.process = nil
	if err := process.Signal(s); err != nil {
		return errors.Join(err, <-d.ended)
	}
	select {
	case err := <-d.ended:
		return err
	case <-time.After(stopLimit):
		return errors.Join(errors.New("it was still running and had to be killed"), process.Kill())
	}
}

// said is what a command answered.
type said struct {
	out, err string
	code     int
}

// commandLimit bounds one command. Reading a library is the longest.
const commandLimit = time.Minute

// run types a command: `songferry args…`, beside the daemon or without one.
func (i *installation) run(args ...string) said { return i.runWith(nil, args...) }

// runWith is run with more environment variables ("NAME=value").
func (i *installation) runWith(env []string, args ...string) said {
	i.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	i.secrets = append(i.secrets, secretsIn(env)...)
	var out, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, i.program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(i.settings[:len(i.settings):len(i.settings)], env...), &out, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		i.t.Fatalf("songferry %s: %v\n%s%s", strings.Join(args, " "), err, &out, &stderr)
	}
	fmt.Fprintf(&i.transcript, "$ songferry %s\n%s%s", strings.Join(args, " "), &out, &stderr)
	return said{out: out.String(), err: stderr.String(), code: cmd.ProcessState.ExitCode()}
}

// must is run for a command that has to succeed. It returns what was printed.
func (i *installation) must(args ...string) string {
	i.t.Helper()
	return i.mustWith(nil, args...)
}

func (i *installation) mustWith(env []string, args ...string) string {
	i.t.Helper()
	s := i.runWith(env, args...)
	if s.code != 0 {
		i.t.Fatalf("songferry %s: exit status %d\n%s%s", strings.Join(args, " "), s.code, s.out, s.err)
	}
	return s.out
}

// addAccount connects an account, as the README does.
func (i *installation) addAccount(name, musicURL, password string) string {
	i.t.Helper()
	i.accounts = append(i.accounts, name)
	return i.mustWith([]string{"SONGFERRY_SUBSONIC_PASSWORD=" + password},
		"account", "add", name, "--subsonic-url", musicURL, "--subsonic-user", name)
}

const (
	awaitLimit = time.Minute // the machine may have other things to do
	askEvery   = 20 * time.Millisecond
)

// await asks until the answer is nil. It ends the test when that takes too long, with the last answer.
func await(t testing.TB, what string, ask func() error) {
	t.Helper()
	deadline := time.Now().Add(awaitLimit)
	for {
		err := ask()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for %s: %v", awaitLimit, what, err)
		}
		<-time.After(askEvery)
	}
}

// get asks for an address as a browser does, or as a program that wants the media type accept.
func get(url, accept string) (code int, body string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), awaitLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(res.Body)
	return res.StatusCode, text.String(), err
}
