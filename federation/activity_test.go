package federation

import (
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestEnvelopesAreRead(t *testing.T) {
	t.Parallel()
	const m = "https://mastodon.example"
	for name, c := range map[string]struct {
		body string
		want envelope
	}{
		"follow": {
			`{"@context":"https://www.w3.org/ns/activitystreams","id":"` + m + `/1","type":"Follow","actor":"` + m + `/users/bob","object":"https://b.example/ap/actors/x"}`,
			envelope{ID: m + "/1", Type: "Follow", Actor: m + "/users/bob", ObjectID: "https://b.example/ap/actors/x"},
		},
		"undo, as Mastodon sends it": {
			`{"id":"` + m + `/users/bob#follows/1/undo","type":"Undo","actor":"` + m + `/users/bob",
			  "object":{"id":"` + m + `/1","type":"Follow","actor":"` + m + `/users/bob","object":"https://b.example/ap/actors/x"}}`,
			envelope{ID: m + "/users/bob#follows/1/undo", Type: "Undo", Actor: m + "/users/bob", ObjectID: m + "/1", ObjectType: "Follow",
				ObjectActor: m + "/users/bob", ObjectObject: "https://b.example/ap/actors/x"},
		},
		"lists of one and embedded actors": {
			`{"id":"` + m + `/2","type":["Update"],"actor":{"id":"` + m + `/users/bob","type":"Person"},"object":[{"id":"` + m + `/n","type":"Note","attributedTo":["` + m + `/users/bob"]}]}`,
			envelope{ID: m + "/2", Type: "Update", Actor: m + "/users/bob", ObjectID: m + "/n", ObjectType: "Note", ObjectOwner: m + "/users/bob"},
		},
		"add": {
			`{"id":"` + m + `/3","type":"Add","actor":"` + m + `/users/bob","object":"` + m + `/n","target":"` + m + `/c"}`,
			envelope{ID: m + "/3", Type: "Add", Actor: m + "/users/bob", ObjectID: m + "/n", TargetID: m + "/c"},
		},
		"several objects": {
			`{"id":"` + m + `/4","type":"Flag","actor":"` + m + `/users/bob","object":["https://b.example/a","https://b.example/b"]}`,
			envelope{ID: m + "/4", Type: "Flag", Actor: m + "/users/bob", ObjectID: "https://b.example/a"},
		},
		"unusable objects": {
			`{"id":"` + m + `/5","type":"Like","actor":"` + m + `/users/bob","object":"did:key:z6Mk"}`,
			envelope{ID: m + "/5", Type: "Like", Actor: m + "/users/bob"},
		},
	} {
		got, err := parseEnvelope([]byte(c.body))
		if string(got.Raw) != c.body {
			t.Errorf("%s: raw bytes are not kept: %s", name, got.Raw)
		}
		got.Raw = nil
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, c.want)
		}
	}
}

func TestBadActivitiesAreRefused(t *testing.T) {
	t.Parallel()
	const good = `"id":"https://m.example/1","type":"Follow","actor":"https://m.example/u"`
	for name, body := range map[string]string{
		"not JSON":               `follow me`,
		"a list":                 `[{` + good + `}]`,
		"a string":               `"x"`,
		"null":                   `null`,
		"a byte order mark":      "\ufeff{" + good + "}",
		"UTF-16":                 "{\x00\"\x00",
		"invalid UTF-8":          "{" + good + ",\"x\":\"\xff\"}",
		"trailing garbage":       `{` + good + `}{}`,
		"keys in two cases":      `{` + good + `,"Actor":"https://victim.example/u"}`,
		"a key twice":            `{` + good + `,"actor":"https://victim.example/u"}`,
		"a key with a long s":    `{` + good + `,"ſ":1,"s":2}`,
		"upper case only":        `{"ID":"https://m.example/1","Type":"Follow","Actor":"https://m.example/u"}`,
		"no type":                `{"id":"https://m.example/1","actor":"https://m.example/u"}`,
		"a type that is a list":  `{"id":"https://m.example/1","type":[["Follow"]],"actor":"https://m.example/u"}`,
		"an endless type":        `{"id":"https://m.example/1","type":"` + strings.Repeat("F", 1000) + `","actor":"https://m.example/u"}`,
		"no actor":               `{"id":"https://m.example/1","type":"Follow"}`,
		"two actors":             `{"id":"https://m.example/1","type":"Follow","actor":["https://m.example/u","https://m.example/v"]}`,
		"an id on another host":  `{"id":"https://victim.example/1","type":"Follow","actor":"https://m.example/u"}`,
		"an id on another port":  `{"id":"https://m.example:8443/1","type":"Follow","actor":"https://m.example/u"}`,
		"a graph":                `{` + good + `,"@graph":[]}`,
		"a reverse deep inside":  `{` + good + `,"object":{"x":{"@reverse":{}}}}`,
		"very deep":              `{` + good + `,"object":` + strings.Repeat(`{"object":`, 100_000) + `1` + strings.Repeat(`}`, 100_000) + `}`,
		"an undo of undos":       `{` + good + `,"object":` + strings.Repeat(`{"type":"Undo","object":`, 50) + `1` + strings.Repeat(`}`, 50) + `}`,
		"very many keys":         `{` + good + `,"x":[` + strings.Repeat(`{},`, 50_000) + `1]}`,
		"a number without end":   `{` + good + `,"x":` + strings.Repeat("9", 1_000_000) + `}`,
		"more than a megabyte":   `{` + good + `,"x":"` + strings.Repeat("x", 1<<20) + `"}`,
		"an actor without host":  `{"id":"https://m.example/1","type":"Follow","actor":"https:///u"}`,
		"an actor that is a key": `{"id":"https://m.example/1","type":"Follow","actor":"acct:u@m.example"}`,
	} {
		if _, err := parseEnvelope([]byte(body)); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
