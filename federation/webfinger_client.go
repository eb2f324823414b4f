package federation

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/guard"
)

const (
	maxUserName  = 64
	maxHostName  = 253 // RFC 1035
	maxJRD       = 64 << 10
	acceptFinger = "application/jrd+json, application/json;q=0.9"
)

// Handle names an account: @User@Host.
type Handle struct{ User, Host string }

func (h Handle) String() string { return "@" + h.User + "@" + h.Host }

func (h Handle) acct() string { return "acct:" + h.User + "@" + h.Host }

// same reports whether h and o are one account: servers do not distinguish case.
func (h Handle) same(o Handle) bool { return strings.EqualFold(h.User, o.User) && h.Host == o.Host }

// ParseHandle reads "@a@host", "a@host" or "acct:a@host". Host comes back in the form of normalHost.
func ParseHandle(s string) (Handle, error) {
	text := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(s), "acct:"), "@")
	user, host, ok := strings.Cut(text, "@")
	normal, err := normalHost("https", host)
	if !ok || err != nil || len(normal) > maxHostName || !validUserName(user) {
		return Handle{}, playlists.Problemf(playlists.Invalid, err, "%q is no handle: one looks like @alice@music.example.", playlists.CleanText(s, 80))
	}
	return Handle{User: user, Host: normal}, nil
}

// validUserName is a little wider than Mastodon's rule: other servers also use ~ and let names end in a dot or hyphen.
func validUserName(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_.-~", r)) {
			return false
		}
	}
	return s != "" && len(s) <= maxUserName
}

// WebFinger returns the id of the actor that a handle stands for (RFC 7033).
//
// A host speaks for its own names and its own actors only. If it calls the account by another name, the host of that name
// must agree; if it points to an actor elsewhere, as with a handle on example.com and a server on social.example.com,
// the actor's host must agree.
func (c *Client) WebFinger(ctx context.Context, handle string) (actorID string, err error) {
	asked, err := ParseHandle(handle)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	f := fetch{client: c, accept: acceptFinger, limit: maxJRD, redirects: maxRedirects}
	found, err := f.finger(ctx, asked.Host, asked)
	if err != nil {
		return "", err
	}
	actorHostAgrees := sameHost(asked.Host, found.actorHost)
	if !found.subject.same(asked) {
		if err := f.confirm(ctx, found.subject.Host, found); err != nil {
			return "", err
		}
		actorHostAgrees = actorHostAgrees || sameHost(found.subject.Host, found.actorHost)
	}
	if !actorHostAgrees {
		if err := f.confirm(ctx, found.actorHost, found); err != nil {
			return "", err
		}
	}
	return found.actorID, nil
}

// finger is a host's answer about an account.
type finger struct {
	subject            Handle
	actorID, actorHost string
}

// confirm asks another host for the same account, and wants the same answer.
func (f *fetch) confirm(ctx context.Context, host string, claim finger) error {
	own, err := f.finger(ctx, host, claim.subject)
	if err != nil {
		return err
	}
	if !own.subject.same(claim.subject) || own.actorID != claim.actorID {
		return playlists.Problemf(playlists.Invalid, nil, "The servers involved do not agree on who %s is.", claim.subject)
	}
	return nil
}

// finger asks host who account is.
func (f *fetch) finger(ctx context.Context, host string, account Handle) (finger, error) {
	address := url.URL{Scheme: "https", Host: host, Path: "/.well-known/webfinger",
		RawQuery: url.Values{"resource": {account.acct()}}.Encode()}
	doc, err := f.getEither(ctx, address)
	switch playlists.CodeOf(err) {
	case playlists.NotFound:
		return finger{}, playlists.Problemf(playlists.NotFound, err, "%s knows nobody called %s. Check the spelling.", host, account)
	case playlists.Gone:
		return finger{}, playlists.Problemf(playlists.Gone, err, "%s was withdrawn by its owner.", account)
	}
	if err != nil {
		return finger{}, err
	}
	return parseJRD(doc.Body)
}

// getEither fetches an https address. A handle does not say http or https, so with private networks allowed http is the
// second try; the client lets it reach nothing else.
func (f *fetch) getEither(ctx context.Context, address url.URL) (*Document, error) {
	doc, err := f.get(ctx, address.String(), Conditional{})
	if playlists.CodeOf(err) != playlists.Unavailable || len(f.client.config.AllowPrivate) == 0 {
		return doc, err
	}
	address.Scheme = "http"
	plain, plainErr := f.get(ctx, address.String(), Conditional{})
	if playlists.CodeOf(plainErr) == playlists.Unavailable || errors.Is(plainErr, guard.ErrOutside) {
		return nil, err
	}
	return plain, plainErr
}

// parseJRD reads a WebFinger answer: whom it is about, and the first link to an actor.
func parseJRD(body []byte) (finger, error) {
	if err := checkJSON(body); err != nil {
		return finger{}, err
	}
	var d webFingerAnswer
	if err := json.Unmarshal(body, &d); err != nil {
		return finger{}, playlists.Problemf(playlists.Invalid, err, "The other server's answer about the account cannot be read.")
	}
	subject, err := ParseHandle(d.Subject)
	if err != nil || !strings.HasPrefix(d.Subject, "acct:") {
		return finger{}, playlists.Problemf(playlists.Invalid, err, "The other server's answer does not say which account it is about.")
	}
	for _, l := range d.Links {
		if l.Rel != "self" || !isActivityType(l.Type) {
			continue
		}
		u, err := parseAddress(l.Href)
		if err != nil {
			return finger{}, playlists.Problemf(playlists.Invalid, err, "The other server's answer leads to an address that cannot be used.")
		}
		return finger{subject: subject, actorID: l.Href, actorHost: u.Host}, nil
	}
	return finger{}, playlists.Problemf(playlists.NotFound, nil, "%s exists, but is not an account that can be followed.", subject)
}
