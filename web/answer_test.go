package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"github.com/songferry/songferry/web/htmltest"
)

// answer is what the bridge said.
type answer struct {
	*http.Response
	t    testing.TB
	text string
}

// mustBeSound checks the HTML of every page that any test asks for.
func (a answer) mustBeSound() {
	a.t.Helper()
	redirect := a.StatusCode/100 == 3 // its body is net/http's, and read by nobody
	if redirect || a.text == "" || a.Header.Get("Content-Encoding") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	for _, complaint := range htmltest.Check(a.text) {
		a.t.Errorf("%s: %s", a.Request.URL.Path, complaint)
	}
}

// all returns the elements of the page that a CSS selector finds.
func (a answer) all(selector string) []*html.Node {
	a.t.Helper()
	doc, err := html.Parse(strings.NewReader(a.text))
	if err != nil {
		a.t.Fatal(err)
	}
	return cascadia.QueryAll(doc, cascadia.MustCompile(selector))
}

// one returns the text of the only element that a selector finds, with single spaces.
func (a answer) one(selector string) string {
	a.t.Helper()
	nodes := a.all(selector)
	if len(nodes) != 1 {
		a.t.Fatalf("%s: found %d times in\n%s", selector, len(nodes), a.text)
	}
	return textOf(nodes[0])
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if d.Data == "br" {
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
