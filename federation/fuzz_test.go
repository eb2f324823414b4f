package federation

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"os"

	"github.com/songferry/songferry/playlists"
)

// seed gives a fuzz target every document of ours and of others that the tests have.
func seed(f *testing.F) {
	for _, dir := range []string{"documents", "remote"} {
		files, err := filepath.Glob(filepath.Join("testdata", dir, "*.json"))
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds: ", err)
		}
		for _, file := range files {
			doc, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(doc)
		}
	}
	for _, server := range goldens(f) {
		for _, doc := range server.Documents {
			f.Add([]byte(doc))
		}
	}
}

// classified fails the test when a reader's error has no code, so that its front end could not answer for it.
func classified(t *testing.T, err error) {
	t.Helper()
	if err != nil && playlists.CodeOf(err) == "" {
		t.Errorf("an error without a code: %v", err)
	}
}

func FuzzDecodeActor(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := decodeActor(doc)
		classified(t, err)
		if err != nil {
			return
		}
		if _, err := parseAddress(a.ID); err != nil {
			t.Errorf("id %q: %v", a.ID, err)
		}
		owned := append([]string{a.SharedInbox, a.URL, a.Followers, a.AttributedTo}, a.Streams...)
		for _, k := range a.Keys {
			owned = append(owned, k.ID)
		}
		for _, own := range owned {
			if own != "" && !sameOrigin(a.ID, own) {
				t.Errorf("%q is not at the origin of %q", own, a.ID)
			}
		}
	})
}

func FuzzDecodeCollection(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		c, err := decodeCollection(doc)
		classified(t, err)
		if err != nil {
			return
		}
		if !sameOrigin(c.ID, c.AttributedTo) || c.Next != "" && !sameOrigin(c.ID, c.Next) || c.Total < 0 {
			t.Errorf("got %+v", c)
		}
		checkTracks(t, c.Items)
	})
}

func FuzzDecodePage(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		items, _, err := decodePage(doc)
		classified(t, err)
		checkTracks(t, items)
	})
}

func checkTracks(t *testing.T, items []playlists.Track) {
	t.Helper()
	if len(items) > maxPageItems {
		t.Errorf("%d items", len(items))
	}
	for _, tr := range items {
		text, err := json.Marshal(tr)
		if err != nil || !utf8.Valid(text) || utf8.RuneCountInString(tr.Title) > playlists.MaxText || tr.Duration < 0 || tr.Duration > maxDuration {
			t.Errorf("%v, got %+v", err, tr)
		}
	}
}

func FuzzParseEnvelope(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := parseEnvelope(body)
		classified(t, err)
		if err == nil && (e.Type == "" || !sameOrigin(e.ID, e.Actor)) {
			t.Errorf("got %+v", e)
		}
	})
}

func FuzzPlainText(f *testing.F) {
	f.Add("<p>One<br>two &amp; three</p><script>x</script>")
	for _, server := range goldens(f) {
		for _, doc := range server.Documents {
			var d object
			if err := json.Unmarshal(doc, &d); err == nil {
				f.Add(d.text("summary") + d.object("object").text("content") + d.object("object").text("summary"))
			}
		}
	}
	f.Fuzz(func(t *testing.T, markup string) {
		got := plainText(markup, 100)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 100 {
			t.Errorf("got %q", got)
		}
	})
}
