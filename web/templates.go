package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
)

//go:embed templates static
var files embed.FS

// page is what layout.html shows around the content of every page.
type page struct {
	Title       string
	Description string
	Kind        string // og:type, "" for none
	Address     string // absolute, "" when unknown
	ActivityPub string // address of the same thing for ActivityPub clients
	Creator     string // fediverse handle
	Image       *cover // for previews elsewhere; shown only if its address is absolute
	Files       []file
	Styles      string // set by render
	Content     any    // what the page's own template shows
}

// parseTemplates joins each page's template with the layout.
func parseTemplates() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(functions).ParseFS(files, "templates/layout.html", "templates/parts.html"))
	pages := make(map[string]*template.Template)
	for _, name := range []string{"landing", "account", "playlist", "remote", "interaction", "vocabulary", "error"} {
		pages[name] = template.Must(template.Must(layout.Clone()).ParseFS(files, "templates/"+name+".html"))
	}
	return pages
}

// render returns the whole page, so that an error in the middle sends no half page.
func (s *site) render(name string, p page) ([]byte, error) {
	t, ok := s.templates[name]
	if !ok {
		return nil, fmt.Errorf("there is no template %q", name)
	}
	p.Styles = s.styles
	var b bytes.Buffer
	err := t.ExecuteTemplate(&b, "layout.html", p)
	return b.Bytes(), err
}
