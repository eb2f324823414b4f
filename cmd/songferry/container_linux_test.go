package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// The image holds nothing but the program: what it needs of a system must be in it, and its user may write nowhere but in its
// volume. No engine is needed for that: this makes the image's files as the Dockerfile says, and goes in.
func TestTheContainerHoldsAllThatIsNeeded(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("only root may change the root folder")
		}
		t.Skip("only root may change the root folder")
	}
	c := assemble(t, "../../Dockerfile")
	address := freeAddress(t)
	_, port, _ := strings.Cut(address, ":")
	c.env = append(c.env, "SONGFERRY_LISTEN=:"+port)

	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("alice", "secret")
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	c.env = append(c.env, "SONGFERRY_SUBSONIC_PASSWORD=secret")
	c.run("account", "add", "alice", "--subsonic-url", music.URL, "--subsonic-user", "alice")

	daemon := c.command("serve")
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(daemon.Process.Signal(syscall.SIGTERM), daemon.Wait()); err != nil {
			t.Errorf("the daemon did not stop in order: %v", err)
		}
	})
	await(t, "the daemon to be ready", func() error {
		code, body, err := get("http://"+address+"/readyz", "")
		if err == nil && code != 200 {
			err = errors.New(body)
		}
		return err
	})
	if out := c.run("healthcheck"); out != "ready\n" {
		t.Errorf("healthcheck says %q", out)
	}
	if out := c.run("backup"); !strings.HasPrefix(out, "Backed up to /data/backups/") {
		t.Errorf("backup says %q", out)
	}
	c.onlyDataIsTheirs()
}

// container is an image's files in a folder, and how its programs run.
type container struct {
	t        *testing.T
	root     string
	uid, gid uint32
	env      []string
	entry    []string
}

// assemble follows a Dockerfile from its last FROM, which must be scratch.
func assemble(t *testing.T, path string) *container {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, last, found := strings.Cut(string(text), "FROM scratch\n")
	if !found {
		t.Fatal("the image is not made from scratch")
	}
	c := &container{t: t, root: t.TempDir()}
	if err := os.Chmod(c.root, 0o755); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(strings.NewReader(last)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "COPY":
			c.copy(words[1:])
		case words[0] == "ENV":
			c.env = append(c.env, words[1:]...)
		case words[0] == "USER":
			c.uid, c.gid = owner(t, words[1])
		case words[0] == "ENTRYPOINT":
			c.entry = strings.Split(strings.Trim(words[1], `[]"`), `", "`)
		}
	}
	if c.uid == 0 || len(c.entry) != 1 {
		t.Fatalf("it runs %v as user %d", c.entry, c.uid)
	}
	return c
}

func owner(t *testing.T, text string) (uid, gid uint32) {
	t.Helper()
	if _, err := fmt.Sscanf(text, "%d:%d", &uid, &gid); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return uid, gid
}

// copy does one COPY --from=build. What the build stage makes is here: the program, and empty folders.
func (c *container) copy(words []string) {
	c.t.Helper()
	from, to := words[len(words)-2], filepath.Join(c.root, words[len(words)-1])
	var uid, gid uint32
	for _, w := range words {
		if chown, is := strings.CutPrefix(w, "--chown="); is {
			uid, gid = owner(c.t, chown)
		}
	}
	err := os.MkdirAll(filepath.Dir(to), 0o755)
	switch from {
	case "/empty":
		err = errors.Join(err, os.Mkdir(to, 0o755))
	case "/src/songferry":
		err = errors.Join(err, copyFile(program(c.t), to, 0o755))
	case "/etc/ssl/certs/ca-certificates.crt":
		err = errors.Join(err, os.WriteFile(to, nil, 0o644)) // this machine may have none, and nothing here uses them
	default:
		c.t.Fatalf("the build stage has no %s", from)
	}
	if err := errors.Join(err, os.Chown(to, int(uid), int(gid))); err != nil {
		c.t.Fatal(err)
	}
}

func copyFile(from, to string, mode fs.FileMode) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, mode)
}

// command is the program in the container, as its user.
func (c *container) command(args ...string) *exec.Cmd {
	cmd := &exec.Cmd{Path: c.entry[0], Args: append(slices.Clone(c.entry), args...), Env: c.env, Dir: "/"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: c.root, Credential: &syscall.Credential{Uid: c.uid, Gid: c.gid}, Pdeathsig: syscall.SIGKILL}
	return cmd
}

func (c *container) run(args ...string) string {
	c.t.Helper()
	cmd := c.command(args...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("songferry %v: %v\n%s%s", args, err, &out, &stderr)
	}
	return out.String()
}

// onlyDataIsTheirs: whatever the program made is in its volume.
func (c *container) onlyDataIsTheirs() {
	c.t.Helper()
	err := filepath.WalkDir(c.root, func(path string, e fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, c.root)
		switch {
		case err != nil:
			return err
		case name == "/data":
			return fs.SkipDir
		case e.IsDir(), name == "/songferry", name == "/etc/ssl/certs/ca-certificates.crt":
			return nil
		}
		c.t.Errorf("it left %s", name)
		return nil
	})
	if err != nil {
		c.t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(c.root, "data", "songferry.db")); err != nil {
		c.t.Error(err)
	}
}
