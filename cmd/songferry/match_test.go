package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

const testLibrary = `{"id":"s1","title":"Jóga","artist":"Björk","artists":["Björk"],"album":"Homogenic","albumArtist":"Björk","duration":305,"track":2,"disc":1,"year":1997}
{"id":"s2","title":"Jóga (Alec Empire mix)","artist":"Björk","album":"Jóga","duration":401.6}

{"id":"s3","title":"Тёмная ночь","artist":"Марк Бернес"}
`

func TestMatchAnswersEveryWantedRowInOrder(t *testing.T) {
	t.Parallel()
	wanted := `{"id":"w1","title":"Joga - Remastered","artist":"Bjork","duration":304}
{"id":"w2","title":"Unheard","artist":"Nobody"}
{"id":"w3","title":"Темная ночь","artist":"Марк Бернес"}
{"id":"w4","title":"Jóga (live)","artist":"Björk","duration":330}
`
	var out, progress bytes.Buffer
	if err := runMatch(strings.NewReader(testLibrary), strings.NewReader(wanted), "", &out, &progress); err != nil {
		t.Fatal(err)
	}
	var got []string
	for lines := json.NewDecoder(&out); lines.More(); {
		var a matchAnswer
		if err := lines.Decode(&a); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(a.Wanted, " ", a.Class, " ", a.Song))
	}
	want := "w1 exact s1,w2 missing ,w3 exact s3,w4 review "
	if strings.Join(got, ",") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, words := range []string{"3 songs", "4 rows: 2 exact, 0 likely, 1 to review, 1 missing", "tracks/s"} {
		if !strings.Contains(progress.String(), words) {
			t.Errorf("progress lacks %q:\n%s", words, progress.String())
		}
	}
}

func TestMatchWritesTheKeysThatScriptsReadEvenWhenEmpty(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := runMatch(strings.NewReader(""), strings.NewReader(`{"id":"w","title":"X"}`), "", &out, &bytes.Buffer{})
	want := `{"wanted":"w","class":"missing","song":"","score":0,"why":["nothing like it is here"],"candidates":[]}` + "\n"
	if err != nil || out.String() != want {
		t.Errorf("got %q, %v; want %q", out.String(), err, want)
	}
}

func TestMatchNamesTheLineThatItCannotUse(t *testing.T) {
	t.Parallel()
	good := `{"id":"w1","title":"A"}` + "\n"
	for _, c := range []struct{ name, line, say string }{
		{"no json", `id,title`, "Line 2 of the wanted file cannot be used: it is not a JSON object."},
		{"an array", `[1]`, "Line 2 of the wanted file cannot be used: it is not a JSON object."},
		{"no id", `{"title":"A"}`, `Line 2 of the wanted file cannot be used: it has no "id".`},
		{"no title", `{"id":"a"}`, `Line 2 of the wanted file cannot be used: it has no "title".`},
		{"wrong kind", `{"id":"a","title":"A","duration":"3:05"}`, `Line 2 of the wanted file cannot be used: "duration" is not of the right kind (it holds a string).`},
		{"too long", `{"id":"a","title":"` + strings.Repeat("x", maxMatchLine) + `"}`, "Line 2 of the wanted file is longer than a megabyte. One JSON object stands on each line."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := runMatch(strings.NewReader(testLibrary), strings.NewReader(good+c.line), "", &out, &bytes.Buffer{})
			if got := playlists.Say(err); got != c.say {
				t.Errorf("got %q, want %q", got, c.say)
			}
			if strings.Count(out.String(), "\n") != 1 {
				t.Errorf("the good line before it has no answer: %q", out.String())
			}
		})
	}
}

func TestMatchStopsAtABrokenLibrary(t *testing.T) {
	t.Parallel()
	err := runMatch(strings.NewReader("{"), strings.NewReader(""), "", &bytes.Buffer{}, &bytes.Buffer{})
	if playlists.CodeOf(err) != playlists.Invalid || !strings.Contains(playlists.Say(err), "Line 1 of the library file") {
		t.Errorf("got %v", err)
	}
}

func TestMatchReportsProgressOfLongWork(t *testing.T) {
	t.Parallel()
	wanted := strings.Repeat(`{"id":"w","title":"Jóga","artist":"Björk","duration":305}`+"\n", 10*matchBatch+1)
	var out, progress bytes.Buffer
	if err := runMatch(strings.NewReader(testLibrary), strings.NewReader(wanted), "", &out, &progress); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(progress.String(), "10000 rows matched") || strings.Count(out.String(), `"class":"`+string(match.Exact)+`"`) != 10*matchBatch+1 {
		t.Errorf("progress %q", progress.String())
	}
}

func FuzzMatchRow(f *testing.F) {
	for line := range strings.Lines(testLibrary) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if r, err := parseMatchRow(line); err == nil && r.ID == "" {
			t.Errorf("%q is no row", line)
		}
	})
}

func TestMatchTakesAPolicy(t *testing.T) {
	t.Parallel()
	wanted := `{"id":"w1","title":"Jóga (live)","artist":"Björk","duration":340}` + "\n" + `{"id":"w2","title":"Jóga","artist":"Björk","album":"Post"}`
	for policy, want := range map[match.Policy]string{"": "review exact", match.SameRelease: "review review", match.AnyVersion: "likely exact"} {
		var out bytes.Buffer
		if err := runMatch(strings.NewReader(testLibrary), strings.NewReader(wanted), policy, &out, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for lines := json.NewDecoder(&out); lines.More(); {
			var a matchAnswer
			if err := lines.Decode(&a); err != nil {
				t.Fatal(err)
			}
			got = append(got, string(a.Class))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", policy, got, want)
		}
	}
}
