package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
)

// unlockedFor is how long a browser need not be asked again.
const unlockedFor = 12 * time.Hour

// ofGuesses is for the wrong passwords of one link, by its public id, from everybody together. One client has the limits of costly
// requests besides.
var ofGuesses = limit{"guesses", 30, 10 * time.Second}

// lockedView is what playlist_password.html shows. It does not say what is behind the link.
type lockedView struct{ Problem string }

func (s *site) showLocked(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	return s.write(w, r, status, "playlist_password", page{Title: s.words(r).say("This playlist has a password"), Content: lockedView{problem}})
}

// unlock looks at the password of a link, and lets the browser in that sent the right one.
func (s *site) unlock(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	token := chi.URLParam(r, "token")
	sh, err := s.findByToken(r.Context(), token)
	if err != nil {
		return err
	}
	if !sh.Locked {
		return goTo(w, r, sh.path())
	}
	try, ok, err := s.limits.try(r.Context(), ofGuesses.of(sh.PublicID))
	if err != nil {
		return err
	}
	if !ok {
		s.writeTooMany(w, r, ofGuesses.pause)
		return nil
	}
	right, err := s.Store.CheckLinkPassword(r.Context(), token, form.Get("password"))
	if err == nil && !right {
		return s.showLocked(w, r, http.StatusUnprocessableEntity, s.words(r).say("That is not the password. Ask whoever gave you the link."))
	}
	if err := errors.Join(err, try.notCounted(r.Context())); err != nil {
		return err
	}
	if err := s.letIn(w, r, sh); err != nil {
		return err
	}
	return goTo(w, r, sh.path())
}

// letIn gives a browser a cookie that says until when it is not asked again, and proves it.
func (s *site) letIn(w http.ResponseWriter, r *http.Request, sh shared) error {
	until := s.Now().Add(unlockedFor)
	proof, err := s.Store.LinkProof(r.Context(), sh.Token, until)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: lockCookie(sh.Token), Value: fmt.Sprintf("%d.%s", until.Unix(), proof), MaxAge: int(unlockedFor / time.Second),
		Path:   "/s/", // files stand beside the page, not below it
		Secure: s.isHTTPS(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// unlocked reports whether a request may see what a link leads to.
func (s *site) unlocked(r *http.Request, sh shared) (bool, error) {
	if !sh.Locked {
		return true, nil
	}
	c, err := r.Cookie(lockCookie(sh.Token))
	if err != nil {
		return false, nil // there is none
	}
	until, proof, _ := strings.Cut(c.Value, ".")
	seconds, err := strconv.ParseInt(until, 10, 64)
	if end := time.Unix(seconds, 0); err != nil || !end.After(s.Now()) || end.After(s.Now().Add(unlockedFor)) {
		return false, nil // what it says is not of ours, or over
	}
	want, err := s.Store.LinkProof(r.Context(), sh.Token, time.Unix(seconds, 0))
	return err == nil && hmac.Equal([]byte(proof), []byte(want)), err
}

// lockCookie names the cookie of a link, without its token.
func lockCookie(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "link-" + hex.EncodeToString(sum[:8])
}
