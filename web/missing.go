package web

import (
	"bytes"
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
	"github.com/songferry/songferry/playlists/missing"
)

// missingPerPage is how many albums one page of the wish list shows.
const missingPerPage = 50

// missingView is what missing.html shows: what the visitor's library lacks for their copies, by album.
type missingView struct {
	Albums  []albumView
	Tracks  int
	Wanting int  // playlists that want any of them
	ToCheck int  // tracks that may be there; see the review
	Unread  int  // copies that were not looked at yet
	Nothing bool // is followed, so nothing can be missing
	Shops   bool // links to them are shown
	Of      string
	Pages   pages
}

// albumView is an album, or a track without one.
type albumView struct {
	missing.Album
	Tracks []wishView
	Found  placesView
}

type wishView struct {
	missing.Track
	Why string
}

// missingPage lists what is missing. ?playlist= names one copy.
func (s *site) missingPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	list, view, err := s.missingOf(r, v)
	if err != nil {
		return err
	}
	albums, pages := paged(list.Get, missingPerPage, r)
	view.Pages, view.Shops, view.Of = pages, !v.Child, r.URL.Query().Get("playlist")
	for _, a := range albums {
		view.Albums = append(view.Albums, s.words(r).albumView(a))
	}
	return s.showOwn(w, r, "missing", page{Title: s.words(r).say("Wish list"), Content: view})
}

// missingOf returns what is missing for all copies of the visitor, or for the one that the address names, and its totals.
func (s *site) missingOf(r *http.Request, v visitor) (missing.List, missingView, error) {
	var only []playlists.ID
	want, err := s.ownWant(r.Context(), v, r.URL.Query().Get("playlist"))
	if err != nil {
		return missing.List{}, missingView{}, err
	}
	if want.ID != "" {
		only = append(only, want.ID)
	}
	gaps, err := s.Music.Gaps(r.Context(), v.ID, only...)
	if err != nil {
		return missing.List{}, missingView{}, err
	}
	list := missing.Group(gaps.Rows)
	view := missingView{Unread: gaps.Unread}
	if gaps.Copies+gaps.Unread == 0 && want.ID == "" {
		if view.Nothing, err = s.followsNothing(r.Context(), v); err != nil {
			return missing.List{}, missingView{}, err
		}
	}
	view.Tracks, view.Wanting = missing.Count(list.Get)
	view.ToCheck, _ = missing.Count(list.Check)
	return list, view, nil
}

// followsNothing reports whether a visitor without a copy follows no person either, whose playlists may come yet.
func (s *site) followsNothing(ctx context.Context, v visitor) (bool, error) {
	persons, err := s.Store.PersonWants(ctx, v.ID)
	return len(persons) == 0, err
}

func (w words) albumView(a missing.Album) albumView {
	out := albumView{Album: a, Found: placesOf(a.Links(), true)}
	for _, t := range a.Tracks {
		out.Tracks = append(out.Tracks, wishView{t, t.Why.In(w.say)})
	}
	return out
}

// missingFile sends the list as a file: CSV for people, JSPF for programs that look for music.
func (s *site) missingFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	list, _, err := s.missingOf(r, v)
	if err != nil {
		return err
	}
	name := s.words(r).say("Wish list")
	var body bytes.Buffer
	mediaType := "text/csv; charset=utf-8"
	switch extension := chi.URLParam(r, "extension"); extension {
	case "csv":
		err = list.WriteCSV(&body, name)
	case "jspf":
		format, _ := formats.ByExtension(extension) // it is one of them
		mediaType = format.MediaType
		err = format.Write(&body, list.Playlist(name), formats.Place{})
	default:
		return nothingHere(w, r)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", mediaType)
	attachment(w, fileName(name, chi.URLParam(r, "extension")))
	_, err = w.Write(body.Bytes())
	return err
}
