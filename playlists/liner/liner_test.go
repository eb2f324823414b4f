package liner_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/songferry/songferry/playlists/liner"
)

func TestMarkdownBecomesPlainHTML(t *testing.T) {
	t.Parallel()
	const rel = ` rel="nofollow noreferrer"`
	for in, want := range map[string]string{
		"":                              "",
		"Driving songs.\nLoud.\n\nLong": "<p>Driving songs.<br>Loud.</p><p>Long</p>",
		"For *Nina* and **all**":        "<p>For <em>Nina</em> and <strong>all</strong></p>",
		"# Side A":                      "<p><strong>Side A</strong></p>",
		"- one\n- two":                  "<ul><li>one</li><li>two</li></ul>",
		"3. one\n4. two":                `<ol start="3"><li>one</li><li>two</li></ol>`,
		"> said Nina":                   "<blockquote><p>said Nina</p></blockquote>",
		"[her page](https://a.example)": `<p><a href="https://a.example"` + rel + `>her page</a></p>`,
		"see https://a.example/x.":      `<p>see <a href="https://a.example/x"` + rel + `>https://a.example/x</a>.</p>`,
		"![the sea](https://a.example)": `<p><a href="https://a.example"` + rel + `>the sea</a></p>`,
		"[x](javascript:alert(1))":      "<p>x</p>",
		"[x](/relative)":                "<p>x</p>",
		"[x](data:text/html,x)":         "<p>x</p>",
		// What somebody wrote who has never heard of Markdown.
		"I <3 bells & <b>ropes</b>":  "<p>I &lt;3 bells &amp; &lt;b&gt;ropes&lt;/b&gt;</p>",
		"<script>alert(1)</script>":  "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
		"#1 hits\n---\n    indented": "<p>#1 hits<br>---<br>indented</p>",
		"snake_case_name * 2 * 3":    "<p>snake_case_name * 2 * 3</p>",
		"```\ncode\n```":             "<p><code>code</code></p>",
	} {
		if got := liner.HTML(in); got != want {
			t.Errorf("%q became\n%s, want\n%s", in, got, want)
		}
	}
}

func TestPreviewsReadAsTheNotesDo(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"For *Nina* & [all](https://a.example)\nLoud\n\n- one\n- two": "For Nina & all\nLoud\n\none\ntwo",
		"I <3 bells": "I <3 bells",
		"":           "",
	} {
		if got := liner.Text(liner.HTML(in)); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}

// Whoever writes liner notes cannot make a page slow, long, or anything else than text.
func TestHostileMarkdownIsShortAndHarmless(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{">", "> ", "- ", "*", "_a ", "[", "![", "](", "`", "<a ", "&", "[x](https://a.example/) ", "**a", "1. ", "\n", "\\", "<http://", "# ", "[a]: b\n", "http://a.b "} {
		notes := strings.Repeat(unit, 5000/len(unit))
		out := liner.HTML(notes)
		if len(out) > 64<<10 {
			t.Errorf("%q became %d bytes", unit, len(out))
		}
		harmless(t, out)
	}
}

func harmless(t *testing.T, markup string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		token := z.Token()
		if token.Type == html.TextToken {
			continue
		}
		if !strings.Contains(" p br strong em code ul ol li blockquote a ", " "+token.Data+" ") {
			t.Fatalf("an element %s in %.200q", token, markup)
		}
		for _, a := range token.Attr {
			if a.Key != "rel" && a.Key != "start" && !(a.Key == "href" && strings.HasPrefix(a.Val, "http")) {
				t.Fatalf("an attribute %s in %.200q", token, markup)
			}
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"*a*", "[x](https://a.example)", "<script>", "> - 1. # x", "![a](javascript:x)", "&#x6a;avascript:", "<https://a.example/\"onclick=>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { harmless(t, liner.HTML(s)) })
}
