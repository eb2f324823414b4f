package playlists_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// inFrench knows a few sentences.
func inFrench(format string, args ...any) string {
	if french, ok := map[string]string{
		"Only %d of %d are here.": "Il n’y en a que %d sur %d.",
		"%s is %q.":               "%s est %q.",
		"It stays.":               "Elle reste.",
	}[format]; ok {
		format = french
	}
	return fmt.Sprintf(format, args...)
}

func TestStoredSentenceIsSaidInAnyLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sentence        playlists.Sentence
		english, french string
	}{
		{playlists.Sentence{}, "", ""},
		{playlists.Sentencef("It stays."), "It stays.", "Elle reste."},
		{playlists.Sentencef("Only %d of %d are here.", 3, int64(24)), "Only 3 of 24 are here.", "Il n’y en a que 3 sur 24."},
		{playlists.Sentencef("%s is %q.", playlists.ID("{x"), playlists.Public), `{x is "public".`, `{x est "public".`},
		{playlists.Sentencef("%s %s", playlists.Sentencef("It stays."), playlists.Sentencef("Only %d of %d are here.", 1, 2)),
			"It stays. Only 1 of 2 are here.", "Elle reste. Il n’y en a que 1 sur 2."},
		{playlists.Sentencef("Nobody knows %s.", "this"), "Nobody knows this.", "Nobody knows this."},
		{playlists.Sentencef("100%% of it"), "100% of it", "100% of it"},
	} {
		column, err := c.sentence.Value()
		if err != nil {
			t.Fatal(err)
		}
		var read playlists.Sentence
		if err := read.Scan(column); err != nil {
			t.Fatal(err)
		}
		for _, s := range []playlists.Sentence{c.sentence, read} {
			if s.String() != c.english || s.In(inFrench) != c.french {
				t.Errorf("%v: says %q and %q, want %q and %q", column, s, s.In(inFrench), c.english, c.french)
			}
		}
	}
}

// Rows of JSON that an earlier version wrote have texts where there are sentences now.
func TestATextWithinJSONIsASentenceAsItIs(t *testing.T) {
	t.Parallel()
	var row struct{ Problem, None playlists.Sentence }
	if err := json.Unmarshal([]byte(`{"Problem": "It was there before."}`), &row); err != nil || row.Problem.In(inFrench) != "It was there before." || row.None.String() != "" {
		t.Errorf("%v, %v", row, err)
	}
	text, err := json.Marshal(row.Problem)
	if err != nil || string(text) != `"It was there before."` {
		t.Errorf("%s, %v", text, err)
	}
}

func TestSentenceStoredAsTextIsSaidAsItIs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"It stays.", `{"a list" is 100% yours.`, "%d", ""} {
		var s playlists.Sentence
		if err := s.Scan([]byte(text)); err != nil {
			t.Fatal(err)
		}
		again, err := s.Value()
		if err != nil || again != text || s.String() != text || s.In(inFrench) != text {
			t.Errorf("%q: says %q and %q, is kept as %q, %v", text, s, s.In(inFrench), again, err)
		}
	}
	if err := new(playlists.Sentence).Scan(3); err == nil {
		t.Error("a number is a sentence")
	}
}

func TestSentenceOfAnErrorTellsNoCause(t *testing.T) {
	t.Parallel()
	err := playlists.Problemf(playlists.Invalid, fmt.Errorf("secret"), "Only %d of %d are here.", 1, 2)
	err = fmt.Errorf("reading: %w", err)
	text, _ := json.Marshal(playlists.SentenceOf(err))
	if want := `{"say":"Only %d of %d are here.","with":[1,2]}`; string(text) != want {
		t.Errorf("kept as %s, want %s", text, want)
	}
	if s := playlists.SentenceOf(fmt.Errorf("secret")); s.String() != "" {
		t.Errorf("an error without a sentence says %q", s)
	}
}
