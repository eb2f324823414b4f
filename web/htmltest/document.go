package htmltest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// document is a page by its elements.
type document struct {
	elements []*html.Node
	ids      map[string]int  // how many elements have it
	labels   map[string]bool // ids that a label is for
	found    []string
}

func newDocument(root *html.Node) *document {
	d := &document{ids: map[string]int{}, labels: map[string]bool{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		d.elements = append(d.elements, n)
		if id, ok := attribute(n, "id"); ok {
			d.ids[id]++
		}
		if id, ok := attribute(n, "for"); ok && n.Data == "label" {
			d.labels[id] = true
		}
	}
	return d
}

func (d *document) check() []string {
	d.whole()
	for _, n := range d.elements {
		d.references(n)
		d.names(n)
		d.nesting(n)
	}
	return d.found
}

func (d *document) complain(format string, args ...any) {
	d.found = append(d.found, fmt.Sprintf(format, args...))
}

// whole checks what a page has as a whole.
func (d *document) whole() {
	for _, id := range slices.Sorted(maps.Keys(d.ids)) {
		if n := d.ids[id]; n > 1 || id == "" || strings.ContainsAny(id, " \t\n") {
			d.complain("%d elements have the id %q", n, id)
		}
	}
	for _, name := range []string{"title", "h1", "main"} {
		if n := d.count(name); n != 1 {
			d.complain("there are %d <%s>", n, name)
		}
	}
	if lang, _ := attribute(d.elements[0], "lang"); lang == "" {
		d.complain("<html> has no lang")
	}
}

func (d *document) count(name string) (n int) {
	for _, e := range d.elements {
		if e.Data == name && !inside(e, func(p *html.Node) bool { return p.Data == "svg" }) { // pictures have titles too
			n++
		}
	}
	return n
}

// references checks that an element refers to what is there.
func (d *document) references(n *html.Node) {
	for _, name := range []string{"for", "form", "list", "headers", "popovertarget", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-errormessage", "aria-activedescendant"} {
		value, ok := attribute(n, name)
		if ok && strings.TrimSpace(value) == "" {
			d.complain("%s is empty", show(n, name))
		}
		for id := range strings.FieldsSeq(value) {
			if d.ids[id] == 0 {
				d.complain("%s names nothing", show(n, name))
			}
		}
	}
	if href, _ := attribute(n, "href"); n.Data == "a" && len(href) > 1 && href[0] == '#' && d.ids[href[1:]] == 0 {
		d.complain("%s leads nowhere", show(n, "href"))
	}
}

// names checks that what can be used, and what is seen, has a name for those who do not see it.
func (d *document) names(n *html.Node) {
	switch {
	case n.Data == "img":
		if _, ok := attribute(n, "alt"); !ok {
			d.complain("%s has no alt", show(n, "src"))
		}
	case isField(n):
		if id, _ := attribute(n, "id"); !d.labels[id] && !labelled(n) && !inside(n, func(p *html.Node) bool { return p.Data == "label" }) {
			d.complain("%s has no label", show(n, "name"))
		}
	case n.Data == "iframe":
		if title, _ := attribute(n, "title"); title == "" {
			d.complain("%s has no title", show(n, "src"))
		}
	case slices.Contains([]string{"a", "button", "summary", "label", "legend", "h1", "h2", "h3", "h4", "option", "th", "title"}, n.Data):
		if !labelled(n) && !says(n) {
			d.complain("%s says nothing", show(n, "class"))
		}
	}
}

// nesting checks that nothing that can be used is inside something else that can.
func (d *document) nesting(n *html.Node) {
	if isUsed(n) && inside(n, func(p *html.Node) bool { return isUsed(p) && !(p.Data == "label" && isField(n)) }) {
		d.complain("%s is inside something that can be pressed too", show(n, "href"))
	}
	if n.Data == "form" && inside(n, func(p *html.Node) bool { return p.Data == "form" }) {
		d.complain("%s is inside another form", show(n, "action"))
	}
}
