// Package codes is what the codes have in common by which people prove that an address is theirs, of e-mail or in the
// fediverse: what they look like, how long and how often they are good, and what is said when they are not. Sending and
// keeping them is the affair of those who do.
package codes

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

const (
	Life = time.Hour // a code is good for
	Kept = 30 * Day  // so long is it known who was sent a code, should they complain
	Day  = 24 * time.Hour

	Tries     = 5 // of guessing one
	OfAccount = 5 // sent for one account in a Day
	ToOne     = 3 // sent to one address in a Day, whoever asks
)

// New returns six random digits.
func New() (string, error) {
	code, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%06d", code.Int64()), nil
}

// Shown returns a code as people read it, 483-291.
func Shown(code string) string { return code[:3] + "-" + code[3:] }

// Same reports whether somebody typed the right code, as it is shown or any other way.
func Same(right []byte, typed string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, typed[:min(len(typed), 100)])
	return subtle.ConstantTimeCompare(right, []byte(digits)) == 1
}

// TooManyOf says that an account had too many codes sent.
func TooManyOf() error {
	return playlists.Problemf(playlists.Unavailable, nil, "%d codes were sent for this account within a day. Try again tomorrow.", OfAccount)
}

// TooManyTo says that an address was sent too many codes.
func TooManyTo(address string) error {
	return playlists.Problemf(playlists.Unavailable, nil, "%s was sent %d codes within a day. Try again tomorrow.", address, ToOne)
}

// None says that there is no code that could be right.
func None() error {
	return playlists.Problemf(playlists.Invalid, nil, "No code is good at present: each is for one hour and %d tries. Have a new one sent.", Tries)
}

// Wrong says that what was typed is not the code that an address was sent.
func Wrong(address string) error {
	return playlists.Problemf(playlists.Invalid, nil, "That is not the code that was sent to %s. Look at the newest message there.", address)
}
