package federation

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/songferry/songferry/playlists"
)

// maxHTML bounds the markup that is looked at for one text, in bytes.
const maxHTML = 64 << 10

// plainText returns what a reader sees of HTML from outside, cleaned and at most max runes long. Nothing of the markup
// is kept, so nothing of it needs to be trusted.
func plainText(markup string, max int) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup[:min(len(markup), maxHTML)]))
	hidden := ""
	for {
		kind := z.Next()
		if kind == html.ErrorToken { // the end; a string has no other error
			return playlists.CleanLines(tidyLines(b.String()), max)
		}
		name, _ := z.TagName()
		switch tag := string(name); {
		case hidden != "":
			if kind == html.EndTagToken && tag == hidden {
				hidden = ""
			}
		case kind == html.TextToken:
			b.WriteString(spaces.Replace(string(z.Text())))
		case kind == html.StartTagToken && unseen[tag]:
			hidden = tag
		default:
			b.WriteString(lineBreaks(tag, kind))
		}
	}
}

// unseen are the elements whose text no reader sees, or sees as something else.
var unseen = map[string]bool{"script": true, "style": true, "template": true, "svg": true, "math": true, "iframe": true,
	"object": true, "noscript": true, "textarea": true, "select": true, "title": true}

// spaces: a line break in the source of HTML is a space.
var spaces = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ")

// lineBreaks is what a tag adds to the text.
func lineBreaks(tag string, kind html.TokenType) string {
	switch tag {
	case "br", "li", "tr":
		if kind != html.EndTagToken {
			return "\n"
		}
	case "p", "div", "blockquote", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table":
		return "\n\n"
	}
	return ""
}

// tidyLines joins runs of spaces, trims lines and leaves at most one empty line between two others.
func tidyLines(s string) string {
	var b strings.Builder
	empty := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			empty++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(empty, 1)+1])
		}
		b.WriteString(line)
		empty = 0
	}
	return b.String()
}
