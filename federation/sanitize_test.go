package federation

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists/liner"
)

func TestD70HTMLBecomesWhatAReaderSees(t *testing.T) {
	t.Parallel()
	for markup, want := range map[string]string{
		"":                                 "",
		"plain & simple":                   "plain & simple",
		"<p>One</p><p>Two</p>":             "One\n\nTwo",
		"<p>One<br/>Two<br>\nThree</p>":    "One\nTwo\nThree",
		"<div><p>  a\n\t b </p></div>\n":   "a b",
		"&lt;script&gt;":                   "<script>",
		"<ul><li>a</li><li>b</li></ul>":    "a\nb",
		"a<script>b</script>c":             "ac",
		"a<style>b":                        "a",
		"a<svg><svg>b</svg>c</svg>d":       "acd",
		"<a href='javascript:x'>link</a>":  "link",
		"<iframe src=x>fallback</iframe>z": "z",
		"a<!-- b -->c<![CDATA[d]]>":        "ac",
		"unfinished <b":                    "unfinished",
		"1 < 2":                            "1 < 2",
	} {
		if got := plainText(markup, 1000); got != want {
			t.Errorf("%q becomes %q, want %q", markup, got, want)
		}
	}
}

func TestPlainTextSurvivesAsHTML(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "one", "one\ntwo", "one\n\ntwo\nthree", "<p>&amp;</p>", "a < b & c > d \"e\" 'f'"} {
		if got := plainText(liner.Plain(text), 1000); got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
	}
}

func TestEndlessHTMLIsCut(t *testing.T) {
	t.Parallel()
	if got := plainText(strings.Repeat("<b>", 1<<20)+"end", 100); strings.Contains(got, "end") {
		t.Errorf("got %q", got)
	}
	if got := plainText(strings.Repeat("x", 1<<20), 100); len(got) != 100 {
		t.Errorf("%d bytes are left", len(got))
	}
}
