package federation

import (
	"strings"

	"github.com/songferry/songferry/playlists"
)

// ParseTarget reads what somebody wants to follow or import: a handle (also "acct:…") or an http or https address. It
// returns it in the form in which Lookup and the commands take it, and asks nobody.
func ParseTarget(text string) (string, error) {
	text = strings.TrimSpace(text)
	if h, err := ParseHandle(text); err == nil {
		return h.String(), nil
	}
	u, err := parseAddress(text)
	if err != nil || playlists.CleanText(u.String(), maxURL) != u.String() { // it is shown, and copied to a command line
		return "", playlists.Problemf(playlists.Invalid, err, "That is neither an address nor a handle. A handle looks like @alice@music.example, an address begins with https://.")
	}
	return u.String(), nil
}

// shareTarget begins the target that means a share link of this bridge, whatever its address is.
const shareTarget = "/s/"

// ShareTarget is the target for Find and Lookup that means this bridge's share link with a token. A bridge that has no
// public address, which its links would tell it by, knows them by that.
func ShareTarget(token string) string { return shareTarget + token }
