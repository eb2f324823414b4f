// Package supysonictest runs a real supysonic for a test: the Subsonic server that is a Debian package, and that
// differs most from the others. Its tests, and those of its users, carry the build tag supysonic, which `make test`
// sets where supysonic, gunicorn and ffmpeg are installed.
//
// What supysonic 0.7 tells of a file: title, artist, album, track, disc, year, and whole seconds. It keeps the album
// artist only as the album's, and never answers a MusicBrainz id or an ISRC.
package supysonictest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startLimit is how long a server may take to listen. It needs half a second on an idle machine.
const startLimit = 60 * time.Second

// Server is a running supysonic with its own database and library. It stops when its test ends.
type Server struct {
	URL   string // http://127.0.0.1:PORT
	Music string // the folder that is its library; files added there are seen by Rescan

	dir string // configuration, database and cache
	log serverLog
}

// Start runs a supysonic whose library holds files. It has no user yet: see AddUser. Servers may run side by side.
func Start(t testing.TB, files ...File) *Server {
	t.Helper()
	s := &Server{dir: t.TempDir(), Music: t.TempDir()}
	MakeFiles(t, s.Music, files...)
	s.configure(t)
	s.cli(t, "folder", "add", "Music", s.Music) // also makes the database
	listening := s.launch(t)
	s.Rescan(t) // while the server is still starting
	s.await(t, listening)
	return s
}

// AddUser makes an account. Administrators of supysonic may make accounts over the API and see every playlist.
func (s *Server) AddUser(t testing.TB, name, password string, admin bool) {
	t.Helper()
	s.cli(t, "user", "add", "--password", password, name)
	if admin {
		s.cli(t, "user", "setroles", "--admin", name)
	}
}

// Add puts more files into the library and rescans it.
func (s *Server) Add(t testing.TB, files ...File) {
	t.Helper()
	MakeFiles(t, s.Music, files...)
	s.Rescan(t)
}

// Rescan makes supysonic see what was added to, changed in and deleted from Music.
func (s *Server) Rescan(t testing.TB) {
	t.Helper()
	// --force, because a file changed within the second of its last scan looks unchanged.
	s.cli(t, "folder", "scan", "--foreground", "--force")
}

// configure writes supysonic.conf, which supysonic reads from its working directory.
func (s *Server) configure(t testing.TB) {
	t.Helper()
	// The socket's path is relative: a temporary folder's name may be too long for a socket.
	conf := "[base]\ndatabase_uri = sqlite:///" + filepath.Join(s.dir, "supysonic.db") + "\n" +
		"[webapp]\ncache_dir = " + filepath.Join(s.dir, "cache") + "\n" +
		"[daemon]\nsocket = none.sock\n"
	if err := os.WriteFile(filepath.Join(s.dir, "supysonic.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
}

// cli runs one supysonic-cli command to its end.
func (s *Server) cli(t testing.TB, args ...string) {
	t.Helper()
	out, err := s.command("supysonic-cli", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("supysonic-cli %s (apt-get install supysonic): %v\n%s", strings.Join(args[:2], " "), err, out)
	}
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HOME="+s.dir) // a developer's own ~/.supysonic stays out
	return cmd
}

// launch starts the server on a free port. The channel tells its address once it listens.
func (s *Server) launch(t testing.TB) <-chan string {
	t.Helper()
	// gunicorn is what supysonic's documentation proposes, and its limit on the request line (4,094 bytes) is real life.
	cmd := s.command("supysonic-server", "--server", "gunicorn", "--host", "127.0.0.1", "--port", "0", "--threads", "4")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that its workers end with it
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("supysonic-server (apt-get install supysonic gunicorn): %v", err)
	}
	listening := make(chan string, 1)
	var reading sync.WaitGroup
	reading.Go(func() { s.log.follow(stderr, listening) })
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // fails only if it has died, which the log below shows
		reading.Wait()                                      // Wait closes the pipe: read it to its end first
		_ = cmd.Wait()                                      // says "killed"
		if t.Failed() {
			t.Logf("supysonic at %s wrote:\n%s", s.URL, s.log.String())
		}
	})
	return listening
}

// await waits for the server's address.
func (s *Server) await(t testing.TB, listening <-chan string) {
	t.Helper()
	select {
	case s.URL = <-listening:
	case <-time.After(startLimit):
	}
	if s.URL == "" {
		t.Fatal("supysonic-server (apt-get install supysonic gunicorn) did not start listening")
	}
}
