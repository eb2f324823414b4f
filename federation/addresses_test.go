package federation

import (
	"net/url"
	"testing"
)

func TestOwnAddressesAreRecognised(t *testing.T) {
	t.Parallel()
	a := testAddresses(t)
	for _, c := range []struct {
		address    string
		kind       addressKind
		name, rest string
	}{
		{a.Actor("x1"), actorAddress, "x1", ""},
		{a.Actor("x1") + "/", actorAddress, "x1", ""},
		{a.Inbox("x1"), actorAddress, "x1", "inbox"},
		{a.Followers("x1"), actorAddress, "x1", "followers"},
		{a.ActorPlaylists("x1"), actorAddress, "x1", "playlists"},
		{a.Key("x1", firstKey), actorAddress, "x1", "#main-key"},
		{a.InstanceActor(), actorAddress, instanceID, ""},
		{a.SharedInbox(), inboxAddress, "", ""},
		{a.Collection("x1"), playlistAddress, "x1", ""},
		{a.Page("x1", 2), playlistAddress, "x1", ""},
		{a.Item("x1", "k3"), playlistAddress, "x1", "items/k3"},
		{a.Share("tok"), shareAddress, "tok", ""},
		{a.Profile("alice"), profileAddress, "alice", ""},
		{a.Activity("01"), activityAddress, "01", ""},
		{a.Home(), homeAddress, "", ""},
		{"HTTPS://B.Example:443/ap/actors/x1", actorAddress, "x1", ""},
		{"http://b.example/@alice", profileAddress, "alice", ""},
	} {
		kind, name, rest, ok := a.Parse(c.address)
		if !ok || kind != c.kind || name != c.name || rest != c.rest {
			t.Errorf("%s is %q %q %q %v, want %q %q %q", c.address, kind, name, rest, ok, c.kind, c.name, c.rest)
		}
	}
}

func TestOtherAddressesAreNotOurs(t *testing.T) {
	t.Parallel()
	a := testAddresses(t)
	for _, address := range []string{
		"", "https://c.example/ap/actors/x1", "https://b.example:8443/ap/actors/x1", "https://b.example.evil.example/ap/actors/x1",
		"https://b.example@evil.example/ap/actors/x1", "//b.example/ap/actors/x1", "ftp://b.example/ap/actors/x1",
		"https://b.example/ap/actors/", "https://b.example/ap/actors/../../etc", "https://b.example/ap/actors/a%2fb", "https://b.example/@al ice",
		"https://b.example/other",
	} {
		if kind, name, _, ok := a.Parse(address); ok {
			t.Errorf("%q is taken for %s %q", address, kind, name)
		}
	}
}

func TestTheOriginHasOneForm(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"https://B.Example:443/": "https://b.example", "http://localhost:8080": "http://localhost:8080",
		"http://[::1]:80/x": "http://[::1]", "https://bücher.example": "https://xn--bcher-kva.example",
	} {
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		if got := NewAddresses(u).Home(); got != want {
			t.Errorf("%s becomes %s, want %s", base, got, want)
		}
	}
}
