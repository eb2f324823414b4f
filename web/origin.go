package web

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// herePath is where a bridge answers with its mark, so that it can find itself at an address.
const herePath = "/here"

// mark is the same for all processes of a bridge: whichever is at the address, it is the bridge.
func (s *site) mark() string { return hex.EncodeToString(s.Key.Hash("", "here")) }

// here also says whether a proxy that is not trusted stands between; only whoever sent the request by it learns that.
func (s *site) here(w http.ResponseWriter, r *http.Request) {
	if speaksForOthers(r) && !s.proxies.trusts(r) {
		w.Header().Set("Songferry-Proxy", "unknown")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, s.mark()) // a reader who left is no error of ours
}

// checkOrigin looks whether an address leads here, as others would reach it. The problem is Unavailable when that cannot
// be seen from here, which need not mean that it is wrong.
func (s *site) checkOrigin(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" {
		return playlists.Problemf(playlists.Invalid, err, "The public address must look like https://music.example.")
	}
	if s.Reach == nil {
		return nil
	}
	body, err := s.Reach(ctx, u.Scheme+"://"+u.Host+herePath)
	if err != nil {
		return playlists.Problemf(playlists.Unavailable, err,
			"This bridge cannot reach itself at %s. Is the name spelt right, does it lead to this machine, and does HTTPS work there?", u.Host)
	}
	if subtle.ConstantTimeCompare(body, []byte(s.mark())) != 1 {
		return playlists.Problemf(playlists.Unavailable, nil, "At %s something else answers than this bridge. Does the name lead to this machine?", u.Host)
	}
	return nil
}

// suggestOrigin returns the origin at which the visitor's browser found this bridge, "" when others cannot: it names a
// machine by its number, or the visitor's own.
func (s *site) suggestOrigin(r *http.Request) string {
	seen := s.seenOrigin(r)
	if _, err := netip.ParseAddr(seen.Hostname()); err == nil || !strings.Contains(seen.Hostname(), ".") {
		return ""
	}
	seen.Scheme = "https" // others read nothing else
	return seen.String()
}
