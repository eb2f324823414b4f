package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// answerTime is how long an answer waits for whoever is writing the list just now.
const answerTime = 10 * time.Second

// copyAnswer does what a person says of a copy, and returns the sentence that says so to them.
type copyAnswer func(ctx context.Context, want playlists.Want, form url.Values, w words) (said string, err error)

// answering makes a handler of an answer. The page of the copy follows, with what was said or what is wrong.
func (s *site) answering(do copyAnswer) ownHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		form, err := readForm(w, r, maxForm)
		if err != nil {
			return err
		}
		want, err := s.ownCopy(r, v)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		said, problem := do(ctx, want, form, s.words(r))
		if say := s.words(r).problem(problem); say != "" {
			view, err := s.copyView(r, want)
			if err != nil {
				return err
			}
			view.Problem = say
			return s.showCopy(w, r, statusOfForm(problem), view)
		}
		if problem != nil {
			return problem
		}
		s.tell(r, said)
		return goTo(w, r, "/following/"+string(want.ID))
	}
}

// agree answers a question with yes.
func (s *site) agree(ctx context.Context, want playlists.Want, _ url.Values, w words) (string, error) {
	return w.say("So be it. It is done in a moment."), s.Music.Confirm(ctx, want.ID)
}

// order says whose order a list is in.
func (s *site) order(ctx context.Context, want playlists.Want, form url.Values, w words) (string, error) {
	if form.Get("order") == "mine" {
		return w.say("The list stays in your order. You are not asked again."), s.Music.SetOrder(ctx, want.ID, true)
	}
	return w.say("The list follows the original order again."), s.Music.SetOrder(ctx, want.ID, false)
}

// restore takes back that a song is not for the person.
func (s *site) restore(ctx context.Context, want playlists.Want, form url.Values, w words) (string, error) {
	return w.say("The song is no longer kept out of the list."), s.Music.Restore(ctx, want.ID, form.Get("song"))
}

// again reads the source and brings the list in line, without waiting for its time.
func (s *site) again(ctx context.Context, want playlists.Want, _ url.Values, w words) (string, error) {
	return w.say("The playlist is read again."), errors.Join(s.Fed.Reread(ctx, want.Playlist), s.Music.Again(ctx, want.ID))
}

func (s *site) pause(ctx context.Context, want playlists.Want, _ url.Values, w words) (string, error) {
	return w.say("Paused. The list stays as it is until you go on."), s.Music.Pause(ctx, want.ID)
}

func (s *site) resume(ctx context.Context, want playlists.Want, _ url.Values, w words) (string, error) {
	return w.say("The list is kept in sync again."), s.Music.Resume(ctx, want.ID)
}

// unfollow ends a copy. Its list stays as an ordinary one, or goes.
func (s *site) unfollow(ctx context.Context, want playlists.Want, form url.Values, w words) (string, error) {
	if form.Get("list") == "remove" {
		return w.say("You no longer follow this. The list goes from your music server in a moment."), s.Music.GiveUp(ctx, want.ID)
	}
	return w.say("You no longer follow this. The list stays on your music server, as an ordinary one of yours."), s.Store.EndWant(ctx, want)
}

// unfollowPerson ends that an account follows a person. The lists stay as ordinary ones, or go.
func (s *site) unfollowPerson(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	p, err := s.Store.PersonWant(r.Context(), playlists.ID(chi.URLParam(r, "person")))
	if err != nil {
		return err
	}
	if p.Account != v.ID {
		return nothingHere(w, r)
	}
	said, err := s.endPerson(r.Context(), p, form, s.words(r))
	if err != nil {
		return err
	}
	s.tell(r, said)
	return goTo(w, r, "/following")
}

func (s *site) endPerson(ctx context.Context, p playlists.PersonWant, form url.Values, w words) (said string, err error) {
	if form.Get("list") != "remove" {
		return w.say("You no longer follow %s. The lists stay on your music server.", p.Name), s.Store.EndPersonWant(ctx, p.ID)
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, err = s.Music.GiveUpPerson(ctx, p)
	return w.say("You no longer follow %s. The lists go from your music server in a moment.", p.Name), err
}
