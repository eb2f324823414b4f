package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// TestWhatIsNotUnderstoodIsSaidPlainly types commands wrongly.
func TestWhatIsNotUnderstoodIsSaidPlainly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, says string }{
		{"playlst", "songferry: unexpected argument playlst, did you mean \"playlist\"?\nRun `songferry --help`"},
		{"follow @a@b.example", "songferry: what is missing: --account=NAME (or set SONGFERRY_ACCOUNT).\nRun `songferry follow --help`"},
		{"playlist", `songferry: what is missing: one of "list", "publish", "edit".`},
		{"playlist edit --account a --notes x --notes-file y z", "songferry: --notes and --notes-file can't be used together."},
		{"follow --account a", "songferry: <target> is missing.\nRun `songferry follow --help`"},
		{"account change a --match some", `songferry: --match must be one of "release","recording","any" but got "some".`},
		{"review choose --account a 4577 one", `must be a whole number, not "one".`},
	} {
		if out := runCommand(t, 2, strings.Fields(c.typed)...); !strings.Contains(out, c.says) {
			t.Errorf("songferry %s: %q", c.typed, out)
		}
	}
}

func TestHabitsOfOtherProgramsAreUnderstood(t *testing.T) {
	t.Parallel()
	for typed, says := range map[string]string{"": "Commands:", "help": "Commands:", "help import": "Usage: songferry import", "--version": "songferry "} {
		if out := runCommand(t, 0, strings.Fields(typed)...); !strings.Contains(out, says) {
			t.Errorf("songferry %s: %q", typed, out)
		}
	}
}

func TestTheAccountIsASettingToo(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.serve().stop()
	isPlain(t, i.runWith([]string{"SONGFERRY_ACCOUNT=nobody", "SONGFERRY_LOG_LEVEL=info"}, "following"), `no account "nobody"`)
}

func TestAnAccountIsNamedAsItsPersonKnowsIt(t *testing.T) {
	t.Parallel()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	for _, user := range []string{"bob", "carol"} {
		server.AddUser(user, "secret")
	}
	server.AddPlaylist("bob", "Of nora")
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	i := install(t)
	for handle, user := range map[string]string{"nora": "bob", "carol": "carol", "carola": "carol"} {
		i.mustWith([]string{"SONGFERRY_SUBSONIC_PASSWORD=secret"}, "account", "add", handle, "--display-name", "Child "+handle, "--subsonic-url", music.URL, "--subsonic-user", user)
	}
	for _, name := range []string{"nora", "Nora", "child NORA", "bob", "Bob"} {
		if out := i.must("playlist", "list", "--account", name); !strings.Contains(out, "Of nora") {
			t.Errorf("%s: %s", name, out)
		}
	}
	info := []string{"SONGFERRY_LOG_LEVEL=info"}
	isPlain(t, i.runWith(info, "playlist", "list", "--account", "norah"), `no account "norah"`, "account list")
	isPlain(t, i.runWith(info, "account", "delete", "--sure", "bob"), `no account "bob"`)
}

func TestTheWayOnIsToldOnceForAllCopies(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	printWays(&out, "bob", summary{Review: 1}, summary{Missing: 2, Review: 3})
	if n := strings.Count(out.String(), "songferry review list --account bob\n"); n != 1 {
		t.Errorf("review is named %d times: %s", n, &out)
	}
	if n := strings.Count(out.String(), "songferry missing --account bob\n"); n != 1 {
		t.Errorf("missing is named %d times: %s", n, &out)
	}
	out.Reset()
	if printWays(&out, "bob", summary{Found: 5}); out.Len() > 0 {
		t.Errorf("of a complete copy: %s", &out)
	}
}
