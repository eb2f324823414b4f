package web

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// followingView is what following.html shows: what an account follows or has copied.
type followingView struct {
	Persons []followedPerson
	Alone   []copyCard
}

type followedPerson struct {
	ID     playlists.ID
	Name   string
	Target string
	Error  string
	Copies []copyCard
}

// copyCard is a copy in a few words.
type copyCard struct {
	ID      playlists.ID
	Name    string
	Target  string
	Found   int
	Total   int
	Once    bool
	State   string // in plain words
	Asks    bool   // its person something
	Note    string
	Error   string
	Changed time.Time // its source, zero when that was not read yet
}

// followingPage shows how an account's copies stand.
func (s *site) followingPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	persons, alone, err := s.Music.Copies(r.Context(), v.ID)
	if err != nil {
		return err
	}
	var view followingView
	for _, p := range persons {
		trouble, err := s.Fed.PersonTrouble(r.Context(), p.Person.Person)
		if err != nil {
			return err
		}
		f := followedPerson{ID: p.Person.ID, Name: p.Person.Name, Target: p.Person.Target, Error: trouble.In(s.words(r).say)}
		if f.Copies, err = s.copyCards(r, p.Copies); err != nil {
			return err
		}
		view.Persons = append(view.Persons, f)
	}
	if view.Alone, err = s.copyCards(r, alone); err != nil {
		return err
	}
	return s.showOwn(w, r, "following", page{Title: s.words(r).say("Following"), Content: view})
}

func (s *site) copyCards(r *http.Request, copies []subsonicbridge.Copy) (cards []copyCard, err error) {
	for _, c := range copies {
		card, err := s.copyCard(r, c)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// copyCard says how a copy stands, and what last went wrong with it or its source.
func (s *site) copyCard(r *http.Request, c subsonicbridge.Copy) (copyCard, error) {
	w, say := c.Want, s.words(r).say
	card := copyCard{ID: w.ID, Name: c.Name, Target: w.Target, Found: w.Found, Total: w.Total, Once: w.Mode == playlists.Once,
		State: s.words(r).state(c), Asks: asks(c.State), Note: c.Note.In(say)}
	trouble, err := s.Fed.SourceTrouble(r.Context(), w.Playlist)
	if err != nil {
		return card, err
	}
	card.Error = cmp.Or(c.Error.In(say), trouble.In(say))
	if silent, err := s.Fed.Silent(r.Context(), w.Playlist); err != nil {
		return card, err
	} else if silent && w.Ended.IsZero() && w.Mode == playlists.Sync {
		card.State = say("ended; your copy stays")
	}
	_, card.Changed, err = s.Store.Newest(r.Context(), w.Playlist)
	if playlists.CodeOf(err) == playlists.NotFound { // nothing of it was read yet
		err = nil
	}
	return card, err
}

// asks reports whether a copy in this state waits for an answer.
func asks(s subsonicbridge.State) bool {
	return s == subsonicbridge.Asks || s == subsonicbridge.Reordered || s == subsonicbridge.Deleted
}

// state says in a few words how a copy stands.
func (w words) state(c subsonicbridge.Copy) string {
	if !c.Want.Ended.IsZero() {
		return w.say("over")
	}
	switch c.State {
	case subsonicbridge.Fresh:
		return w.say("on its way")
	case subsonicbridge.Reordered, subsonicbridge.Asks:
		return w.say("has a question for you")
	case subsonicbridge.Nothing:
		return w.say("nothing of it found yet")
	case subsonicbridge.Few:
		return w.say("a wish list for now")
	case subsonicbridge.Waiting:
		return w.say("waiting for its owner")
	case subsonicbridge.Deleted:
		return w.say("deleted on your music server")
	case subsonicbridge.Paused:
		return w.say("paused")
	case subsonicbridge.Unlinked:
		return w.say("over")
	}
	if c.Want.Mode == playlists.Once {
		return w.say("copied once")
	}
	return w.say("kept in sync")
}

// ownWant returns the visitor's want with this ID; the zero Want for "".
func (s *site) ownWant(ctx context.Context, v visitor, id string) (playlists.Want, error) {
	if id == "" {
		return playlists.Want{}, nil
	}
	want, err := s.Store.Want(ctx, playlists.ID(id))
	if err == nil && want.Account != v.ID {
		err = playlists.Problemf(playlists.NotFound, nil, "There is no such copy of yours.")
	}
	return want, err
}
