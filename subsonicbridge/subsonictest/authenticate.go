package subsonictest

import (
	"crypto/md5"
	"encoding/hex"
	"net/url"
	"strings"
)

// authenticate returns the user that the parameters prove to be.
func (s *Server) authenticate(p url.Values) (user, *apiError) {
	if s.dialect == LMS {
		return s.authenticateByKey(p)
	}
	switch {
	case !p.Has("u") && s.dialect == Gonic:
		return user{}, fail(10, `please provide a "u" parameter`)
	case !p.Has("u"):
		return user{}, fail(10, "%s", s.traits.missing("u"))
	case s.mode == WrongPassword:
		return user{}, s.wrongPassword(p.Get("u"))
	case p.Has("t") && s.traits.tokens:
		return s.check(p.Get("u"), func(u user) bool {
			sum := md5.Sum([]byte(u.password + p.Get("s")))
			return strings.EqualFold(hex.EncodeToString(sum[:]), p.Get("t"))
		})
	case !p.Has("p"):
		return user{}, fail(10, "%s", s.traits.missing("p"))
	}
	return s.check(p.Get("u"), func(u user) bool { return u.password == plain(p.Get("p")) })
}

func (s *Server) check(name string, ok func(user) bool) (user, *apiError) {
	for _, u := range s.users {
		if u.name == name && ok(u) {
			return u, nil
		}
	}
	return user{}, s.wrongPassword(name)
}

func (s *Server) wrongPassword(name string) *apiError {
	known := false
	for _, u := range s.users {
		known = known || u.name == name
	}
	switch {
	case s.dialect == Gonic && !known:
		return fail(40, "invalid username %q", name)
	case s.dialect == Gonic:
		return fail(40, "invalid password")
	case s.dialect == Navidrome:
		return fail(40, "Wrong username or password")
	}
	return fail(40, "Wrong username or password.")
}

// authenticateByKey is LMS with api-subsonic-support-user-password-auth off.
func (s *Server) authenticateByKey(p url.Values) (user, *apiError) {
	if p.Has("t") || p.Has("p") || p.Has("u") {
		return user{}, fail(42, "Provided authentication mechanism not supported.")
	}
	if !p.Has("apiKey") {
		return user{}, fail(10, "%s", s.traits.missing("apiKey"))
	}
	for _, u := range s.users {
		if u.password == p.Get("apiKey") && s.mode != WrongPassword {
			return u, nil
		}
	}
	return user{}, fail(44, "Invalid API key.")
}

func plain(p string) string {
	if encoded, ok := strings.CutPrefix(p, "enc:"); ok {
		if decoded, err := hex.DecodeString(encoded); err == nil {
			return string(decoded)
		}
	}
	return p
}
