package federation

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestTargetsAreReadWithoutAsking(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"@alice@b.example": "@alice@b.example", "acct:alice@B.example": "@alice@b.example", " alice@b.example\n": "@alice@b.example",
		"https://b.example/@alice": "https://b.example/@alice", "https://B.example:443/ap/actors/x#main-key": "https://b.example/ap/actors/x",
		"https://b.example/s/abc?x=1": "https://b.example/s/abc?x=1", "http://127.0.0.1:8080/@alice": "http://127.0.0.1:8080/@alice",
		"https://b.example/it's $(here)": "https://b.example/it%27s%20$%28here%29",
	} {
		if got, err := ParseTarget(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "alice", "javascript:alert(1)", "data:text/html,x", "//evil.example", "(close)", "/etc/passwd", "https://", "https://u:p@b.example/", "https://b.example/\x00", "--help", "acct:a", strings.Repeat("a", 1<<20), "https://b.example/" + strings.Repeat("a", 1<<20), "https://b.example/\xff", "https://b.example/?x=\u202egpj", "https://b.example/?x=\u2028y"} {
		if got, err := ParseTarget(in); playlists.CodeOf(err) != playlists.Invalid || playlists.Say(err) == "" {
			t.Errorf("%.40q: %q, %v", in, got, err)
		}
	}
}
