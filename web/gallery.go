package web

import (
	"html/template"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// state is a page as it looks in one situation, with invented data.
type state struct {
	name     string // part of an address
	template string
	page     page
}

// galleryVisitor is who looks at the pages of the gallery that need one.
var galleryVisitor = visitor{playlists.Account{Handle: "alice", Name: "Alice", Admin: true, MaxAudience: playlists.Public}}

// galleryTime is when it is in the gallery.
var galleryTime = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// galleryConfig is a bridge with an address and nothing behind it.
func galleryConfig() Config {
	return Config{Fed: federation.New(federation.Config{BaseURL: &url.URL{Scheme: "https", Host: "music.example"}, Now: time.Now})}
}

// families are the states of the gallery, family by family.
func families() (all []state) {
	for _, family := range [][]state{publicStates(), doorStates(), listStates(), reviewStates(), followStates(), inviteStates(), peopleStates(), serverStates(), workStates(), settingStates()} {
		all = append(all, family...)
	}
	return all
}

// Gallery shows every page in every situation, with invented data and nothing behind it: for those who design and review.
// Its index, /, links all of them; ?lang= and the browser's wish choose the language.
func Gallery() http.Handler {
	s := newSite(galleryConfig())
	r := chi.NewRouter()
	r.Use(secured)
	r.Get("/static/{file}", s.answer(static))
	r.Get("/songs/cover", http.RedirectHandler("/static/icon.svg", http.StatusFound).ServeHTTP)
	r.Get("/none", nothingMoves)
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		// The template is ours and its data are names: it cannot fail but for a reader who left.
		_ = galleryIndex.Execute(w, families())
	})
	for _, st := range families() {
		r.Get("/gallery/"+st.name, s.answer(func(w http.ResponseWriter, r *http.Request) error {
			p := st.page
			p.Title = s.words(r).say(p.Title)
			if p.Visitor != nil {
				p.Here = menuPath(r)
			}
			return s.write(w, r, http.StatusOK, st.template, p)
		}))
	}
	return r
}

// nothingMoves is progress that tells nothing as long as somebody listens.
func nothingMoves(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	_ = http.NewResponseController(w).Flush() // a reader who left hears nothing either
	<-r.Context().Done()
}

var galleryIndex = template.Must(template.New("gallery").Funcs(template.FuncMap{"name": func(s state) string { return s.name }}).Parse(
	`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gallery</title><link rel="stylesheet" href="/static/style.css"><main><h1>Gallery</h1><ul class="ways">
{{range .}}<li><a href="/gallery/{{name .}}">{{name .}}</a></li>
{{end}}</ul></main></html>`))

// own makes a page of the gallery one of a signed-in visitor.
func own(p page) page {
	p.Visitor = &galleryVisitor
	return p
}

func doorStates() []state {
	return []state{
		{"signin", "signin", page{Title: "Sign in", Content: signInView{Next: "/playlists"}}},
		{"signin-refused", "signin", page{Title: "Sign in", Content: signInView{Name: "alice", Next: "/playlists",
			Problem: "The name or the password is not right. They are those of your music server. If you came by an invitation, write its address too: bob@navidrome.example."}}},
		{"setup", "connect", page{Title: "Connect your music server", Content: connectView{Setup: true}}},
		{"setup-refused", "connect", page{Title: "Connect your music server", Content: connectView{Setup: true, Code: "ABCD", Server: "navidrome.example", User: "alice", Name: "Alice",
			Problem: "That is not the set-up code. Songferry printed it when it started, in the line with code=, or it is what SONGFERRY_SETUP_CODE says."}}},
	}
}
