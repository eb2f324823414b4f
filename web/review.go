package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

// reviewPerPage is how many tracks one page of the review shows: each comes with up to five songs and their pictures.
const reviewPerPage = 20

// reviewView is what review.html shows: tracks that the visitor should look at, or all of them.
type reviewView struct {
	Rows  []reviewRow
	Total int
	Of    string // name of the only playlist that they are from, "" for all
	All   bool   // also those that were surely found
	Other string // address of the page with all of them or, when All, without the sure ones
	Back  string // query of this page
	Pages pages
	Undo  *undoView
}

// reviewRow is a track and the songs that it may be.
type reviewRow struct {
	subsonicbridge.ReviewRow
	Standing string // what stands for it now, in words
	Songs    []candidateView
}

// candidateView is a song of the visitor's that a track may be.
type candidateView struct {
	subsonicbridge.Song
	Why    string
	Chosen bool // it stands for the track
}

// undoView offers to take the last decision back.
type undoView struct{ Key, Title, Back string }

// reviewRoutes are where people say which of their songs a track is.
func (s *site) reviewRoutes(r chi.Router) {
	r.Get("/review", s.own(s.reviewPage))
	r.Get("/review/{key}", s.own(s.reviewTrackPage))
	r.Post("/review/{key}", s.own(s.decide))
	r.Post("/review/{key}/undo", s.own(s.undecide))
	r.Get("/songs/cover", s.own(s.songCover))
}

// reviewPage shows tracks with the songs that they may be. ?playlist= names one copy, ?all=1 asks for the sure ones too.
func (s *site) reviewPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	query := r.URL.Query()
	want, err := s.ownWant(r.Context(), v, query.Get("playlist"))
	if err != nil {
		return err
	}
	view := reviewView{All: query.Get("all") == "1", Back: r.URL.RawQuery, Undo: s.undo(r)}
	rows, err := s.Music.Review(r.Context(), v.ID, want.ID, view.All)
	if err != nil {
		return err
	}
	view.Total, view.Other = len(rows), otherReview(query, view.All)
	if want.ID != "" && len(rows) > 0 {
		view.Of = rows[0].Playlists[0]
	}
	rows, view.Pages = paged(rows, reviewPerPage, r)
	for _, row := range rows {
		view.Rows = append(view.Rows, s.words(r).reviewRow(row))
	}
	return s.showOwn(w, r, "review", page{Title: s.words(r).say("Review"), Content: view})
}

func otherReview(query url.Values, all bool) string {
	other := url.Values{}
	if of := query.Get("playlist"); of != "" {
		other.Set("playlist", of)
	}
	if !all {
		other.Set("all", "1")
	}
	return "/review?" + other.Encode()
}

// reviewRow is what a page shows of a row.
func (w words) reviewRow(row subsonicbridge.ReviewRow) reviewRow {
	out := reviewRow{ReviewRow: row, Standing: w.standing(row)}
	for _, c := range row.Candidates {
		out.Songs = append(out.Songs, candidateView{Song: c.Song, Why: w.because(c.Why), Chosen: row.Song != nil && row.Song.ID == c.Song.ID})
	}
	return out
}

// standing says what stands for a track.
func (w words) standing(r subsonicbridge.ReviewRow) string {
	switch {
	case r.Decided == subsonicbridge.Lost:
		return w.say("The song that you chose is not in your library any more.")
	case r.Decided == subsonicbridge.ByPerson && r.Song == nil:
		return w.say("You said that none of your songs is it.")
	case r.Decided == subsonicbridge.ByPerson:
		return w.say("You chose “%s”.", r.Song.Title)
	case r.Song != nil:
		return w.say("Found: “%s” (%s)", r.Song.Title, w.because(r.Why))
	case r.Class == match.Review && len(r.Candidates) > 0:
		return w.count(len(r.Candidates), "It may be this song of yours:", "It may be one of these %d songs of yours:")
	}
	return w.say("Not found: %s", w.because(r.Why))
}

// maxBecause is how many reasons are enough for a person.
const maxBecause = 4

func (w words) because(why []match.Reason) string {
	said := make([]string, 0, len(why))
	for _, reason := range why[:min(len(why), maxBecause)] {
		if text := reason.In(w.say); text != "" {
			said = append(said, text)
		}
	}
	return strings.Join(said, w.say(", "))
}
