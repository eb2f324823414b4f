package federation

import (
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestDurationsGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]string{0: "", -1: "", 1: "PT1S", 60: "PT1M", 309: "PT5M9S", 3600: "PT1H", 90061: "PT25H1M1S"} {
		got := formatDuration(seconds)
		if got != want {
			t.Errorf("formatDuration(%d) = %q, want %q", seconds, got, want)
		}
		if back := parseDuration(got); back != max(seconds, 0) {
			t.Errorf("%q comes back as %d", got, back)
		}
	}
}

func TestCreditsSpellWhatIsShown(t *testing.T) {
	t.Parallel()
	names := func(list ...string) (out []playlists.Artist) {
		for _, n := range list {
			out = append(out, playlists.Artist{Name: n})
		}
		return out
	}
	for _, c := range []struct {
		shown   string
		artists []playlists.Artist
		want    string // what the parts spell
	}{
		{"Metallica", nil, "Metallica"},
		{"A feat. B", names("A", "B"), "A feat. B"},
		{"Prince & The Revolution", names("Prince"), "Prince & The Revolution"},
		{"A; B; A", names("A", "B", "A"), "A; B; A"},
		{"The Metallica", names("Metallica"), "Metallica"},
		{"B with A", names("A", "B"), "A, B"},
		{"", names("A", "B"), "A, B"},
		{"", nil, ""},
	} {
		if got := spelled(newCredits(c.shown, c.artists)); got != c.want {
			t.Errorf("credit %q of %v spells %q, want %q", c.shown, c.artists, got, c.want)
		}
	}
}
