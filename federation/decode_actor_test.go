package federation

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// remote reads a document in the shape that another server sends.
func remote(t testing.TB, name string) []byte {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("testdata", "remote", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestActorsOfOtherServersAreRead(t *testing.T) {
	t.Parallel()
	pem := func(s string) string { return "-----BEGIN PUBLIC KEY-----\n" + s + "\n-----END PUBLIC KEY-----\n" }
	for name, want := range map[string]RemoteActor{
		"mastodon_actor": {
			ID: "https://mastodon.example/users/bob", Type: "Person", Name: "Bob: the \u200bbuilder", Handle: "bob",
			Inbox: "https://mastodon.example/users/bob/inbox", SharedInbox: "https://mastodon.example/inbox",
			Keys: []PublicKey{{"https://mastodon.example/users/bob#main-key", pem("MIIB")}},
			URL:  "https://mastodon.example/@bob", Followers: "https://mastodon.example/users/bob/followers", ManuallyApproves: true,
			AlsoKnownAs: []string{"https://old.example/users/bob"},
		},
		"gotosocial_stub": {
			ID: "https://gts.example/users/carol", Type: "Person", Handle: "carol",
			Keys: []PublicKey{{"https://gts.example/users/carol/main-key", pem("MIIC")}},
		},
		"key": {
			ID: "https://keys.example/actor", Type: "Key",
			Keys: []PublicKey{{"https://keys.example/actor#key", pem("MIID")}},
		},
	} {
		got, err := decodeActor(remote(t, name))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, want)
		}
	}
}

func TestOurPlaylistActorIsReadBack(t *testing.T) {
	t.Parallel()
	got, err := decodeActor(indented(t, emitted(t)["actor_playlist"]))
	if err != nil {
		t.Fatal(err)
	}
	a := testAddresses(t)
	id := "roadtrippublicid"
	want := RemoteActor{
		ID: a.Actor(id), Type: "Service", Name: "Road trip: 2026", Handle: "alice_road_trip", Inbox: a.Inbox(id), SharedInbox: a.SharedInbox(),
		Keys: []PublicKey{{a.Key(id, firstKey), testPEM}}, URL: a.Profile("alice_road_trip"),
		AttributedTo: a.Actor("alicepublicid"), Streams: []string{a.Collection(id)}, Followers: a.Followers(id),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// actorWith is an actor at m.example with some members replaced or added.
func actorWith(members string) []byte {
	return []byte(`{"@context":"https://www.w3.org/ns/activitystreams","id":"https://m.example/u","type":"Person",
		"inbox":"https://m.example/u/inbox",` + members + `}`)
}

func TestD63D68WhatAnActorSaysOfOtherHostsIsIgnored(t *testing.T) {
	t.Parallel()
	got, err := decodeActor(actorWith(`"followers":"https://x.example/f","endpoints":{"sharedInbox":"https://x.example/i"},
		"url":"javascript:alert(1)","streams":["https://x.example/s","https://m.example/s"],"attributedTo":"https://x.example/o",
		"publicKey":{"id":"https://x.example/k","owner":"https://m.example/u","publicKeyPem":"PEM"}`))
	want := RemoteActor{ID: "https://m.example/u", Type: "Person", Inbox: "https://m.example/u/inbox", Streams: []string{"https://m.example/s"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
}

func TestD65OnlyKeysOfTheActorItselfCount(t *testing.T) {
	t.Parallel()
	key := func(id, owner, pem string) string {
		return `{"id":"` + id + `","owner":"` + owner + `","publicKeyPem":"` + pem + `"}`
	}
	for name, c := range map[string]struct {
		keys string
		want []PublicKey
	}{
		"another's key":  {key("https://m.example/k", "https://m.example/victim", "P"), nil},
		"no pem":         {key("https://m.example/k", "https://m.example/u", ""), nil},
		"an endless pem": {key("https://m.example/k", "https://m.example/u", strings.Repeat("P", maxPEM+1)), nil},
		"a bare id":      {`"https://m.example/k"`, nil},
		"null":           {`null`, nil},
		"a list": {"[" + key("https://m.example/k1", "https://m.example/u", "1") + ",7," + key("https://m.example/k2", "https://m.example/u", "2") + "]",
			[]PublicKey{{"https://m.example/k1", "1"}, {"https://m.example/k2", "2"}}},
		"very many": {"[" + strings.Repeat(key("https://m.example/k", "https://m.example/x", "1")+",", 500) + key("https://m.example/k2", "https://m.example/u", "2") + "]", nil},
	} {
		got, err := decodeActor(actorWith(`"publicKey":` + c.keys))
		if err != nil || !reflect.DeepEqual(got.Keys, c.want) {
			t.Errorf("%s: %v, got %v, want %v", name, err, got.Keys, c.want)
		}
	}
}

func TestANameMayComeByLanguage(t *testing.T) {
	t.Parallel()
	for members, want := range map[string]string{
		`"name":"plain","nameMap":{"en":"mapped"}`: "plain", `"nameMap":{"fr":"Liste","en":"List"}`: "List", `"nameMap":{"fr":"Liste","de":"Reihe"}`: "Reihe",
		`"nameMap":{}`: "", `"nameMap":["x"]`: "", `"nameMap":{"en":7}`: "", `"name":null`: "", `"name":["x"]`: "",
	} {
		if got, err := decodeActor(actorWith(members)); err != nil || got.Name != want {
			t.Errorf("%s is %q (%v), want %q", members, got.Name, err, want)
		}
	}
}

func TestD66UnusualUsernamesAreRefused(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"bob": "bob", "Bob_1": "Bob_1", "b.o-b": "b.o-b", "": "", "../etc": "", "a b": "", "a@b": "", ".bob": "", "bоb": "", "a:b": "",
		strings.Repeat("x", 10_000): "",
	} {
		got, err := decodeActor(actorWith(`"preferredUsername":"` + given + `"`))
		if err != nil || got.Handle != want {
			t.Errorf("%.30q becomes %q (%v), want %q", given, got.Handle, err, want)
		}
	}
}

func TestD67OnlyActorsAreActors(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]playlists.Code{
		`"Person"`: "", `["evil","Person"]`: "", `["Person","evil"]`: "", `"Group"`: "",
		`"Tombstone"`: playlists.Gone, `["Tombstone"]`: playlists.Gone,
		`"Playlist"`: playlists.Invalid, `"person"`: playlists.Invalid, `7`: playlists.Invalid, `null`: playlists.Invalid, `[]`: playlists.Invalid,
		`["` + strings.Repeat(`x","`, 200) + `Person"]`: playlists.Invalid,
	} {
		_, err := decodeActor([]byte(`{"id":"https://m.example/u","type":` + typ + `}`))
		if got := playlists.CodeOf(err); got != want {
			t.Errorf("type %.40s: %q, want %q (%v)", typ, got, want, err)
		}
	}
}

func TestDocumentsWithoutAUsableIDAreRefused(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`""`, `null`, `7`, `{}`, `[]`, `["https://m.example/u"]`, `{"id":"https://m.example/u"}`, `"/u"`, `"acct:a@m.example"`,
		`"javascript:alert(1)"`, `"https://"`, `"https://a@m.example/u"`, `"https://m.example/` + strings.Repeat("x", maxURL) + `"`} {
		for kind, decode := range map[string]func([]byte) error{
			`"Person"`:            func(doc []byte) error { _, err := decodeActor(doc); return err },
			`"OrderedCollection"`: func(doc []byte) error { _, err := decodeCollection(doc); return err },
			`"Follow"`:            func(doc []byte) error { _, err := parseEnvelope(doc); return err },
		} {
			err := decode([]byte(`{"id":` + id + `,"type":` + kind + `,"actor":"https://m.example/u","attributedTo":"https://m.example/u"}`))
			if playlists.CodeOf(err) != playlists.Invalid {
				t.Errorf("id %.60s of a %s: %v", id, kind, err)
			}
		}
	}
}
