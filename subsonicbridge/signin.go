package subsonicbridge

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// maxMoves bounds how often SignIn follows a redirect.
const maxMoves = 3

// SignIn finds out by trying how the server at baseURL lets user in, and what it is: first by a token, which lets the
// bridge forget the password, then with secret as an API key, then by the password. baseURL may lack the scheme and may
// be the address of the server's own pages.
//
// Only ping is called: Navidrome allows five calls of its /auth/login in 20 seconds.
func SignIn(ctx context.Context, hc *http.Client, baseURL, user, secret string) (Login, Server, error) {
	user = strings.TrimSpace(user)
	if user == "" || secret == "" {
		return Login{}, Server{}, playlists.Problemf(playlists.Invalid, nil, "Enter the user name and the password of your account on the music server.")
	}
	base, err := tidyURL(baseURL)
	if err != nil {
		return Login{}, Server{}, err
	}
	for range maxMoves {
		l, server, err := signInAt(ctx, hc, Login{URL: base, User: user}, secret)
		next := movedTo(base, err)
		if next == "" {
			return l, server, err
		}
		base = next
	}
	return Login{}, Server{}, playlists.Problemf(playlists.Unavailable, nil, "The music server redirects in a circle. Check the address.")
}

func signInAt(ctx context.Context, hc *http.Client, l Login, secret string) (Login, Server, error) {
	var refusals []*APIError
	for _, try := range []Login{l.withToken(secret), l.withAPIKey(secret), l.withPassword(secret)} {
		if try.Method == APIKey && refusals[0].Code == codeWrongPassword {
			continue // the server knows tokens, so it is not one of those that want keys
		}
		server, err := NewClient(try, hc).Ping(ctx)
		if err == nil {
			return try, server, nil
		}
		var refusal *APIError
		if !errors.As(err, &refusal) {
			return Login{}, Server{}, err
		}
		refusals = append(refusals, refusal)
	}
	return Login{}, Server{}, signInProblem(l, refusals)
}

// signInProblem chooses, among the refusals of each way to sign in, the one that tells what to do.
func signInProblem(l Login, refusals []*APIError) error {
	host := NewClient(l, nil).host()
	for _, e := range refusals {
		if e.Code == codeWrongPassword {
			return playlists.Problemf(playlists.Forbidden, e, "The music server at %s does not accept this user name and password. If you sign in there through another service, set a password in your account there first.", host)
		}
	}
	for _, e := range refusals {
		if e.Code == codeBadAPIKey {
			return playlists.Problemf(playlists.Forbidden, e, "The music server at %s wants an API key instead of a password. Make one in its settings and enter it here.", host)
		}
	}
	return NewClient(l, nil).problem(refusals[len(refusals)-1])
}

// tidyURL returns the address below which /rest is, from what a person typed or copied.
func tidyURL(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if !strings.Contains(typed, "://") {
		typed = guessScheme(typed) + "://" + typed
	}
	u, err := url.Parse(typed)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		// The cause would repeat the address, which may hold a password.
		return "", playlists.Problemf(playlists.Invalid, nil, "This is not the address of a music server. It looks like https://music.example.org.")
	case u.User != nil:
		return "", playlists.Problemf(playlists.Invalid, nil, "Leave user name and password out of the address of the music server.")
	}
	p := strings.TrimRight(u.Path, "/")
	if strings.HasPrefix(u.Fragment, "/") {
		p = strings.TrimSuffix(p, "/app") // copied from Navidrome's pages: …/app/#/album/all
	}
	if before, _, found := strings.Cut(p+"/", "/rest/"); found {
		p = before
	}
	return (&url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: p}).String(), nil
}

// guessScheme: servers on the internet speak https, those at home mostly do not.
func guessScheme(address string) string {
	host, _, _ := strings.Cut(address, "/")
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil {
		if ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			return "http"
		}
		return "https"
	}
	switch path.Ext(strings.ToLower(host)) {
	case "", ".local", ".lan", ".home", ".internal", ".localhost":
		return "http"
	}
	return "https"
}

// movedTo returns the address that err says the server is at: the same host, by a safer scheme or under another path.
// It is "" when err says nothing of that kind. Secrets never follow a redirect to another host.
func movedTo(base string, err error) string {
	var moved *movedError
	if !errors.As(err, &moved) {
		return ""
	}
	from, parseErr := url.Parse(base)
	if parseErr != nil {
		return ""
	}
	to := moved.to
	upgraded := from.Scheme == "http" && to.Scheme == "https"
	sameHost := to.Host == from.Host && to.Scheme == from.Scheme ||
		upgraded && to.Hostname() == from.Hostname()
	prefix, isPing := strings.CutSuffix(strings.TrimRight(to.Path, "/"), "/rest/ping.view")
	if !sameHost || !isPing || to.User != nil {
		return ""
	}
	next := (&url.URL{Scheme: to.Scheme, Host: to.Host, Path: prefix}).String()
	if next == base {
		return ""
	}
	return next
}
