package web

import (
	"context"
	"net/http"
	"time"
)

// readTime is how long a visitor waits for their music server to be read.
const readTime = 90 * time.Second

// ofReads is for readings that one person asks for.
var ofReads = limit{"reads", 3, 20 * time.Second}

// readAgain reads the visitor's playlists from their music server now, unless that is being done, or was too often.
func (s *site) readAgain(w http.ResponseWriter, r *http.Request, v visitor) error {
	ok, err := s.limits.spend(r.Context(), ofReads.of(string(v.ID)))
	if err != nil {
		return err
	}
	if !ok {
		s.tell(r, s.words(r).say("Your music server was read several times just now. Wait a moment before you ask for it again."))
		return goTo(w, r, "/playlists")
	}
	ctx, cancel := context.WithTimeout(r.Context(), readTime)
	defer cancel()
	read, err := s.Music.PollNow(ctx, v.ID)
	switch {
	case ctx.Err() != nil:
		s.tell(r, s.words(r).say("Your music server takes long to answer. It is read again by itself, within minutes."))
	case err != nil:
		return s.showListsProblem(w, r, v, err)
	case !read:
		s.tell(r, s.words(r).say("Your music server is being read already. Look again in a moment."))
	default:
		s.tell(r, s.words(r).say("Your music server was read just now."))
	}
	return goTo(w, r, "/playlists")
}
