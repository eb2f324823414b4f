package web

import (
	"context"
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/songferry/songferry/playlists"
)

// suggestHandle returns a public name for the visitor that is free and not the one that they sign in with, "" when none
// comes to mind.
func (s *site) suggestHandle(ctx context.Context, v visitor) (string, error) {
	login, err := s.login(ctx, v)
	if err != nil {
		return "", err
	}
	name := plainName(v.Name)
	for _, ending := range []string{"", "_music", "_lists", "_sings", "_plays"} {
		handle := name + ending
		if name == "" || !playlists.ValidHandle(handle) || strings.EqualFold(handle, login) {
			continue
		}
		_, err := s.Store.AccountByHandle(ctx, handle)
		if playlists.CodeOf(err) == playlists.NotFound {
			return handle, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}

// plainName keeps the Latin letters and digits of a name, without their accents, at most 20.
func plainName(name string) string {
	const longest = 20
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r == ' ', r == '-', r == '_':
			return '_'
		}
		return -1
	}, strings.ToLower(norm.NFKD.String(name)))
	return strings.Trim(plain[:min(len(plain), longest)], "_")
}

// chooseHandle gives the visitor a public name. It is not the one that they sign in with: that is half of a secret.
func (s *site) chooseHandle(ctx context.Context, v visitor, handle string) error {
	login, err := s.login(ctx, v)
	if err != nil {
		return err
	}
	if strings.EqualFold(handle, login) {
		return playlists.Problemf(playlists.Invalid, nil, "That is the name that you sign in with on your music server. Choose another, so that nobody learns it.")
	}
	_, err = s.Store.ChooseHandle(ctx, v.ID, handle)
	return err
}

// login is the visitor's name on their music server, "" while none is connected.
func (s *site) login(ctx context.Context, v visitor) (string, error) {
	status, err := s.Music.Status(ctx, v.ID)
	if playlists.CodeOf(err) == playlists.NotFound {
		return "", nil
	}
	return status.User, err
}

// typedHandle returns the public name that was typed into a form: people write it with its @, and in capitals.
func typedHandle(form url.Values) string {
	return strings.ToLower(strings.TrimPrefix(cleanLine(form, "handle"), "@"))
}
