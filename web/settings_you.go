package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/subsonicbridge"
)

// changeYou keeps the visitor's name and language.
func (s *site) changeYou(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	changed := v.Account
	changed.Name, changed.Language = cleanLine(form, "name"), form.Get("language")
	_, err = s.Store.ChangeAccount(r.Context(), changed)
	words := s.words(r)
	if chosen, ok := s.catalogue[changed.Language]; ok && err == nil {
		words = chosen // the next page speaks it
	}
	return s.settled(w, r, v, err, words.say("Saved."))
}

// changeHandle gives the visitor a public name, for good.
func (s *site) changeHandle(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	handle := typedHandle(form)
	err = s.chooseHandle(r.Context(), v, handle)
	return s.settled(w, r, v, err, s.words(r).say("Your public name is %s from now on.", handle))
}

// changeMatch keeps which file may stand for a track.
func (s *site) changeMatch(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	switch p := match.Policy(form.Get("match")); p {
	case match.SameRelease, match.SameRecording, match.AnyVersion:
		err = s.Music.SetPolicy(r.Context(), v.ID, p)
	default:
		err = playlists.Problemf(playlists.Invalid, nil, "Choose which file may stand for a track.")
	}
	return s.settled(w, r, v, err, s.words(r).say("Saved. Your copies are looked through again."))
}

// changeNewsLimits keeps how much the visitor's followers read at most.
func (s *site) changeNewsLimits(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	limits, err := s.Fed.NewsLimitsOf(r.Context(), v.ID)
	if err != nil {
		return err
	}
	if limits.PerDay, err = strconv.Atoi(form.Get("perday")); err != nil {
		err = playlists.Problemf(playlists.Invalid, err, "Write the number of posts a day in digits.")
		return s.settled(w, r, v, err, "")
	}
	limits.Mention = form.Get("mention") != ""
	return s.settled(w, r, v, s.Fed.SetNewsLimits(r.Context(), v.ID, limits), s.words(r).say("Saved."))
}

// readLibraryAgain makes the visitor's music server be read again.
func (s *site) readLibraryAgain(w http.ResponseWriter, r *http.Request, v visitor) error {
	err := s.Music.RereadSoon(r.Context(), v.ID)
	return s.settled(w, r, v, err, s.words(r).say("Your playlists are read again now, and your songs before they are next needed."))
}

// changeServer connects the visitor's music server anew, or another.
func (s *site) changeServer(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	name, err := s.reconnect(r.Context(), v, cleanLine(form, "server"), cleanLine(form, "user"), form.Get("password"))
	return s.settled(w, r, v, err, s.words(r).say("Your music server is connected. From now on you sign in here as %s, with its password.", name))
}

// reconnect asks the music server first: what works stays until something else does. It returns the name that the visitor signs in by from now on. Where an administrator's music server is, they say.
func (s *site) reconnect(ctx context.Context, v visitor, server, user, password string) (signInName string, err error) {
	var admission subsonicbridge.Admission
	if v.Admin {
		admission, err = s.Music.AskAgain(ctx, v.ID, server, user, password)
	} else {
		admission, err = s.Music.AskElsewhere(ctx, v.ID, s.FamilyServer, server, user, password)
	}
	if err != nil {
		return "", err
	}
	if admission.Account != "" && admission.Account != v.ID {
		return "", playlists.Problemf(playlists.Invalid, nil, "Somebody else here has that account on the music server already.")
	}
	return admission.SignInName(), s.Music.Keep(ctx, v.ID, admission)
}
