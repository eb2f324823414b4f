package web

import (
	"bytes"
	"embed"
	"html/template"
	"strconv"
	"strings"
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
	Properties  []property
	Linked      any    // JSON-LD, nil for none
	Frame       string // address of the oEmbed description, "" for none
	Files       []file // the same thing in other formats
	Content     any    // what the page's own template shows

	// Set by render and by those who call it.
	Language  string
	Styles    string
	OwnStyles string // of what only visitors who are signed in see
	Script    string
	Refresh   int      // seconds after which a page without script is loaded again; 0 for never
	Visitor   *visitor // nil: nobody is signed in, or the page is the same for everybody
	Here      string   // the visitor's page that the menu shows as open
	News      string   // what is said first, after a form
	Waiting   int      // followers who wait for the visitor's approval
	Asks      int      // of children, that the visitor is to answer
	Proxy     string   // that the visitor is to say whether it is theirs; "" for none
}

// ToDo is how many things wait for the visitor.
func (p page) ToDo() int { return p.Waiting + p.Asks }

// property is one of OpenGraph's.
type property struct{ Name, Content string }

// pageNames are the templates of pages.
var pageNames = []string{
	"landing", "account", "playlist", "playlist_embed", "playlist_password", "playlist_track", "remote", "interaction", "vocabulary", "privacy", "error",
	"problem", "signin", "connect",
	"lists", "list", "list_edit", "list_first", "address", "followers",
	"follow", "follow_lookup", "following", "following_copy",
	"review", "review_track", "missing",
	"asks", "settings", "settings_notices", "settings_data",
	"admin_people", "admin_person", "admin_invite", "admin_servers", "admin_servers_import", "admin_work", "admin_work_drop",
}

// readTemplates returns the templates of one language as they are shown.
func readTemplates(w words) *template.Template {
	set := parseTemplates(w)
	w.settleAll(set)
	return set
}

// parseTemplates reads all pages in one language into one set, in which what they share is there once. A page has its own layout
// there, which shows its own content; playlist_embed, which says nothing of content, is a layout itself.
func parseTemplates(w words) *template.Template {
	set := template.Must(template.New("").Funcs(w.functions()).ParseFS(files, "templates/parts.html", "templates/menu.html"))
	layout := templateText("layout")
	for _, name := range pageNames {
		text := templateText(name)
		if strings.Contains(text, `{{define "content"}}`) {
			content := strconv.Quote(name + " content")
			text = strings.NewReplacer(`{{define "content"}}`, `{{define `+content+`}}`, `{{template "content" .Content}}`, `{{template `+content+` .Content}}`).Replace(layout + text)
		}
		template.Must(set.New(name).Parse(text))
	}
	return set
}

// templateText panics if a file is missing, which every test that shows a page sees.
func templateText(name string) string {
	text, err := files.ReadFile("templates/" + name + ".html")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// render returns the whole page, so that an error in the middle sends no half page.
func (s *site) render(w words, name string, p page) ([]byte, error) {
	p.Language, p.Styles, p.OwnStyles, p.Script = w.language, s.styles, s.ownStyles, s.script
	var b bytes.Buffer
	b.Grow(48 << 10) // a page of a hundred tracks is smaller
	err := w.templates().ExecuteTemplate(&b, name, p)
	return b.Bytes(), err
}
