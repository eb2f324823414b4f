package federation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestDocumentsOfEveryKindOfValueAreRead(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{}`,
		" \t\r\n{ \"a\" : [ ] , \"b\":{ } }\n",
		`{"@context":["https://www.w3.org/ns/activitystreams",{"toot":"http://joinmastodon.org/ns#"}],"id":"x"}`,
		`{"a":[1,-2.5e3,true,false,null,"\"}]",{"a":{"a":1}},[[]]]}`,
		`{"straße":1,"STRASSE":2,"":0,"ж":1,"з":2}`,
		`{"a":{"id":1},"b":{"id":2},"id":3,"c":[{"id":1},{"id":1}]}`,
		`{"a\\":"\\","b":"@graph"}`,
		`{"@context":["x",{"track":"fw:track","Track":"fw:Track","likesOf":{"@reverse":"likes"}}],"track":{"@context":{"a":1,"A":2}}}`,
	} {
		if err := checkJSON([]byte(doc)); err != nil {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestA18C50C52C56UnsafeDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"empty":                 "",
		"space only":            "  ",
		"not JSON":              "<html>",
		"array":                 `[{}]`,
		"string":                `"x"`,
		"null":                  `null`,
		"number":                `1`,
		"trailing garbage":      `{} x`,
		"after a context":       `{"@context":{"a":1,"A":2},"a":1,"A":2}`,
		"not quite a context":   `{"@Context":{"a":1,"A":2}}`,
		"two objects":           `{}{}`,
		"cut off":               `{"a":[1,`,
		"byte order mark":       "\ufeff{}",
		"UTF-16":                "{\x00}\x00",
		"invalid UTF-8":         "{\"a\":\"\xff\"}",
		"control character":     "{\"a\":\"\x00\"}",
		"same key twice":        `{"id":1,"id":2}`,
		"keys differ in case":   `{"actor":1,"Actor":2}`,
		"long s":                `{"summary":1,"ſummary":2}`,
		"Kelvin sign":           `{"key":1,"\u212aey":2}`,
		"escaped key":           `{"id":1,"\u0049d":2}`,
		"other scripts":         `{"ж":1,"Ж":2}`,
		"collision deep inside": `{"object":[{"object":{"x":1,"X":1}}]}`,
		"@graph":                `{"a":[{"@graph":[]}]}`,
		"@reverse":              `{"\u0040reverse":{}}`,
		"@included":             `{"@included":[]}`,
		"too deep":              `{"a":` + strings.Repeat(`[`, 32) + strings.Repeat(`]`, 32) + `}`,
		"very deep":             `{"a":` + strings.Repeat(`[`, 100_000) + strings.Repeat(`]`, 100_000) + `}`,
		"too many values":       `{"a":[` + strings.Repeat(`{},`, 20_000) + `{}]}`,
		"too many keys":         manyKeys(20_001),
		"long number":           `{"a":` + strings.Repeat("1", 1000) + `}`,
		"too large":             `{"a":"` + strings.Repeat("a", 1<<20) + `"}`,
	} {
		if err := checkJSON([]byte(doc)); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestLimitsOfDocumentsAreExact(t *testing.T) {
	t.Parallel()
	deepest := `{"a":` + strings.Repeat(`[`, maxJSONDepth-1) + strings.Repeat(`]`, maxJSONDepth-1) + `}`
	if err := checkJSON([]byte(deepest)); err != nil {
		t.Errorf("deepest: %v", err)
	}
	if err := checkJSON([]byte(manyKeys(documentLimits.nodes - 1))); err != nil {
		t.Errorf("most values: %v", err)
	}
	if err := pageLimits.check([]byte(manyKeys(documentLimits.nodes + 1))); err != nil {
		t.Errorf("page: %v", err)
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":0`, i)
	}
	return "{" + b.String()[1:] + "}"
}

// What passes the check means the same to a reader that distinguishes case and to one that does not.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{
		`{"id":"x","type":"Note","to":["a"],"n":-1.5e3,"b":true,"c":null}`, `{"a":{"b":[{},[]]}}`, `{"k":1,"\u212a":2}`,
		`{"a":"\"\\","\"":1}`, `{"@graph":1}`, ` {"a" : 1 , "b" : [ 1 , 2 ] } `, `{"id":1,"ID":2}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if checkJSON(doc) != nil {
			return
		}
		var exact map[string]json.RawMessage
		if err := json.Unmarshal(doc, &exact); err != nil {
			t.Fatalf("passed, but is not an object: %v", err)
		}
		for a := range exact {
			for b := range exact {
				if a != b && strings.EqualFold(a, b) {
					t.Fatalf("passed with keys %q and %q", a, b)
				}
			}
		}
	})
}

func BenchmarkCheckJSON(b *testing.B) {
	item := `{"id":"https://b.example/ap/playlists/01J9Z/items/k3f8","type":"Audio","name":"For Whom the Bell Tolls","duration":"PT5M9S",
		"track":{"type":"Track","name":"For Whom the Bell Tolls","position":3,"disc":1,"artist_credit":[{"type":"ArtistCredit","credit":"Metallica",
		"artist":{"type":"Artist","name":"Metallica"}}],"album":{"type":"Album","name":"Ride the Lightning","released":"1984"}}}`
	doc := []byte(`{"type":"OrderedCollectionPage","orderedItems":[` + strings.Repeat(item+",", 99) + item + `]}`)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if err := checkJSON(doc); err != nil {
			b.Fatal(err)
		}
	}
}
