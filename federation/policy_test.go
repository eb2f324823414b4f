package federation

import (
	"testing"

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
