package federation

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/songferry/songferry/playlists"
)

func TestABlockedDomainIsBlockedInEverySpelling(t *testing.T) {
	t.Parallel()
	p := newRules(Policy{Blocked: []string{"Evil.example", "*.worse.example", "bücher.example", "192.0.2.7"}})
	for host, blocked := range map[string]bool{
		"evil.example":           true,
		"EVIL.example.":          true,
		"evil.example:8443":      true,
		"a.b.evil.example":       true,
		"x.worse.example":        true,
		"worse.example":          true,
		"xn--bcher-kva.example":  true,
		"BÜCHER.example":         true,
		"192.0.2.7:3000":         true,
		"notevil.example":        false,
		"evil.example.org":       false,
		"example":                false,
		"[2001:db8::1]":          false,
		"good.example":           false,
		"evil.example.good.test": false,
	} {
		if err := p.host(host); (playlists.CodeOf(err) == playlists.Forbidden) != blocked {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestAnAllowlistLetsOnlyItsDomainsIn(t *testing.T) {
	t.Parallel()
	for _, mode := range []PolicyMode{AllowlistMode, "alowlist"} {
		p := newRules(Policy{Mode: mode, Allowed: []string{"friend.example"}, Blocked: []string{"bad.friend.example"}})
		for host, allowed := range map[string]bool{
			"friend.example": true, "music.friend.example": true, "bad.friend.example": false, "other.example": false, "": false,
		} {
			if err := p.host(host); (err == nil) != allowed {
				t.Errorf("%s, %s: %v", mode, host, err)
			}
		}
	}
}

func TestABlockedActorIsBlockedAloneAndByItsDomain(t *testing.T) {
	t.Parallel()
	p := newRules(Policy{Blocked: []string{"evil.example"}})
	key, _, err := actorKey("https://b.example/users/mallory")
	if err != nil {
		t.Fatal(err)
	}
	p.actors[key] = struct{}{}
	for id, allowed := range map[string]bool{
		"https://b.example/users/mallory":      false,
		"https://B.example:443/users/mallory#": false,
		"https://b.example/users/%6Dallory":    false,
		"https://b.example/users/alice":        true,
		"https://sub.evil.example/users/alice": false,
		"acct:alice@b.example":                 false,
		"":                                     false,
	} {
		if err := p.actor(id); (err == nil) != allowed {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestTheZeroPolicyIsOpen(t *testing.T) {
	t.Parallel()
	if err := newRules(Policy{}).actor("https://b.example/users/alice"); err != nil {
		t.Error(err)
	}
}

// spellings returns ways to write a host name that lead to the same server as the name itself.
func spellings(r *rand.Rand, name string) string {
	for _, change := range []func(string) string{
		func(s string) string { return s + "." },
		func(s string) string { return strings.ReplaceAll(s, ".", "。") },
		func(s string) string { return fullWidth.Replace(s) },
		func(s string) string { return randomCase(r, s) },
		func(s string) string { return "a-1." + s },
		func(s string) string { return "xn--bcher-kva." + s },
		func(s string) string { return strings.Repeat("x.", 50) + s },
		func(s string) string { return s[:1] + "\u00ad" + s[1:] }, // a soft hyphen
	} {
		if r.IntN(3) == 0 {
			name = change(name)
		}
	}
	if port := r.IntN(3); port == 0 {
		name += ":" + strconv.Itoa(1+r.IntN(65535))
	} else if port == 1 {
		name += ":443"
	}
	return name
}

var fullWidth = strings.NewReplacer("e", "ｅ", "v", "Ｖ", "x", "ⓧ", "0", "０")

func randomCase(r *rand.Rand, s string) string {
	return strings.Map(func(c rune) rune {
		if r.IntN(2) == 0 {
			return unicode.ToUpper(c)
		}
		return c
	}, s)
}

func TestNoSpellingOfAHostEscapesItsBlock(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		name := []string{"evil.example", "xn--bcher-kva.example", "co.uk", "192.0.2.7", "evil"}[r.IntN(5)]
		blocked := newRules(Policy{Blocked: []string{name}})
		host := spellings(r, name)
		u, err := parseAddress("https://" + host + "/users/x")
		if err != nil {
			continue // nothing can be reached by it
		}
		if short, long := hostName(u.Host), normalHostName(u.Host); short != long {
			t.Fatalf("%q is %q, and the long way %q", u.Host, short, long)
		}
		if name == "192.0.2.7" && !strings.HasSuffix(hostName(u.Host), name) {
			t.Fatalf("%q is %q", host, u.Host)
		}
		for _, err := range []error{blocked.host(host), blocked.host(u.Host), blocked.actor("https://" + host + "/users/x"), blocked.actor(u.String())} {
			if !isForbidden(err) {
				t.Fatalf("%q escapes the block of %q: %v", host, name, err)
			}
		}
	}
	for _, other := range []string{"[::ffff:192.0.2.7]", "[::ffff:c000:207]:443"} {
		if err := newRules(Policy{Blocked: []string{"192.0.2.7"}}).host(other); !isForbidden(err) {
			t.Errorf("%s: %v", other, err)
		}
	}
	// Resolvers take these for the same address; here they are none.
	for _, other := range []string{"0xc0.0.2.7", "192.519", "3221225991", "0300.0.2.7", "192.0.2.07", "0xC0000207", "１９２.0x207"} {
		if _, err := parseAddress("https://" + other + "/"); err == nil {
			t.Errorf("%s is an address", other)
		}
	}
}

func TestARuleIsKeptInOneForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" Evil.Example. ": "evil.example", "*.evil.example": "evil.example", "evil.example:8443": "evil.example", "https://evil.example/@x?y": "evil.example",
		"bücher.example": "xn--bcher-kva.example", "192.0.2.7": "192.0.2.7", "2001:DB8::1": "2001:db8::1", "[2001:db8::1]:443": "2001:db8::1", "::ffff:192.0.2.7": "192.0.2.7",
		"under_score.example": "under_score.example", "com": "com",
		"": "", "*": "", "*.": "", ".": "", "a b": "", "ex***le.com": "", "@bob@evil.example": "", "evil..example": "", "0x7f.1": "", "a/b": "", "-": "", "\x00": "", "[::1": "",
		strings.Repeat("a.", 200) + "example": "", "javascript:alert(1)": "", "x@evil.example": "", "<script>": "", "a_..b": "",
	} {
		got, err := RuleDomain(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
		classified(t, err)
		if again, err := RuleDomain(got); want != "" && (again != got || err != nil) {
			t.Errorf("%q is not stable: %q, %v", got, again, err)
		}
	}
	for domain, suffix := range map[string]bool{"com": true, "co.uk": true, "github.io": true, "evil.example": false, "192.0.2.7": false, "lan": true} {
		if IsPublicSuffix(domain) != suffix {
			t.Errorf("%s is a suffix: %v", domain, !suffix)
		}
	}
}

// The names of the rules and the host are long, as those that somebody chooses to slow us down.
func BenchmarkPolicy(b *testing.B) {
	p := newRules(Policy{})
	for n := range 100_000 {
		p.domains[fmt.Sprintf("server-%d.evil-domain-%d.example", n, n%1000)] = suspended
	}
	for name, host := range map[string]string{"usual": "social.example.org", "port": "social.example.org:8443", "blocked": "a.server-7.evil-domain-7.example",
		"deep": strings.Repeat("a.", 100) + "example.org", "punycode": "xn--bcher-kva.example"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.of(host)
			}
		})
	}
	b.Run("actor", func(b *testing.B) {
		for b.Loop() {
			_ = p.actor("https://social.example.org/users/somebody")
		}
	})
}
