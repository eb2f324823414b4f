package federation

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// mastodonHeader is what Mastodon 4 exports (export_domain_blocks_controller.rb).
const mastodonHeader = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"

func TestListsOfAllShapesAreRead(t *testing.T) {
	t.Parallel()
	blocked, limited, let := Suspend, Silence, Allow
	for name, c := range map[string]struct {
		file string
		want map[string]Severity
	}{
		"Mastodon's":           {mastodonHeader + "a.example,suspend,false,false,spam,false\nb.example,silence,true,true,,true\n", map[string]Severity{"a.example": blocked, "b.example": limited}},
		"Mastodon's allowed":   {"#domain\na.example\nb.example\n", map[string]Severity{"a.example": let, "b.example": let}},
		"without header":       {"a.example\nb.example", map[string]Severity{"a.example": blocked, "b.example": blocked}},
		"Windows":              {"\ufeff" + strings.ReplaceAll(mastodonHeader+"a.example,suspend,,,,\n", "\n", "\r\n"), map[string]Severity{"a.example": blocked}},
		"semicolons":           {"#domain;#severity\na.example;silence\n", map[string]Severity{"a.example": limited}},
		"tabs":                 {"domain\tseverity\na.example\tsilence\n", map[string]Severity{"a.example": limited}},
		"other order":          {"#severity,#domain\nsilence,a.example\n", map[string]Severity{"a.example": limited}},
		"no severity":          {"#domain,#public_comment\na.example,spam\n", map[string]Severity{"a.example": blocked}},
		"upper case":           {"#DOMAIN,#Severity\nA.Example,SUSPEND\n", map[string]Severity{"a.example": blocked}},
		"quoted":               {"\"#domain\",\"#severity\",\"#public_comment\"\n\"a.example\",\"silence\",\"says \"\"x\"\",\non two lines\"\n", map[string]Severity{"a.example": limited}},
		"comments":             {"# a list, of \"bad\n#\n" + mastodonHeader + "# it's odd \"\na.example,suspend,,,\"#1\n# no comment\",\n\n", map[string]Severity{"a.example": blocked}},
		"remarks":              {"a.example # spam\n  b.example\n# all\n", map[string]Severity{"a.example": blocked, "b.example": blocked}},
		"wildcards":            {"*.a.example\n", map[string]Severity{"a.example": blocked}},
		"addresses":            {"https://a.example/\nb.example:8443\n192.0.2.7\n", map[string]Severity{"a.example": blocked, "b.example": blocked, "192.0.2.7": blocked}},
		"international":        {"bücher.example\n", map[string]Severity{"xn--bcher-kva.example": blocked}},
		"short and long rows":  {mastodonHeader + "a.example,silence\nb.example,suspend,,,,,,,\n", map[string]Severity{"a.example": limited, "b.example": blocked}},
		"twice, stricter last": {"#domain,#severity\na.example,silence\nA.example,suspend\n", map[string]Severity{"a.example": blocked}},
		"twice, milder last":   {"#domain,#severity\na.example,suspend\na.example,silence\n", map[string]Severity{"a.example": blocked}},
		"masked and noop":      {mastodonHeader + "ex***le.com,suspend,,,,true\nb.example,noop,true,,,\nc.example,suspend,,,,\n", map[string]Severity{"c.example": blocked}},
		"nothing":              {"", map[string]Severity{}},
		"header only":          {mastodonHeader, map[string]Severity{}},
	} {
		list, err := ReadBlocklist([]byte(c.file), "")
		got := map[string]Severity{}
		for _, r := range list.Rules {
			got[r.Domain] = r.Severity
		}
		if err != nil || !reflect.DeepEqual(got, c.want) || len(list.Rules) != len(c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	list, err := ReadBlocklist([]byte(mastodonHeader+"ex***le.com,suspend,,,,true\nb.example,noop,,,,\na.example,suspend,TRUE,true,\"says \"\"x\"\",\",1\n"), "")
	want := Blocklist{Masked: []string{"ex***le.com"}, Noop: 1, Rules: []DomainRule{{Domain: "a.example", Severity: Suspend,
		RejectMedia: true, RejectReports: true, Obfuscate: true, PublicComment: `says "x",`}}}
	if err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("%+v, %v", list, err)
	}
	for as, file := range map[Severity]string{Silence: "#domain\na.example\n", Allow: mastodonHeader + "a.example,suspend,,,,\n", Suspend: "#domain,#severity\na.example,noop\n"} {
		if list, err := ReadBlocklist([]byte(file), as); err != nil || len(list.Rules) != 1 || list.Rules[0].Severity != as {
			t.Errorf("as %s: %+v, %v", as, list, err)
		}
	}
}

func TestWhatIsWrongWithAListIsSaidWithItsLine(t *testing.T) {
	t.Parallel()
	for file, says := range map[string]string{
		"a.example\n\nb example\n":                                            `Line 3: "b example" is not a domain`,
		mastodonHeader + "a.example,suspend,,,,\nb.example,ban,,,,\n":         `Line 3: the severity "ban"`,
		mastodonHeader + "# x\r\n\"a\nb\",suspend\n":                          "Line 3: ",
		mastodonHeader + ",suspend,,,,\n":                                     `Line 2: "" is not a domain`,
		"a.example\n\"b.example\n":                                            "Line 2 cannot be read",
		"a.example\nb\"c.example\n":                                           "Line 2 cannot be read",
		"a.example\n\xff\n":                                                   "Line 2 is not text in UTF-8",
		"\xff\xfea\x00":                                                       "Line 1 is not text in UTF-8",
		"a.example" + strings.Repeat(",", 100) + "\n":                         "Line 1 has more than 64 columns",
		"<!DOCTYPE html>\n":                                                   "Line 1: ",
		strings.Repeat("\n", MaxBlocklist+1):                                  "larger than 20 MB",
		strings.Repeat("a.example\n", maxBlocklistRows+1):                     "more than 100000 rows",
		mastodonHeader + "@bob@evil.example,suspend,,,,\n":                    "Line 2: ",
		"#domain,#severity\n" + strings.Repeat("a.", 300) + "example,silence": "Line 2: ",
	} {
		_, err := ReadBlocklist([]byte(file), "")
		if playlists.CodeOf(err) != playlists.Invalid || !strings.Contains(playlists.Say(err), says) {
			t.Errorf("%.60q: %v, want %q", file, err, says)
		}
	}
	if _, err := ReadBlocklist(bytes.Repeat([]byte("a.example\n"), maxBlocklistRows), ""); err != nil {
		t.Error("the longest list:", err)
	}
}

func TestATableOfSomethingElseIsNoBlocklist(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"name,country\nAlice,FR\n", "host\nevil.example\n", "artist;title\n"} {
		_, err := ReadBlocklist([]byte(text), "") // else all of .name would be shut out
		problem(t, text, err, playlists.Invalid)
	}
	list, err := ReadBlocklist([]byte("#domain,#severity\nonion,suspend\n"), "")
	if err != nil || len(list.Rules) != 1 {
		t.Errorf("a top-level domain under a header: %+v, %v", list, err)
	}
}

func TestAListIsImportedWhollyAndOverridesNobodysDecision(t *testing.T) {
	t.Parallel()
	a := newAcquainted(t)
	a.rule("friend.example", Allow)
	a.rule("evil.example", Suspend)
	a.rule("noisy.example", Silence)
	a.rule("other.example", Silence)
	list, err := ReadBlocklist([]byte(mastodonHeader+
		"friend.example,suspend,,,,\nevil.example,silence,,,,\nnoisy.example,suspend,,,,\nother.example,silence,,,,\nlocalhost,suspend,,,,\n127.0.0.1,suspend,,,,\nnew.example,silence,,true,Loud,\n"), "")
	a.ok(err)
	want := Imported{Blocked: 2, Limited: 1, Known: 2, Kept: []string{"friend.example"}, Own: []string{"localhost"}}
	want.Swept = a.contact(a.evil.Host())
	want.Copies = 1
	rules, err := a.DomainRules(t.Context())
	a.ok(err)

	trial, err := a.ImportDomains(t.Context(), list, "From a list.", true)
	if err != nil || !reflect.DeepEqual(trial, want) {
		t.Errorf("trial: %+v, %v; want %+v", trial, err, want)
	}
	if now, err := a.DomainRules(t.Context()); err != nil || !reflect.DeepEqual(now, rules) || a.contact(a.evil.Host()).Followers == 0 {
		t.Errorf("the trial changed something: %+v, %v", now, err)
	}
	done, err := a.ImportDomains(t.Context(), list, "From a list.", false)
	if err != nil || !reflect.DeepEqual(done, want) {
		t.Errorf("done: %+v, %v; want %+v", done, err, want)
	}
	var b strings.Builder
	now, err := a.DomainRules(t.Context())
	a.ok(err)
	a.ok(WriteBlocklist(&b, now))
	if got, want := b.String(), mastodonHeader+"127.0.0.1,suspend,false,false,,false\nevil.example,suspend,false,false,,false\n"+
		"new.example,silence,false,true,Loud,false\nnoisy.example,suspend,false,false,,false\nother.example,silence,false,false,,false\n"; got != want {
		t.Errorf("exported\n%s", got)
	}

	// A list of allowed domains opens nothing that is blocked.
	allow, err := ReadBlocklist([]byte("#domain\nevil.example\nanother.example\n"), "")
	a.ok(err)
	if done, err := a.ImportDomains(t.Context(), allow, "", false); err != nil || done.Allowed != 1 || len(done.Kept) != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	b.Reset()
	now, err = a.DomainRules(t.Context())
	a.ok(err)
	a.ok(WriteAllowlist(&b, now))
	if b.String() != "#domain\nanother.example\nfriend.example\n" {
		t.Errorf("allowed are\n%s", &b)
	}
}

func TestAnExportedListIsTheSameListWhenItIsRead(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "blocklists", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatal("no lists: ", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first, err := ReadBlocklist(data, "")
		if err != nil || len(first.Rules) == 0 {
			t.Fatalf("%s: %v", file, err)
		}
		again := rewritten(t, first)
		if !reflect.DeepEqual(again.Rules, first.Rules) {
			t.Errorf("%s: %+v, want %+v", file, again.Rules, first.Rules)
		}
	}
}

// rewritten writes and reads the blocks of a list.
func rewritten(t testing.TB, list Blocklist) Blocklist {
	t.Helper()
	var b bytes.Buffer
	if err := WriteBlocklist(&b, list.Rules); err != nil {
		t.Fatal(err)
	}
	again, err := ReadBlocklist(b.Bytes(), "")
	if err != nil {
		t.Fatalf("our own list cannot be read: %v\n%s", err, &b)
	}
	return again
}

func TestALongListTakesEffectAtOnceAndTooLongAOneNever(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	const long = 20_000 // as the longest that people share
	var b strings.Builder
	for n := range long {
		fmt.Fprintf(&b, "server-%d.example\n", n)
	}
	list, err := ReadBlocklist([]byte(b.String()), "")
	w.ok(err)
	start := time.Now()
	done, err := w.ImportDomains(t.Context(), list, "", false)
	if err != nil || done.Blocked != long {
		t.Fatalf("%+v, %v", done, err)
	}
	t.Logf("imported in %v", time.Since(start))
	if err := w.policy.AllowsHost("server-19999.example"); !isForbidden(err) {
		t.Error(err)
	}
	_, err = w.ImportDomains(t.Context(), Blocklist{Rules: make([]DomainRule, maxRules)}, "", false)
	problem(t, "more than can be held", err, playlists.Invalid)
	if n := w.count(`SELECT COUNT(*) FROM domain_rules`); n != long {
		t.Errorf("%d rules", n)
	}
}

func FuzzReadBlocklist(f *testing.F) {
	f.Add([]byte(mastodonHeader + "a.example,suspend,true,false,\"says \"\"x\"\"\n#y\",true\nex***le.com,silence,,,,\n"))
	f.Add([]byte("# c \"\n#domain\r\na.example\r\n*.b.example # remark\n"))
	f.Add([]byte("\ufeffdomain;severity\nbücher.example;silence\n"))
	f.Add([]byte("\"a.example"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := ReadBlocklist(data, "")
		classified(t, err)
		if err != nil {
			return
		}
		if len(list.Rules)+len(list.Masked)+list.Noop > len(data) {
			t.Errorf("%d rules in %d bytes", len(list.Rules), len(data))
		}
		for n, r := range list.Rules {
			if name, err := RuleDomain(r.Domain); err != nil || name != r.Domain {
				t.Errorf("%q is kept, which is %q, %v", r.Domain, name, err)
			}
			if r.Severity == Allow {
				list.Rules[n].Severity = Suspend
			}
			// A carriage return before a line break is lost in CSV (encoding/csv), and what is kept is cleaned.
			list.Rules[n].PublicComment = playlists.CleanLines(r.PublicComment, maxComment)
		}
		if again := rewritten(t, list); !reflect.DeepEqual(again.Rules, list.Rules) {
			t.Errorf("%+v, want %+v", again.Rules, list.Rules)
		}
	})
}
