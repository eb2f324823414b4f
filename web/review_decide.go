package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// What a session holds of the last decision.
const (
	sessionUndo      = "undo"       // key of the track
	sessionUndoTitle = "undo title" // its title
)

// trackView is what review_track.html shows: one track, with the songs that a search found.
type trackView struct {
	Row    reviewRow
	Search string
	Found  []candidateView
	Empty  bool // the search found nothing
	Back   string
}

// reviewTrackPage shows one track, and finds songs of the visitor's for it by ?search=.
func (s *site) reviewTrackPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	row, err := s.reviewed(r.Context(), v, chi.URLParam(r, "key"))
	if err != nil {
		return err
	}
	view := trackView{Row: s.words(r).reviewRow(row), Search: playlists.CleanText(r.URL.Query().Get("search"), playlists.MaxText), Back: backQuery(r.URL.Query())}
	if view.Search != "" {
		songs, err := s.Music.FindSongs(r.Context(), v.ID, view.Search)
		if err != nil {
			return err
		}
		for _, song := range songs {
			view.Found = append(view.Found, candidateView{Song: song, Chosen: row.Song != nil && row.Song.ID == song.ID})
		}
		view.Empty = len(songs) == 0
	} else {
		view.Search = playlists.CleanText(row.Track.Artist+" "+row.Track.Title, playlists.MaxText)
	}
	return s.showOwn(w, r, "review_track", page{Title: row.Track.Title, Content: view})
}

// reviewed returns the row with this whole key among the visitor's.
func (s *site) reviewed(ctx context.Context, v visitor, key string) (subsonicbridge.ReviewRow, error) {
	rows, err := s.Music.ReviewTrack(ctx, v.ID, key)
	if err != nil {
		return subsonicbridge.ReviewRow{}, err
	}
	for _, row := range rows {
		if row.Key == key {
			return row, nil
		}
	}
	return subsonicbridge.ReviewRow{}, playlists.Problemf(playlists.NotFound, nil, "None of your playlists wants that track any more.")
}

// none stands in a form for "none of these".
const none = "none"

// decide keeps which song stands for a track, or that none does.
func (s *site) decide(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	row, err := s.reviewed(r.Context(), v, chi.URLParam(r, "key"))
	if err != nil {
		return err
	}
	song := form.Get("song")
	if song == "" {
		return playlists.Problemf(playlists.Invalid, nil, "Choose a song, or say that none is it.")
	}
	words := s.words(r)
	said := words.say("“%s” is found from now on, in every playlist.", row.Track.Title)
	if song == none {
		song, said = "", words.say("“%s” is none of your songs. It is not asked again.", row.Track.Title)
	}
	if err := s.Music.Choose(r.Context(), v.ID, row.Key, song); err != nil {
		return err
	}
	s.tell(r, said)
	s.sessions.Put(r.Context(), sessionUndo, row.Key)
	s.sessions.Put(r.Context(), sessionUndoTitle, row.Track.Title)
	return goTo(w, r, "/review?"+backQuery(form))
}

// undo returns what the last decision was about, once.
func (s *site) undo(r *http.Request) *undoView {
	key, title := s.sessions.PopString(r.Context(), sessionUndo), s.sessions.PopString(r.Context(), sessionUndoTitle)
	if key == "" {
		return nil
	}
	return &undoView{Key: key, Title: title, Back: r.URL.RawQuery}
}

// undecide takes a decision back: the track is looked for again like any other.
func (s *site) undecide(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	row, err := s.reviewed(r.Context(), v, chi.URLParam(r, "key"))
	if err != nil {
		return err
	}
	if err := s.Music.Unchoose(r.Context(), v.ID, row.Key); err != nil {
		return err
	}
	s.tell(r, s.words(r).say("“%s” is looked for again.", row.Track.Title))
	return goTo(w, r, "/review?"+backQuery(form))
}

// backQuery is the query of the list that a decision leads back to: of what was given only what that list knows.
func backQuery(given url.Values) string {
	query, err := url.ParseQuery(given.Get("back"))
	if err != nil {
		return "" // the beginning of the list
	}
	out := url.Values{}
	for _, name := range []string{"playlist", "all", "page"} {
		if query.Get(name) != "" {
			out.Set(name, query.Get(name))
		}
	}
	return out.Encode()
}
