// Package htmltest finds in a page's HTML what a browser mends without a word, and what leaves people out who cannot see the
// page. It is for the tests of pages, and needs no browser.
package htmltest

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Check returns what is wrong with a page, one sentence each.
//
// It wants every element closed that can be, and nothing implied, though HTML lets authors leave some tags out: so what is
// written is what is meant, and each difference from it is a mistake.
func Check(page string) []string {
	// Without scripts, so that what is for those who have none is read too.
	root, err := html.ParseWithOptions(strings.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		return []string{err.Error()}
	}
	source, complaints := written(page)
	complaints = append(complaints, mended(source, built(root))...)
	return append(complaints, newDocument(root).check()...)
}

// tag is an element and how many are around it.
type tag struct {
	name  string
	depth int
}

func (t tag) String() string { return fmt.Sprintf("<%s> at depth %d", t.name, t.depth) }

// written lists the elements as the source has them, and what is wrong with its tags.
func written(page string) (tags []tag, complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := tokens.Next()
		raw := bytes.Clone(tokens.Raw())
		token := tokens.Token()
		switch kind {
		case html.ErrorToken:
			if err := tokens.Err(); err != io.EOF {
				complain("%v", err)
			}
			for _, name := range open {
				complain("<%s> is never closed", name)
			}
			return tags, complaints
		case html.StartTagToken, html.SelfClosingTagToken:
			if token.Data == "noscript" {
				tokens.NextIsNotRawText()
			}
			tags = append(tags, tag{token.Data, len(open)})
			for _, twice := range repeated(raw) {
				complain("<%s> has two attributes %s", token.Data, twice)
			}
			if kind == html.StartTagToken && !void[token.Data] {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				complain("</%s> closes %v", token.Data, open)
				return tags, complaints // what follows would be noise
			}
			open = open[:len(open)-1]
		}
	}
}

// void elements have no content and no end tag (HTML, 13.1.2).
var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "source": true, "track": true, "wbr": true}

// attributeIn finds an attribute in a tag: its name, and its value so that nothing in it is taken for a name.
var attributeIn = regexp.MustCompile(`\s([^\s"'<>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?`)

// repeated returns the attributes that a tag has twice. The tokenizer itself drops the second one.
func repeated(raw []byte) (names []string) {
	seen := map[string]bool{}
	for _, match := range attributeIn.FindAllSubmatch(raw, -1) {
		name := strings.ToLower(string(match[1]))
		if seen[name] {
			names = append(names, name)
		}
		seen[name] = true
	}
	return names
}

// built lists the elements as a browser builds them.
func built(root *html.Node) (tags []tag) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			tags = append(tags, tag{strings.ToLower(n.Data), depth(n)})
		}
	}
	return tags
}

func depth(n *html.Node) (d int) {
	for p := range n.Ancestors() {
		if p.Type == html.ElementNode {
			d++
		}
	}
	return d
}

// mended returns the first place where a browser builds something else than what is written.
func mended(source, tree []tag) []string {
	for i := range max(len(source), len(tree)) {
		switch {
		case i >= len(source):
			return []string{fmt.Sprintf("a browser adds %v", tree[i])}
		case i >= len(tree):
			return []string{fmt.Sprintf("a browser drops %v", source[i])}
		case source[i] != tree[i]:
			return []string{fmt.Sprintf("after %v, %v becomes %v", source[max(i-1, 0)], source[i], tree[i])}
		}
	}
	return nil
}
