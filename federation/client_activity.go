package federation

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	acceptActivity  = `application/activity+json, application/ld+json; profile="` + activityStreams + `"`
)

// GetActivity fetches an ActivityStreams object. It is what its server says about itself: it came as
// application/activity+json, or as application/ld+json with the ActivityStreams profile (an uploaded file does not), and
// its id is the address where it was found. When the id is another address, that is fetched instead, once. Body has
// passed checkJSON.
func (c *Client) GetActivity(ctx context.Context, url string, sign Signer, cond Conditional) (*Document, error) {
	return c.getActivity(ctx, url, sign, cond, documentLimits)
}

// GetPage is GetActivity for a page of a collection, which may be larger: 4 MiB and 100,000 values.
func (c *Client) GetPage(ctx context.Context, url string, sign Signer) (*Document, error) {
	return c.getActivity(ctx, url, sign, Conditional{}, pageLimits)
}

func (c *Client) getActivity(ctx context.Context, url string, sign Signer, cond Conditional, limits jsonLimits) (*Document, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	f := fetch{client: c, accept: acceptActivity, sign: sign, limit: limits.bytes, redirects: maxRedirects, knocks: maxKnocks}
	doc, id, err := f.activity(ctx, url, cond, limits)
	if err != nil || doc.Status == http.StatusNotModified || sameAddress(id, doc.URL) {
		return doc, err
	}
	if doc, id, err = f.activity(ctx, id, Conditional{}, limits); err != nil {
		return nil, err
	}
	if !sameAddress(id, doc.URL) {
		return nil, playlists.Problemf(playlists.Invalid, nil, "The document does not stand at the address that it gives as its own.")
	}
	return doc, nil
}

// activity fetches a document, and returns it with its id.
func (f *fetch) activity(ctx context.Context, url string, cond Conditional, limits jsonLimits) (*Document, string, error) {
	f.check = activityOnly
	doc, err := f.get(ctx, url, cond)
	if err != nil || doc.Status == http.StatusNotModified {
		return doc, "", err
	}
	if err := limits.check(doc.Body); err != nil {
		return nil, "", err
	}
	id, err := documentID(doc.Body)
	return doc, id, err
}

// IsGone reports whether a server says itself that what was at an address is gone: by status 410, or by a Tombstone that
// stands there. It follows no redirect, since another server has no say in that.
func (c *Client) IsGone(ctx context.Context, url string, sign Signer) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	f := fetch{client: c, accept: acceptActivity, sign: sign, limit: documentLimits.bytes, knocks: maxKnocks}
	doc, id, err := f.activity(ctx, url, Conditional{}, documentLimits)
	if playlists.CodeOf(err) == playlists.Gone {
		return true, nil
	}
	if err != nil || !sameAddress(id, url) {
		return false, err
	}
	o, err := readObject(doc.Body, documentLimits)
	return err == nil && o.kind("Tombstone") != "", err
}

func activityOnly(contentType string) error {
	if isActivityType(contentType) {
		return nil
	}
	return playlists.Problemf(playlists.Invalid, errPage, "There is a page at this address, but nothing that can be followed or imported.")
}

// isActivityType reports whether a Content-Type is one of the two of ActivityPub (§3.2). Some servers list several
// profiles.
func isActivityType(contentType string) bool {
	t, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	return t == "application/activity+json" ||
		t == "application/ld+json" && slices.Contains(strings.Fields(params["profile"]), activityStreams)
}

// documentID returns the id of a document that has passed checkJSON. A struct would also match "ID".
func documentID(doc []byte) (id string, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(doc, &members); err != nil {
		return "", playlists.Problemf(playlists.Invalid, err, "The other server's document cannot be read.")
	}
	if err := json.Unmarshal(members["id"], &id); err != nil || id == "" {
		return "", playlists.Problemf(playlists.Invalid, nil, "The other server's document has no id, so it cannot be trusted.")
	}
	return id, nil
}
