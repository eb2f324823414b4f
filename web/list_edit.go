package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/songferry/songferry/playlists"
)

const (
	rowsShown   = 500     // tracks that one form has
	maxEditForm = 8 << 20 // bytes: as many notes of the greatest length, as browsers send them
)

// editView is what list_edit.html shows: the form for what an owner lays over a playlist.
type editView struct {
	ID      playlists.ID
	Overlay playlists.Overlay
	Name    string // what the music server says
	Comment string
	Rows    []editRow
	Pages   pages
	Total   int
	Problem string
}

type editRow struct {
	playlists.ServerRow
	Number int // of the track in the whole playlist, from 1
}

// First and Last count tracks from 1.
func (v editView) First() int { return v.Rows[0].Number }
func (v editView) Last() int  { return v.Rows[len(v.Rows)-1].Number }

// Languages are those that a playlist's words can be said to be in, with the one chosen now.
func (v editView) Languages() []spoken { return languagesWith(v.Overlay.Language) }

// editPage shows the form.
func (s *site) editPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := s.owned(r, v)
	if err != nil {
		return err
	}
	view, err := s.editView(r, p)
	if err != nil {
		return err
	}
	return s.showOwn(w, r, "list_edit", page{Title: s.words(r).say("Edit %s", p.Name), Content: view})
}

func (s *site) editView(r *http.Request, p playlists.Playlist) (view editView, err error) {
	view = editView{ID: p.ID}
	if view.Overlay, err = s.Store.OverlayOf(r.Context(), p.ID); err != nil {
		return view, err
	}
	if view.Name, view.Comment, err = s.Store.ServerWords(r.Context(), p.ID); err != nil {
		return view, err
	}
	server, err := s.Store.ServerRows(r.Context(), p.ID)
	if err != nil {
		return view, err
	}
	rows := make([]editRow, len(server))
	for i, row := range server {
		rows[i] = editRow{row, i + 1}
	}
	view.Total = len(rows)
	view.Rows, view.Pages = paged(rows, rowsShown, r)
	return view, nil
}

// edit keeps what the form says. Of tracks that it does not show, all stays as it is.
func (s *site) edit(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, form, err := s.ownedForm(w, r, v, maxEditForm)
	if err != nil {
		return err
	}
	before, err := s.Store.OverlayOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	after := overlayIn(form, before)
	err = s.Store.Edit(r.Context(), p.ID, after)
	if say := s.words(r).problem(err); say != "" {
		return s.showEditProblem(w, r, p, after, err)
	}
	if err != nil {
		return err
	}
	s.tell(r, s.words(r).say("Saved. Those who follow the playlist get it so within minutes."))
	return goTo(w, r, listPath(p.ID))
}

// showEditProblem shows the form as it was sent.
func (s *site) showEditProblem(w http.ResponseWriter, r *http.Request, p playlists.Playlist, sent playlists.Overlay, problem error) error {
	view, err := s.editView(r, p)
	if err != nil {
		return err
	}
	said := map[string]playlists.RowOverlay{}
	for _, row := range sent.Rows {
		said[row.Key] = row
	}
	for i := range view.Rows {
		if row, ok := said[view.Rows[i].Key]; ok {
			view.Rows[i].Note, view.Rows[i].LeftOut = row.Note, row.LeftOut
		}
	}
	view.Overlay, view.Problem = sent, s.words(r).problem(problem)
	return s.write(w, r, statusOfForm(problem), "list_edit", page{Title: s.words(r).say("Edit %s", p.Name), Content: view})
}

// overlayIn returns what a form makes of an overlay. Its rows are named by key, in turn; out names those left out by
// their number among them.
func overlayIn(form url.Values, o playlists.Overlay) playlists.Overlay {
	o.Title, o.Liner, o.Language, o.NoCover = form.Get("title"), lines(form.Get("liner")), form.Get("language"), form.Get("cover") == ""
	keys, notes := form["key"], form["note"]
	if len(keys) > rowsShown || len(keys) != len(notes) {
		return o // no form of ours
	}
	out, shown := map[string]bool{}, map[string]bool{}
	for _, n := range form["out"] {
		out[n] = true
	}
	for _, key := range keys {
		shown[key] = true
	}
	rows := make([]playlists.RowOverlay, 0, len(o.Rows)+len(keys))
	for _, row := range o.Rows {
		if !shown[row.Key] {
			rows = append(rows, row)
		}
	}
	for i, key := range keys {
		rows = append(rows, playlists.RowOverlay{Key: key, Note: lines(notes[i]), LeftOut: out[strconv.Itoa(i)]})
	}
	o.Rows = rows
	return o
}

// lines returns a text of several lines as it is counted: browsers send two characters for the end of one.
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
