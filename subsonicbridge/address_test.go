package subsonicbridge

import (
	"net/url"
	"testing"
)

func TestTheSchemeIsGuessedByWhereAServerIs(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"music.example.org":    "https://music.example.org",
		"Music.Example.org/nd": "https://music.example.org/nd",
		"navidrome:4533":       "http://navidrome:4533",
		"localhost:4533/":      "http://localhost:4533",
		"nas.local":            "http://nas.local",
		"192.168.1.4:4533":     "http://192.168.1.4:4533",
		"[fd00::1]:4533":       "http://[fd00::1]:4533",
		"8.8.8.8":              "https://8.8.8.8",
		"http://music.example": "http://music.example",
	} {
		if got, err := tidyURL(typed); got != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestARedirectIsTakenOnlyToTheSameHostAndNeverToLessSafety(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ base, to, want string }{
		{"http://music.example", "https://music.example/rest/ping.view", "https://music.example"},
		{"http://music.example", "https://music.example/nd/rest/ping.view", "https://music.example/nd"},
		{"https://music.example", "https://music.example/nd/rest/ping.view", "https://music.example/nd"},
		{"https://music.example", "http://music.example/rest/ping.view", ""},
		{"http://music.example", "https://other.example/rest/ping.view", ""},
		{"http://music.example", "http://music.example:81/rest/ping.view", ""},
		{"http://music.example", "https://music.example/login", ""},
		{"http://music.example", "https://x:y@music.example/rest/ping.view", ""},
		{"https://music.example", "https://music.example/rest/ping.view", ""},
	} {
		to, err := url.Parse(c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := movedTo(c.base, &movedError{to: to}); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.base, c.to, got, c.want)
		}
	}
}
