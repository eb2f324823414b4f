package federation

import (
	"iter"
	"strings"

	"golang.org/x/net/html"

	"github.com/songferry/songferry/playlists"
)

// maxHTML bounds the markup that is looked at for one text, in bytes.
const maxHTML = 64 << 10

// plainText returns what a reader sees of HTML, cleaned and at most max runes long. Nothing of the markup is kept, so
// nothing of it needs to be trusted.
func plainText(markup string, max int) string {
	var b strings.Builder
	for t := range visible(markup) {
		if t.Type == html.TextToken {
			b.WriteString(spaces.Replace(t.Data))
		} else {
			b.WriteString(lineBreaks(t))
		}
	}
	return playlists.CleanLines(tidyLines(b.String()), max)
}

// textAndLinks returns what a reader sees of HTML but for its links, and where those lead, at most maxTargets. Mentions
// and hashtags are left out: a server writes them as links, and lists the actors in the tags.
func textAndLinks(markup string) (text string, links []string) {
	var b strings.Builder
	inLink := false
	for t := range visible(markup) {
		switch {
		case t.Type == html.TextToken:
			if !inLink {
				b.WriteString(t.Data)
			}
		case t.Data == "a":
			inLink = t.Type == html.StartTagToken
			if href := leadsTo(t); href != "" && len(links) < maxTargets {
				links = append(links, href)
			}
			b.WriteByte(' ')
		default:
			b.WriteString(lineBreaks(t))
		}
	}
	return b.String(), links
}

// visible returns the texts and tags of HTML from outside, without the elements whose text no reader sees.
func visible(markup string) iter.Seq[html.Token] {
	return func(yield func(html.Token) bool) {
		z := html.NewTokenizer(strings.NewReader(markup[:min(len(markup), maxHTML)]))
		hidden := ""
		for z.Next() != html.ErrorToken { // the end; a string has no other error
			t := z.Token()
			switch {
			case t.Type == html.CommentToken, t.Type == html.DoctypeToken:
			case hidden != "":
				if t.Type == html.EndTagToken && t.Data == hidden {
					hidden = ""
				}
			case t.Type == html.StartTagToken && unseen[t.Data]:
				hidden = t.Data
			case !yield(t):
				return
			}
		}
	}
}

// leadsTo returns the address that a tag links to, "" when it is none, a mention or a hashtag.
func leadsTo(t html.Token) (href string) {
	for _, a := range t.Attr {
		switch a.Key {
		case "href":
			if _, err := parseAddress(a.Val); err == nil && href == "" {
				href = a.Val
			}
		case "class":
			for _, class := range strings.Fields(a.Val) {
				if class == "mention" || class == "hashtag" {
					return ""
				}
			}
		}
	}
	return href
}

// unseen are the elements whose text no reader sees, or sees as something else.
var unseen = map[string]bool{"script": true, "style": true, "template": true, "svg": true, "math": true, "iframe": true,
	"object": true, "noscript": true, "textarea": true, "select": true, "title": true}

// spaces: a line break in the source of HTML is a space.
var spaces = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ")

// lineBreaks is what a tag adds to the text.
func lineBreaks(tag html.Token) string {
	switch tag.Data {
	case "br", "li", "tr":
		if tag.Type != html.EndTagToken {
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
