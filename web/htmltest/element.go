package htmltest

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

func attribute(n *html.Node, name string) (value string, ok bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// show is an element as a complaint names it, with one of its attributes.
func show(n *html.Node, name string) string {
	value, _ := attribute(n, name)
	return fmt.Sprintf("<%s %s=%q>", n.Data, name, value)
}

func inside(n *html.Node, is func(*html.Node) bool) bool {
	for p := range n.Ancestors() {
		if p.Type == html.ElementNode && is(p) {
			return true
		}
	}
	return false
}

// isField tells what a person fills in or chooses. Buttons name themselves.
func isField(n *html.Node) bool {
	kind, _ := attribute(n, "type")
	named := slices.Contains([]string{"hidden", "submit", "reset", "button"}, kind)
	return n.Data == "select" || n.Data == "textarea" || n.Data == "input" && !named
}

// isUsed tells what a person can press, choose or fill in.
func isUsed(n *html.Node) bool {
	if slices.Contains([]string{"button", "label", "summary", "iframe"}, n.Data) || isField(n) {
		return true
	}
	_, linked := attribute(n, "href")
	return n.Data == "a" && linked
}

func labelled(n *html.Node) bool {
	label, _ := attribute(n, "aria-label")
	by, _ := attribute(n, "aria-labelledby")
	return label != "" || by != ""
}

// says reports whether there is a text in an element, or a picture with one.
func says(n *html.Node) bool {
	for d := range n.Descendants() {
		alt, _ := attribute(d, "alt")
		if strings.TrimSpace(alt) != "" || d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" || d.Type == html.ElementNode && labelled(d) {
			return true
		}
	}
	return false
}
