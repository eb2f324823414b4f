package federation

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestHandlesAreReadInEverySpelling(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Handle{
		"@alice@b.example":           {"alice", "b.example"},
		"alice@b.example":            {"alice", "b.example"},
		"acct:alice@b.example":       {"alice", "b.example"},
		"  @Alice.B-c_d~1@B.EXAMPLE": {"Alice.B-c_d~1", "b.example"},
		"@alice@b.example:8443":      {"alice", "b.example:8443"},
		"@alice@b.example.:443":      {"alice", "b.example"},
		"@alice@bücher.example":      {"alice", "xn--bcher-kva.example"},
		"@alice@127.0.0.1:3000":      {"alice", "127.0.0.1:3000"},
	} {
		if got, err := ParseHandle(in); err != nil || got != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
}

func TestWhatIsNoHandleIsRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", "@", "alice", "@alice", "@alice@", "@@b.example", "@al ice@b.example", "@alice@b.example@c.example", "@alice@b.example/x",
		"@alice@b.example?x", "@../..@b.example", "@a/b@b.example", "@alice@user:pw@b.example", "https://b.example/@alice", "@ал@b.example",
		"@alice@b\x00.example", "@" + strings.Repeat("a", 65) + "@b.example", "@a@" + strings.Repeat("a.", 200) + "example", "@alice@[::1",
	} {
		if got, err := ParseHandle(in); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%q was read as %v, %v", in, got, err)
		}
	}
}

func TestAHandleLeadsToItsActor(t *testing.T) {
	t.Parallel()
	plain, secure := federationtest.New(t), federationtest.NewTLS(t)
	c := loopback()
	c.RootCAs = secure.RootCAs()
	client := NewClient(c)
	for _, inst := range []*federationtest.Instance{plain, secure} {
		alice := inst.AddActor("Alice", nil)
		for _, handle := range []string{"@alice@" + inst.Host(), "acct:ALICE@" + inst.Host()} {
			if id, err := client.WebFinger(t.Context(), handle); err != nil || id != alice.ID {
				t.Errorf("%s: %q, %v", handle, id, err)
			}
		}
		if got := inst.Requests("")[0].Header.Get("Accept"); !strings.HasPrefix(got, "application/jrd+json") {
			t.Errorf("Accept: %s", got)
		}
		_, err := client.WebFinger(t.Context(), "@bob@"+inst.Host())
		problem(t, "unknown", err, playlists.NotFound)
	}
}

// answerFor lets an instance answer WebFinger about an account.
func answerFor(inst *federationtest.Instance, account, subject, actorID string) {
	path := "/.well-known/webfinger?resource=" + strings.NewReplacer(":", "%3A", "@", "%40").Replace("acct:"+account)
	inst.Fail(path, federationtest.Answer("application/jrd+json", string(federationtest.JRD("acct:"+subject, actorID))))
}

func TestAHandleOnAnotherDomainThanItsServerWorks(t *testing.T) {
	t.Parallel()
	domain, server := federationtest.New(t), federationtest.New(t)
	client := NewClient(loopback())
	alice := server.AddActor("alice", nil)
	handle := "alice@" + domain.Host()
	answerFor(domain, handle, handle, alice.ID)
	answerFor(server, handle, handle, alice.ID)
	answerFor(server, "alice@"+server.Host(), handle, alice.ID)
	for _, asked := range []string{handle, "alice@" + server.Host()} {
		if id, err := client.WebFinger(t.Context(), asked); err != nil || id != alice.ID {
			t.Errorf("%s: %q, %v", asked, id, err)
		}
	}
}

func TestA23NobodySpeaksForAnotherHost(t *testing.T) {
	t.Parallel()
	victim, evil := federationtest.New(t), federationtest.New(t)
	client := NewClient(loopback())
	alice := victim.AddActor("alice", nil)
	forged := evil.URL + "/users/forged"
	for name, c := range map[string]struct {
		subject, self string
		code          playlists.Code
	}{
		"claims another host's actor":           {"alice@" + evil.Host(), alice.ID, playlists.NotFound},
		"claims another host's name":            {"alice@" + victim.Host(), forged, playlists.Invalid},
		"claims another host's unused name":     {"nobody@" + victim.Host(), forged, playlists.NotFound},
		"renames to an account that is not its": {"alice@" + victim.Host(), victim.URL + "/users/mallory", playlists.Invalid},
		"points into a private network":         {"alice@" + evil.Host(), "https://10.0.0.1/users/a", playlists.Invalid},
		"points to no web address":              {"alice@" + evil.Host(), "file:///etc/passwd", playlists.Invalid},
		"points nowhere":                        {"alice@" + evil.Host(), "", playlists.Invalid},
		"subject without host":                  {"alice", forged, playlists.Invalid},
	} {
		answerFor(evil, "alice@"+evil.Host(), c.subject, c.self)
		id, err := client.WebFinger(t.Context(), "@alice@"+evil.Host())
		if id != "" {
			t.Errorf("%s: accepted %s", name, id)
		}
		problem(t, name, err, c.code)
	}
}

func TestBadWebFingerAnswersAreRefused(t *testing.T) {
	t.Parallel()
	inst := federationtest.New(t)
	client := NewClient(loopback())
	alice := inst.AddActor("alice", nil)
	subject := `"subject":"acct:alice@` + inst.Host() + `"`
	self := `{"rel":"self","type":"application/activity+json","href":"` + alice.ID + `"}`
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		code   playlists.Code
	}{
		"too large":        {federationtest.Answer("application/jrd+json", `{`+subject+`,"links":[`+self+`],"x":"`+strings.Repeat("a", 64<<10)+`"}`), playlists.Invalid},
		"page":             {federationtest.Answer("text/html", "<html>"), playlists.Invalid},
		"two subjects":     {federationtest.Answer("application/jrd+json", `{`+subject+`,"Subject":"acct:bob@evil.example","links":[`+self+`]}`), playlists.Invalid},
		"no subject":       {federationtest.Answer("application/jrd+json", `{"links":[`+self+`]}`), playlists.Invalid},
		"subject is a URL": {federationtest.Answer("application/jrd+json", `{"subject":"`+alice.ID+`","links":[`+self+`]}`), playlists.Invalid},
		"links no list":    {federationtest.Answer("application/jrd+json", `{`+subject+`,"links":7}`), playlists.Invalid},
		"no links":         {federationtest.Answer("application/jrd+json", `{`+subject+`}`), playlists.NotFound},
		"only a page":      {federationtest.Answer("application/jrd+json", `{`+subject+`,"links":[{"rel":"self","type":"text/html","href":"`+alice.ID+`"}]}`), playlists.NotFound},
		"gone":             {federationtest.Status(410), playlists.Gone},
		"broken":           {federationtest.Status(500), playlists.Unavailable},
		"private":          {federationtest.Redirect("https://10.0.0.1/.well-known/webfinger", 302), playlists.Invalid},
	} {
		inst.Fail("", c.answer)
		_, err := client.WebFinger(t.Context(), "@alice@"+inst.Host())
		problem(t, name, err, c.code)
	}
}

// Whatever is accepted names an account and an address that can be fetched.
func FuzzJRD(f *testing.F) {
	for _, server := range goldens(f) {
		if doc, ok := server.Documents["webfinger"]; ok {
			f.Add([]byte(doc))
		}
	}
	f.Add(federationtest.JRD("acct:alice@b.example", "https://b.example/users/alice"))
	f.Add([]byte(`{"subject":"acct:a@b","links":[{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"http://[::1]/"}]}`))
	f.Add([]byte(`{"subject":"acct:a@b","links":[{"rel":"self"},null,{"href":7}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parseJRD(body)
		if err != nil {
			return
		}
		if u, err := parseAddress(got.actorID); err != nil || u.Host != got.actorHost {
			t.Fatalf("actor %q on host %q: %v", got.actorID, got.actorHost, err)
		}
		if again, err := ParseHandle(got.subject.acct()); err != nil || again != got.subject {
			t.Fatalf("subject %v becomes %v: %v", got.subject, again, err)
		}
	})
}
