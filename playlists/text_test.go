package playlists

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanTextKeepsWordsAndDropsTricks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  Jóga \n":             "Jóga",
		"a\x00b\x1b[31mc":       "ab[31mc",
		"safe\u202egpj.exe":     "safegpj.exe",
		"line\r\nbreak":         "line  break",
		"夜の駅":                   "夜の駅",
		"\xff\xfe":              "",
		"שלום\u200f!":           "שלום\u200f!",
		strings.Repeat("é", 20): strings.Repeat("é", 10),
	} {
		if got := CleanText(in, 10); got != want && len([]rune(want)) <= 10 {
			t.Errorf("CleanText(%q) = %q, want %q", in, got, want)
		}
	}
	if got := CleanText(strings.Repeat("é", 20), 10); got != strings.Repeat("é", 10) {
		t.Errorf("cut to %q", got)
	}
	if got := CleanLines("one\r\ntwo\nthree", 50); got != "one\ntwo\nthree" {
		t.Errorf("CleanLines: %q", got)
	}
}

func TestIdentifiersAreCheckedOrDropped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"771AB043-5821-4D1A-8ABC-3E0A1B2C3D4E": "771ab043-5821-4d1a-8abc-3e0a1b2c3d4e",
		"../../etc/passwd":                     "",
		"":                                     "",
	} {
		if got := CleanMBID(in); got != want {
			t.Errorf("CleanMBID(%q) = %q", in, got)
		}
	}
	for in, want := range map[string]string{"us-ee1-99-00112": "USEE19900112", "USEE19900112": "USEE19900112", "=cmd": "", strings.Repeat("A", 10_000): ""} {
		if got := CleanISRC(in); got != want {
			t.Errorf("CleanISRC(%q) = %q", in, got)
		}
	}
}

func TestOnlyWebAddressesBecomePages(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://b.example/@alice_road_trip":             "https://b.example/@alice_road_trip",
		"javascript:alert(1)":                            "",
		"https://user:secret@b.example/":                 "",
		"//b.example/":                                   "",
		"https://b.example/" + strings.Repeat("x", 3000): "",
	} {
		if got := (Playlist{Page: in}).clean().Page; got != want {
			t.Errorf("%.60q became %q", in, got)
		}
	}
}

func FuzzCleanText(f *testing.F) {
	for _, s := range []string{"Jóga", "a\x00b", "\u202e", "\xff", strings.Repeat("x", 3000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := CleanText(s, 100)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 100 || strings.ContainsAny(got, "\x00\n\r\u202e") {
			t.Errorf("CleanText(%q) = %q", s, got)
		}
		if again := CleanText(got, 100); again != got {
			t.Errorf("cleaning %q again gives %q", got, again)
		}
	})
}
