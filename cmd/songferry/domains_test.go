package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestTheRulesAboutOtherServers(t *testing.T) {
	t.Parallel()
	i := install(t, "SONGFERRY_URL=https://music.example")
	i.serve().stop()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"list"}, "There are no rules: every server is let in.\n"},
		{[]string{"block", "--comment", "spam", "--public-comment", "Spam, mostly", "Evil.example"}, "evil.example is blocked with all its subdomains.\n"},
		{[]string{"limit", "*.noisy.example"}, "noisy.example is limited with all its subdomains: who is there can follow with approval only, and what they say counts for nothing.\n"},
		{[]string{"allow", "friend.example"}, "friend.example is allowed with all its subdomains.\n"},
		{[]string{"allow", "sub.evil.example"}, "sub.evil.example is on the list of allowed domains, but another rule is stronger: The administrator of this bridge has blocked sub.evil.example.\n"},
		{[]string{"export"}, "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n" +
			"evil.example,suspend,false,false,\"Spam, mostly\",false\nnoisy.example,silence,false,false,,false\n"},
		{[]string{"export", "--allowed"}, "#domain\nfriend.example\nsub.evil.example\n"},
		{[]string{"remove", "noisy.example"}, "There is no rule about noisy.example any more.\n"},
	} {
		if got := i.must(append([]string{"domain"}, c.args...)...); got != c.says {
			t.Errorf("%s: %q, want %q", c.args, got, c.says)
		}
	}
	var rows []ruleRow
	if err := json.Unmarshal([]byte(i.must("domain", "list", "--json")), &rows); err != nil || len(rows) != 3 || rows[0].Target != "evil.example" ||
		rows[0].Rule != "blocked" || rows[0].Comment != "spam" || rows[0].Since.IsZero() {
		t.Errorf("%+v, %v", rows, err)
	}
	if s := i.run("domain", "block", "com"); s.code != 0 || !strings.Contains(s.err, "domain remove com") {
		t.Errorf("a public suffix: %+v", s)
	}
	for _, c := range []struct {
		args  []string
		words []string
	}{
		{[]string{"domain", "block", "music.example"}, []string{"this bridge's own"}},
		{[]string{"domain", "block", "example"}, []string{"this bridge's own"}},
		{[]string{"domain", "limit", "evil example"}, []string{"is not a domain"}},
		{[]string{"domain", "block", "@alice@music.example"}, []string{"account of this bridge"}},
		{[]string{"domain", "remove", "other.example"}, []string{"no rule about other.example", "domain list"}},
		{[]string{"domain", "remove", "@bob@other.example"}, []string{"is not blocked", "domain list"}},
		{[]string{"domain", "import", "absent.csv"}, []string{"There is no file"}},
		{[]string{"report", "resolve", "x"}, []string{"no report", "report list"}},
	} {
		isPlain(t, i.runWith([]string{"SONGFERRY_LOG_LEVEL=info"}, c.args...), c.words...)
	}
	isPlain(t, i.runWith([]string{"SONGFERRY_LOG_LEVEL=info", "SONGFERRY_FEDERATION_BLOCKED_DOMAINS=evil example"}, "domain", "list"), "BLOCKED_DOMAINS", "not a domain")
	if got := i.mustWith([]string{"SONGFERRY_FEDERATION_BLOCKED_DOMAINS=worse.example"}, "domain", "list"); !strings.Contains(got, "worse.example") || !strings.Contains(got, "by the settings") {
		t.Errorf("of the settings: %q", got)
	}
}

func TestAListIsImportedAndWhatIsLeftOutIsSaid(t *testing.T) {
	t.Parallel()
	i := install(t, "SONGFERRY_URL=https://music.example")
	i.serve().stop()
	i.must("domain", "allow", "friend.example")
	write := func(text string) string {
		file := filepath.Join(t.TempDir(), "list.csv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	list := write("#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\r\nevil.example,suspend,false,false,Spam,false\r\n" +
		"quiet.example,silence,,,,\r\nfriend.example,suspend,,,,\r\nmusic.example,suspend,,,,\r\nex***le.com,suspend,,,,true\r\nb.example,noop,true,,,\r\n")
	said := "New rules: 1 blocked, 1 limited, 0 allowed. 0 of the list were here already.\nLeft as they are, since you decided otherwise: friend.example.\n" +
		"Left out, since this bridge itself is meant: music.example.\nLeft out, since parts of their names are hidden: ex***le.com.\n" +
		"Left out, since their severity noop limits nothing here: 1.\n"
	if got := i.must("domain", "import", "--dry-run", list); got != said+"This was only a trial: nothing was changed.\n" {
		t.Errorf("trial: %q", got)
	}
	for range 2 {
		if got := i.must("domain", "import", list); got != said {
			t.Errorf("%q, want %q", got, said)
		}
		said = strings.Replace(strings.Replace(said, "1 blocked, 1 limited", "0 blocked, 0 limited", 1), "0 of the list", "2 of the list", 1)
	}
	before := i.must("domain", "export")
	isPlain(t, i.runWith([]string{"SONGFERRY_LOG_LEVEL=info"}, "domain", "import", write("new.example\nold.example,\"\nbad line\n")), "Line 2")
	if after := i.must("domain", "export"); after != before {
		t.Errorf("half a list was imported: %q", after)
	}
	if got := i.must("domain", "import", write(before)); !strings.HasPrefix(got, "New rules: 0 blocked, 0 limited, 0 allowed. 2 of the list") {
		t.Errorf("our own list: %q", got)
	}
}

func TestABlockedPlaylistStaysAsItWasUntilItIsUnblocked(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	bob.holds("Road trip · alice", "Harbour Lights")
	a, swept, err := bob.fed.BlockActor(t.Context(), handle, "")
	if err != nil || swept.Copies != 1 || swept.Follows != 1 || a.Handle != handle {
		t.Fatalf("%+v, %+v, %v", a, swept, err)
	}
	settle(alice, bob)
	bob.holds("Road trip · alice", "Harbour Lights")
	rows, err := bob.following(t.Context(), "bob")
	if err != nil || len(rows) != 1 || rows[0].Error != "The administrator of this bridge has blocked this account." {
		t.Errorf("%+v, %v", rows, err)
	}
	if _, swept, err := bob.fed.UnblockActor(t.Context(), handle); err != nil || swept.Resumed != 1 {
		t.Errorf("%+v, %v", swept, err)
	}
	settle(alice, bob)
	if rows, err := bob.following(t.Context(), "bob"); err != nil || rows[0].Error != "" {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestWhatARuleDidIsSaid(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]federation.Swept{
		".":                         {Follows: 3},
		". 1 follower was removed.": {Followers: 1},
		". 3 followers were removed and 1 copy of a playlist is no longer kept in step.": {Followers: 3, Copies: 1},
		". 2 followers were removed, 2 copies of playlists are no longer kept in step, 4 outgoing messages were dropped, " +
			"1 incoming message was dropped and 5 copies of playlists are kept in step again.": {Followers: 2, Copies: 2, Deliveries: 4, Activities: 1, Resumed: 5},
	} {
		if got := whatWasSwept(s); got != want {
			t.Errorf("%+v: %q", s, got)
		}
	}
	if got := someOf(strings.Split("abcdefghijkl", "")); got != "a, b, c, d, e, f, g, h, i, j and 2 more" {
		t.Error(got)
	}
}

func TestReportsSayWhatToDo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	printReports(&out, []reportRow{{ID: "abc", From: "b.example", About: []string{"https://music.example/@alice"}, Text: "Spam\nand more"}, {ID: "def", Reporter: "https://c.example/dora", Resolved: time.Unix(1, 0)}})
	for _, want := range []string{"abc  open", "from somebody at b.example\n", "  Spam\n  and more\n", "def  resolved", "from https://c.example/dora", "songferry report resolve abc\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, &out)
		}
	}
}

func TestTheDaemonKeepsARuleThatACommandMadeWithinMoments(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.serve()
	status := func(want int) func() error {
		return func() error {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, i.url+"/ap/actors/instance", nil)
			if err != nil {
				return err
			}
			r.Header.Set("Signature", `keyId="https://www.evil.example/users/x#main-key",signature="eA=="`)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				return err
			}
			res.Body.Close()
			if res.StatusCode != want {
				return fmt.Errorf("the answer is %d, not %d", res.StatusCode, want)
			}
			return nil
		}
	}
	await(t, "a stranger to be let in", status(200))
	i.must("domain", "block", "evil.example")
	await(t, "the block", status(404))
	i.must("domain", "remove", "evil.example")
	await(t, "the end of the block", status(200))
}
