package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// decideFollower approves, removes or blocks a follower.
func (s *site) decideFollower(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	of := form.Get("of")
	said, err := s.decideFollowers(r, v, form)
	if say := s.words(r).problem(err); say != "" {
		view, e := s.followersView(r, v, of)
		if e != nil {
			return e
		}
		view.Problem = say
		return s.write(w, r, statusOfForm(err), "followers", page{Title: s.words(r).say("Followers"), Content: view})
	}
	if err != nil {
		return err
	}
	s.tell(r, said)
	if of != "" {
		return goTo(w, r, "/followers/"+url.PathEscape(of))
	}
	return goTo(w, r, "/followers")
}

// decideFollowers does what the button says that was pressed, about the follower that it names.
func (s *site) decideFollowers(r *http.Request, v visitor, form url.Values) (said string, err error) {
	for _, do := range []string{"approve", "remove", "block"} {
		if choice := form.Get(do); choice != "" {
			actor, id, _ := strings.Cut(choice, " ")
			return s.decideOn(r, v, do, actor, id)
		}
	}
	return "", playlists.Problemf(playlists.Invalid, nil, "That form cannot be read.")
}

// decideOn approves, removes or blocks one follower, and returns the sentence that says so.
func (s *site) decideOn(r *http.Request, v visitor, do, actor, id string) (said string, err error) {
	row, err := s.follower(r.Context(), v, actor, id)
	if err != nil {
		return "", err
	}
	words := s.words(r)
	switch {
	case do == "approve":
		return words.say("%s follows now.", row.Name), s.Fed.Decide(r.Context(), actor, id, true)
	case do == "block" && v.Admin && !row.Here:
		_, _, err = s.Fed.BlockActor(r.Context(), id, "")
		return words.say("%s is blocked on this bridge, and follows nothing here any more.", row.Name), err
	case do == "block":
		return "", playlists.Problemf(playlists.Forbidden, nil, "Only an administrator of this bridge can block somebody. You can remove them.")
	}
	return words.say("%s does not follow any more. What they have copied stays with them.", row.Name), s.Fed.Decide(r.Context(), actor, id, false)
}

// follower returns a follower of something that is the visitor's.
func (s *site) follower(ctx context.Context, v visitor, actor, id string) (followerRow, error) {
	all, err := s.followedOf(ctx, v)
	if err != nil {
		return followerRow{}, err
	}
	for _, of := range all {
		if of.PublicID != actor {
			continue
		}
		followers, err := s.Fed.Followers(ctx, actor)
		if err != nil {
			return followerRow{}, err
		}
		for _, f := range followers {
			if f.ID == id {
				return s.followerRow(ctx, f, of), nil
			}
		}
	}
	return followerRow{}, playlists.Problemf(playlists.NotFound, nil, "They do not follow it any more.")
}
