package web

import (
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/songferry/songferry/playlists"
)

// How many wrong passwords are heard at the door.
const (
	nameBurst   = 10 // for one name, whoever tries them, then one every namePause
	namePause   = time.Minute
	spreadBurst = 20 // from one client, for whatever names, then one every spreadPause
	spreadPause = time.Minute
	knownBurst  = 10 // for one account, from browsers that it has signed in with, then one every knownPause
	knownPause  = time.Minute
)

// tries count wrong passwords. Names that nobody has count like others, so that being refused tells nothing.
type tries struct {
	names   *buckets[string] // by nameKey
	clients *buckets[netip.Prefix]
	known   *buckets[playlists.ID]
}

func newTries() tries {
	return tries{names: newBuckets[string](nameBurst, namePause), clients: newBuckets[netip.Prefix](spreadBurst, spreadPause),
		known: newBuckets[playlists.ID](knownBurst, knownPause)}
}

// tryPassword lets somebody try a password for a name; else wait is when to come again. A browser in which that person has
// signed in before is asked for nothing but its own tries, so that strangers cannot keep the person out (OWASP calls what it
// holds a device cookie). All of a person's share one budget: whoever signs in again and again gets no more by it.
func (s *site) tryPassword(r *http.Request, name string) (t try, wait time.Duration, err error) {
	t.at = s.Now()
	account, err := s.knownHere(r, name)
	client := clientOf(r, s.proxies.trusted(r.Context()))
	switch {
	case err != nil:
		return t, 0, err
	case account != "":
		if !t.take(s.tries.known.of(account, t.at)) {
			wait = knownPause
		}
	case !s.mayAsk(r):
		wait = clientPause
	case !t.take(s.tries.clients.of(client, t.at)):
		wait = spreadPause
	case !t.take(s.tries.names.of(nameKey(name), t.at)):
		wait = namePause
	}
	return t, wait, nil
}

// nameKey makes one of all spellings by which a name may reach the same person, here or on a music server, of which some do
// not tell accents apart. It looks at the text alone: a name that nobody has is like any other.
func nameKey(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return r
		}
		return -1
	}, norm.NFKD.String(cases.Fold().String(norm.NFKD.String(name))))
	name, _, _ = strings.Cut(strings.TrimLeft(name, "@"), "@") // a server's host
	return name
}
