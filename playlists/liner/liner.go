// Package liner shows liner notes: Markdown as their curator wrote it, or the plain comment of a music server.
//
// The Markdown is CommonMark's paragraphs, lists, quotations, emphasis, links and code spans. Addresses become links, a
// line break stays one, and headings are strong text, since a page has its own. What CommonMark reads as HTML, an image or
// a block of code stays text: none of it is ever lost, so that a plain comment reads as it was written.
package liner

import (
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday" // what is no paragraph, list or link cannot get through, whatever Markdown makes
	"github.com/yuin/goldmark"           // CommonMark in full, and its parsers can be chosen one by one
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	renderhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// maxHTML bounds the HTML of one text, in bytes: as much as other bridges read of it.
const maxHTML = 64 << 10

// HTML returns liner notes as HTML that is safe on any page, in one line. Links lead to http and https only.
func HTML(markdown string) string {
	var b strings.Builder
	if err := converter().Convert([]byte(markdown), &b); err != nil {
		return Plain(markdown)
	}
	// Mastodon shows line breaks of the source, and none of them means anything.
	out := strings.ReplaceAll(policy().Sanitize(b.String()), "\n", "")
	if len(out) > maxHTML {
		return Plain(markdown)
	}
	return out
}

// Text returns what a reader sees of what HTML made, for previews: paragraphs and items are lines.
func Text(made string) string {
	text := blockEnd.ReplaceAllString(made, "\n")
	return strings.TrimSpace(html.UnescapeString(nothing().Sanitize(text)))
}

var blockEnd = regexp.MustCompile(`<br>|</p>|</li>|<(ul|ol|blockquote)[^>]*>`)

// Plain returns plain text as HTML: an empty line begins a paragraph, other line breaks stay.
func Plain(text string) string {
	if text == "" {
		return ""
	}
	text = html.EscapeString(text)
	text = strings.ReplaceAll(text, "\n\n", "</p><p>")
	return "<p>" + strings.ReplaceAll(text, "\n", "<br>") + "</p>"
}

// converter is made once; it may be used by many at a time.
var converter = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(parser.NewListParser(), 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewATXHeadingParser(), 600),
				util.Prioritized(parser.NewBlockquoteParser(), 800),
				util.Prioritized(parser.NewParagraphParser(), 1000),
			),
			parser.WithInlineParsers(
				util.Prioritized(parser.NewCodeSpanParser(), 100),
				util.Prioritized(parser.NewLinkParser(), 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(parser.NewEmphasisParser(), 500),
				util.Prioritized(extension.NewLinkifyParser(), 999),
			),
		)),
		goldmark.WithRendererOptions(renderhtml.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(ours{}, 100))),
	)
})

// policy lets through what Mastodon shows as well.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "code", "ul", "ol", "li", "blockquote")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
})

var nothing = sync.OnceValue(bluemonday.StrictPolicy)

// ours renders what we show in another way than CommonMark does.
type ours struct{}

func (ours) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, write(w, entering, "<p><strong>", "</strong></p>")
	})
	r.Register(ast.KindImage, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		image, _ := n.(*ast.Image)
		address := html.EscapeString(string(image.Destination))
		return ast.WalkContinue, write(w, entering, `<a href="`+address+`">`, "</a>")
	})
}

func write(w util.BufWriter, entering bool, begin, end string) error {
	text := end
	if entering {
		text = begin
	}
	_, err := w.WriteString(text)
	return err
}
