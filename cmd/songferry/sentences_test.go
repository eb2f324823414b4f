package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// mishaps is one Songferry with a playlist in every state, and what a person may run into around it.
type mishaps struct {
	*installation
	music, page, nobody string // addresses: of the music server, of a web page, of nothing
	host                string // of the daemon
	folder              string
}

func newMishaps(t *testing.T) mishaps {
	t.Helper()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("alice", "secret")
	song := server.AddSong(harbour)
	server.AddPlaylist("alice", "Road trip", song)
	server.AddPlaylist("alice", "Withdrawn", song)
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	website := subsonictest.NewServer(subsonictest.Navidrome)
	website.Fail(subsonictest.HTMLPage)
	page := httptest.NewServer(website)
	t.Cleanup(page.Close)
	m := mishaps{installation: install(t), music: music.URL, page: page.URL, nobody: "http://" + freeAddress(t), folder: t.TempDir()}
	m.host = strings.TrimPrefix(m.url, "http://")
	m.serve()
	m.addAccount("alice", m.music, "secret")
	for _, audience := range []string{"public", "private"} {
		m.must("playlist", "publish", "--account", "alice", "--audience", audience, "Withdrawn")
	}
	m.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")
	if err := os.WriteFile(filepath.Join(m.folder, "photo.jpg"), []byte("\xff\xd8\xff\xe0 no playlist"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.folder, "half.jspf"), []byte("{\"playlist\":\n{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.folder, "table.csv"), []byte("artist,title\nQueen,Innuendo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestWhatGoesWrongIsOnePlainSentence runs commands that cannot succeed. A person who reads no code must see from what
// they print what failed, and what to do.
func TestWhatGoesWrongIsOnePlainSentence(t *testing.T) {
	t.Parallel()
	m := newMishaps(t)
	other := install(t) // another bridge, which knows only its own people
	other.mustWith([]string{"SONGFERRY_SUBSONIC_PASSWORD=secret"}, "account", "add", "carol", "--subsonic-url", m.music, "--subsonic-user", "alice")
	add := func(url string) []string {
		return []string{"account", "add", "dave", "--subsonic-url", url, "--subsonic-user", "alice"}
	}
	follow := func(target string) []string { return []string{"follow", "--account", "carol", target} }
	for _, c := range []struct {
		name     string
		on       *installation
		password string
		args     []string
		says     []string
	}{
		{"wrong password", m.installation, "wrong", add(m.music), []string{"does not accept this user name and password"}},
		{"no password", m.installation, "", add(m.music), []string{"password is missing", "SONGFERRY_SUBSONIC_PASSWORD"}},
		{"music server down", m.installation, "secret", add(m.nobody), []string{"cannot be reached"}},
		{"web page for a music server", m.installation, "secret", add(m.page), []string{"not a music server", "Check the address"}},
		{"no address", m.installation, "secret", add("ftp://music"), []string{"not the address of a music server"}},
		{"code that was never sent", m.installation, "", []string{"account", "prove", "--account", "alice", "--code", "123-456"}, []string{"No code is good", "Have a new one sent"}},
		{"code for our own", m.installation, "", []string{"account", "prove", "--account", "alice", "@alice@" + m.host}, []string{"is of this bridge"}},
		{"name where a handle belongs", m.installation, "", []string{"account", "prove", "--account", "alice", "alice"}, []string{`"alice" is no handle`, "@alice@music.example"}},
		{"code and handle at once", m.installation, "", []string{"account", "prove", "--account", "alice", "--code", "1", "@a@b.example"}, []string{"one of them"}},
		{"nothing to forget", m.installation, "", []string{"account", "prove", "--account", "alice", "--forget"}, []string{"No fediverse account is proven"}},
		{"account name taken", m.installation, "secret", []string{"account", "add", "alice", "--subsonic-url", m.music, "--subsonic-user", "alice"}, []string{`"alice" already`, "account connect"}},
		{"impossible account name", m.installation, "secret", []string{"account", "add", "Dave!", "--subsonic-url", m.music, "--subsonic-user", "alice"}, []string{"letters a-z"}},
		{"unknown account", m.installation, "", []string{"playlist", "list", "--account", "nobody"}, []string{`no account "nobody"`, "account list"}},
		{"unknown playlist", m.installation, "", []string{"playlist", "publish", "--account", "alice", "--audience", "public", "Road trips"}, []string{`no playlist "Road trips"`, "playlist list"}},
		{"unknown audience", m.installation, "", []string{"playlist", "publish", "--account", "alice", "--audience", "everybody", "Road trip"}, []string{`"everybody"`, "public, unlisted"}},
		{"unknown handle", other, "", follow("@nobody@" + m.host), []string{"knows nobody", "@nobody@" + m.host}},
		{"withdrawn handle", other, "", follow("@alice_withdrawn@" + m.host), []string{"withdrawn"}},
		{"withdrawn page", other, "", follow(m.url + "/@alice_withdrawn"), []string{"withdrawn"}},
		{"no handle", other, "", follow("road trip"), []string{`"road trip"`, "looks like @alice@music.example"}},
		{"other bridge down", other, "", follow(m.nobody + "/@alice"), []string{"could not be reached"}},
		{"nothing at the handle's host", other, "", follow("@alice@" + strings.TrimPrefix(m.nobody, "http://")), []string{"could not be reached"}},
		{"web page for a playlist", other, "", follow(m.page), []string{"nothing that can be followed"}},
		{"one's own playlist", m.installation, "", []string{"follow", "--account", "alice", "@alice_road_trip@" + m.host}, []string{"your own"}},
		{"no such file", other, "", []string{"import", "--account", "carol", filepath.Join(m.folder, "absent.jspf")}, []string{"There is no file", "absent.jspf"}},
		{"no playlist file", other, "", []string{"import", "--account", "carol", filepath.Join(m.folder, "photo.jpg")}, []string{"JSPF"}},
		{"file of another shape", other, "", []string{"import", "--account", "carol", filepath.Join(m.folder, "half.jspf")}, []string{"damaged at line 2"}},
		{"file of a page", other, "", []string{"import", "--account", "carol", m.page + "/share/x"}, []string{"nothing that can be followed or imported"}},
		{"export of nothing", m.installation, "", []string{"export", "--account", "alice", "Road trips"}, []string{`no playlist "Road trips"`, "playlist list"}},
		{"export as something else", m.installation, "", []string{"export", "--account", "alice", "--format", "pdf", "Road trip"}, []string{`"pdf"`, "jspf, xspf, m3u8 or csv"}},
		{"export to nowhere", m.installation, "", []string{"export", "--account", "alice", "-o", filepath.Join(m.folder, "absent", "x.csv"), "Road trip"}, []string{"cannot be written"}},
		{"no daemon", other, "", []string{"healthcheck"}, []string{"does not answer", "songferry serve"}},
		{"port taken", m.installation, "", []string{"serve"}, []string{"cannot listen", "SONGFERRY_LISTEN"}},
		{"no follower named", m.installation, "", []string{"follower", "approve", "--account", "alice", "Road trip", ""}, []string{"follower list"}},
		{"unknown follower", m.installation, "", []string{"follower", "remove", "--account", "alice", "Road trip", "@x@y.example"}, []string{"@x@y.example does not follow"}},
		{"no list named", m.installation, "", []string{"domain", "import", ""}, []string{"name of the file is missing"}},
		{"list of something else", m.installation, "", []string{"domain", "import", filepath.Join(m.folder, "table.csv")}, []string{`"artist" looks like the name of a column`}},
		{"nothing to move back", m.installation, "", []string{"account", "move", "--account", "alice", "--undo"}, []string{"@alice has not moved"}},
		{"one playlist moved back", m.installation, "", []string{"account", "move", "--account", "alice", "--undo", "--playlist", "Road trip"}, []string{"leave --playlist out"}},
		{"news of what is private", m.installation, "", []string{"news", "hold", "--account", "alice", "Withdrawn"}, []string{"its audience is private"}},
		{"too many posts", m.installation, "", []string{"news", "limit", "--account", "alice", "--per-day", "51"}, []string{"between 0 and 50"}},
		{"post that there is not", m.installation, "", []string{"news", "take-back", "--account", "alice", "x"}, []string{"no such post"}},
		{"copy that there is not", other, "", []string{"following", "order", "--account", "carol", "Road trip", "mine"}, []string{`Nothing that carol follows or copied is called "Road trip"`, "songferry following --account carol"}},
		{"track that there is not", other, "", []string{"review", "choose", "--account", "carol", "4577", "1"}, []string{`No track of carol's copies begins with "4577"`, "songferry review list --account carol"}},
		{"song that there is not", other, "", []string{"review", "find", "--account", "carol", "xyzzy"}, []string{`nothing for "xyzzy"`, "other words"}},
		{"report that there is not", m.installation, "", []string{"report", "resolve", "x"}, []string{`no report "x"`, "report list"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The level at which the program runs by itself: debug adds the details for whoever looks for them.
			env := []string{"SONGFERRY_SUBSONIC_PASSWORD=" + c.password, "SONGFERRY_LOG_LEVEL=info"}
			isPlain(t, c.on.runWith(env, c.args...), c.says...)
		})
	}
}

// jargon must not reach a person.
var jargon = []string{"dial tcp", "connection refused", "EOF", "%!", "nil", "goroutine", "sql", "json:", "invalid character", "context ", "lookup ", "parse \"", "unexpected"}

// isPlain wants exit status 1, nothing on stdout, and one line of whole sentences with these words on stderr.
func isPlain(t *testing.T, s said, words ...string) {
	t.Helper()
	if s.code != 1 || s.out != "" {
		t.Errorf("exit status %d, stdout %q", s.code, s.out)
	}
	line, isLine := strings.CutSuffix(s.err, "\n")
	text, isOurs := strings.CutPrefix(line, "songferry: ")
	if !isLine || !isOurs || strings.Contains(line, "\n") || !strings.ContainsAny(line[max(0, len(line)-1):], ".?") {
		t.Errorf("not one line of whole sentences: %q", s.err)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q lacks %q", text, w)
		}
	}
	for _, w := range jargon {
		if strings.Contains(text, w) {
			t.Errorf("%q has jargon: %q", text, w)
		}
	}
	t.Log(text)
}
