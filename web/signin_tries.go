package web

import (
	"net/http"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// How many wrong passwords are heard at the door. Names that nobody has count like others, so that being refused tells nothing.
var (
	ofName   = limit{"name", 10, time.Minute}   // whoever tries them
	ofSpread = limit{"spread", 20, time.Minute} // from one client, for whatever names
	ofKnown  = limit{"known", 10, time.Minute}  // for one account, from browsers that it has signed in with
)

// tryPassword lets somebody try a password for a name; else wait is when to come again. A browser in which that person has
// signed in before is asked for nothing but its own tries, so that strangers cannot keep the person out (OWASP calls what it
// holds a device cookie). All of a person's share one budget: whoever signs in again and again gets no more by it.
func (s *site) tryPassword(r *http.Request, name string) (t try, wait time.Duration, err error) {
	account, err := s.knownHere(r, name)
	if err != nil {
		return t, 0, err
	}
	budgets := []budget{ofKnown.of(string(account))}
	if account == "" {
		if wait, err = s.mayAsk(r); wait > 0 || err != nil {
			return t, wait, err
		}
		budgets = []budget{ofSpread.of(s.clientOf(r)), ofName.of(nameKey(name))}
	}
	t, ok, err := s.limits.try(r.Context(), budgets...)
	if err == nil && !ok {
		wait = budgets[0].pause
	}
	return t, wait, err
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
