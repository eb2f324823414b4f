package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/songferry/songferry/playlists"
)

func TestAnOriginIsASchemeAndAHost(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                              "",
		"https://music.example":         "https://music.example",
		"https://music.example/":        "https://music.example",
		"https://music.example:8443":    "https://music.example:8443",
		"https://example.org/songferry": "refused",
		"https://music.example/?a=b":    "refused",
		"http://music.example":          "refused",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080",
		"http://localhost:8080":         "http://localhost:8080",
		"http://192.168.1.5:8080":       "http://192.168.1.5:8080",
		"http://10.0.0.1":               "refused",
		"music.example":                 "refused",
		"ftp://music.example":           "refused",
		"https://user:pw@music.example": "refused",
	} {
		got, err := Settings{URL: in, PrivateNetworks: []string{"192.168.0.0/16"}}.origin()
		text := ""
		switch {
		case err != nil && playlists.Say(err) == "":
			t.Errorf("%q: no sentence for the person: %v", in, err)
		case err != nil:
			text = "refused"
		case got != nil:
			text = got.String()
		}
		if text != want {
			t.Errorf("%q became %q, want %q (%v)", in, text, want, err)
		}
	}
}

func TestNetworksAreReadOrRefusedByTheNameOfTheirSetting(t *testing.T) {
	t.Parallel()
	got, err := Settings{TrustedProxies: []string{"127.0.0.0/8", " 10.1.2.3/24"}}.trustedProxies()
	if err != nil || len(got) != 2 || got[1].String() != "10.1.2.0/24" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := (Settings{TrustedProxies: []string{"proxy"}}).trustedProxies(); !strings.Contains(playlists.Say(err), `SONGFERRY_TRUSTED_PROXIES: "proxy" is not a network`) {
		t.Errorf("%v", err)
	}
	if _, err := (Settings{PrivateNetworks: []string{"home"}}).privateNetworks(); !strings.Contains(playlists.Say(err), "SONGFERRY_FEDERATION_PRIVATE_NETWORKS") {
		t.Errorf("%v", err)
	}
}

// Not parallel: it sets the environment.
func TestTheEnvironmentWinsOverTheFile(t *testing.T) {
	folder := t.TempDir()
	file, fromFile, fromEnvironment := filepath.Join(folder, "songferry.toml"), filepath.Join(folder, "file"), filepath.Join(folder, "environment")
	if err := os.WriteFile(file, []byte("SONGFERRY_DATA = \""+fromFile+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := runCommand(t, 1, "account", "list", "--config", file); !strings.Contains(out, "no Songferry in "+fromFile+".") {
		t.Errorf("the file's folder was not read: %s", out)
	}
	t.Setenv("SONGFERRY_DATA", fromEnvironment)
	if out := runCommand(t, 1, "account", "list", "--config", file); !strings.Contains(out, "no Songferry in "+fromEnvironment+".") {
		t.Errorf("the file wins: %s", out)
	}
}

func TestAMisspeltSettingIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "songferry.toml")
	if err := os.WriteFile(file, []byte("SONGFERRY_LISTENN = \"127.0.0.1:1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := runCommand(t, 2, "account", "list", "--config", file); !strings.Contains(out, "SONGFERRY_LISTENN") {
		t.Errorf("it printed: %s", out)
	}
}

func TestWhomToWriteToIsAnAddress(t *testing.T) {
	t.Parallel()
	for contact, ok := range map[string]bool{"": true, "takedown@music.example": true, "https://music.example/contact": true,
		"me": false, "http://music.example": false, "javascript:alert(1)": false, "Alice <alice@music.example>": false} {
		if got, err := (Settings{Contact: contact}).contact(); (err == nil) != ok || ok && got != contact {
			t.Errorf("%q: %q, %v", contact, got, err)
		}
	}
}

func TestHelpListsEverySetting(t *testing.T) {
	t.Parallel()
	out := runCommand(t, 0, "serve", "--help")
	for f := range fieldsOf(Settings{}) {
		if name := f.Tag.Get("env"); !strings.Contains(out, name) {
			t.Errorf("%s is not in the help", name)
		}
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	t.Parallel()
	model, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	every := []string{""}
	for _, leaf := range model.Model.Leaves(false) {
		every = append(every, leaf.Path())
	}
	if len(every) < 40 {
		t.Fatalf("the commands are %q", every)
	}
	for _, command := range every {
		args := append(strings.Fields(command), "--help")
		if out := runCommand(t, 0, args...); !strings.Contains(out, "Usage: songferry "+command) {
			t.Errorf("songferry %s --help printed:\n%s", command, out)
		}
	}
}

func TestWhatIsNotUnderstoodExitsWithTwo(t *testing.T) {
	t.Parallel()
	for help, args := range map[string][]string{
		"songferry --help":             {"dance"},
		"songferry follow --help":      {"follow", "@a@b.example"},
		"songferry account add --help": {"account", "add", "alice", "--subsonic-user", "alice"},
		"songferry serve --help":       {"serve", "--nope"},
		"songferry news limit --help":  {"news", "limit", "--account", "alice", "--per-day", "few"},
		"songferry news hold --help":   {"news", "hold", "--account", "alice"},
	} {
		if out := runCommand(t, 2, args...); !strings.Contains(out, "Run `"+help+"`") || strings.Contains(out, " expected") {
			t.Errorf("%v printed: %s", args, out)
		}
	}
}

func TestAMissingSettingsFileIsNamed(t *testing.T) {
	t.Parallel()
	if out := runCommand(t, 2, "account", "list", "--config", "/nowhere/songferry.toml"); !strings.HasPrefix(out, "songferry: there is no settings file /nowhere/songferry.toml.\n") {
		t.Errorf("it printed: %s", out)
	}
}

func TestAWrongSettingIsNamedAsAPersonKnowsIt(t *testing.T) {
	for name, value := range map[string]string{"SONGFERRY_LOG_LEVEL": "loud", "SONGFERRY_POLL_INTERVAL": "often"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if out := runCommand(t, 2, "account", "list"); !strings.HasPrefix(out, "songferry: "+name) {
				t.Errorf("it says: %s", out)
			}
		})
	}
}

// runCommand runs a command in this process, checks its exit code, and returns all that it printed.
func runCommand(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if got := run(t.Context(), args, terminal{In: strings.NewReader(""), Out: &out, Err: &out}); got != code {
		t.Fatalf("songferry %s exited with %d, want %d:\n%s", strings.Join(args, " "), got, code, out.String())
	}
	return out.String()
}

// TestADatabaseInAnotherFormIsNotTakenForAFile: its password would be shown as the name of one.
func TestADatabaseInAnotherFormIsNotTakenForAFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"host=db user=songferry password=hunter2 dbname=songs", "dbname = songs", "postgres:/songferry:hunter2@db/songs", "mysql://root:hunter2@db/songs"} {
		_, err := Settings{Database: name}.database()
		if say := playlists.Say(err); !strings.Contains(say, "begin with postgres://") || strings.Contains(say, "hunter2") {
			t.Errorf("%s: %s", name, say)
		}
	}
	for _, name := range []string{"/srv/songs.db", "postgres.db", "postgres://songferry@db/songs"} {
		if got, err := (Settings{Database: name}).database(); got != name || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
