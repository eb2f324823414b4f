package federation

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// visitor is a person as their own server describes them.
type visitor struct {
	host     string
	resource string // what the server was asked about: "acct:…" or an address
	scheme   string // by which it answered: http is for private networks
	answered bool   // WebFinger knows the resource
	links    []webFingerLink
}

// meet asks a visitor's server about them. Servers need not answer about themselves, only about their people: for the
// name of a server, no answer is no error yet.
func (f *Federation) meet(ctx context.Context, typed string) (visitor, error) {
	v, resources, err := readVisitor(typed)
	if err != nil {
		return visitor{}, err
	}
	for _, v.resource = range resources {
		if err = f.ask(ctx, &v); err == nil {
			v.answered = true
			return v, nil
		}
	}
	switch {
	case !strings.HasPrefix(v.resource, "acct:"):
		return v, nil
	case isNotFound(err):
		return visitor{}, playlists.Problemf(playlists.NotFound, err, "%s knows nobody called %s. Check the spelling.", v.host, "@"+strings.TrimPrefix(v.resource, "acct:"))
	}
	return visitor{}, v.silent(err)
}

// readVisitor reads what a visitor typed, and says what to ask their server about.
func readVisitor(typed string) (v visitor, resources []string, err error) {
	typed = strings.TrimSpace(typed)
	v.scheme = "https"
	if h, err := ParseHandle(typed); err == nil {
		v.host = h.Host
		return v, []string{h.acct()}, nil
	}
	address := typed
	if !strings.Contains(typed, "://") {
		address = "https://" + typed
	}
	u, err := parseAddress(address)
	if err != nil || !strings.ContainsAny(typed, ".@:") { // a name alone is a person's, not a server's
		return visitor{}, nil, playlists.Problemf(playlists.Invalid, err, "Write the whole address, such as @bob@songs.example, or the name of your server.")
	}
	v.host = u.Host
	origin := u.Scheme + "://" + u.Host
	if u.Path == "/" && u.RawQuery == "" {
		return v, []string{origin}, nil
	}
	return v, []string{u.String(), origin}, nil
}

// ask asks a server about v.resource. Our own is asked without HTTP.
func (f *Federation) ask(ctx context.Context, v *visitor) error {
	if f.isOwnHost(v.host) {
		own, err := f.finger(ctx, v.resource)
		v.links = own.Links
		v.scheme, _, _ = strings.Cut(f.addr().Home(), ":")
		return err
	}
	query := url.Values{"resource": {v.resource}}.Encode()
	doc, err := f.askServer(ctx, url.URL{Scheme: "https", Host: v.host, Path: "/.well-known/webfinger", RawQuery: query})
	if err != nil {
		return err
	}
	var answer webFingerAnswer
	if err := json.Unmarshal(doc.Body, &answer); err != nil {
		return badJSON("it is no WebFinger answer")
	}
	v.links = answer.Links
	v.scheme, _, _ = strings.Cut(doc.URL, ":")
	return nil
}

// askServer fetches a small JSON document of a server that a stranger named, with one redirect at most. Its Body has
// passed checkJSON.
func (f *Federation) askServer(ctx context.Context, address url.URL) (*Document, error) {
	get := fetch{client: f.client, accept: acceptFinger, limit: maxJRD, redirects: 1}
	doc, err := get.getEither(ctx, address)
	if err != nil {
		return nil, err
	}
	return doc, checkJSON(doc.Body)
}

// remoteSoftware is what a server's NodeInfo says of its program.
type remoteSoftware struct {
	name             string // in lower case
	importsPlaylists bool
}

// softwareOf reads the NodeInfo of the visitor's server (FEP-f1d5), which must be on that host.
func (f *Federation) softwareOf(ctx context.Context, v *visitor) (remoteSoftware, error) {
	if f.isOwnHost(v.host) {
		return remoteSoftware{name: "songferry", importsPlaylists: true}, nil
	}
	doc, err := f.askServer(ctx, url.URL{Scheme: "https", Host: v.host, Path: "/.well-known/nodeinfo"})
	if err != nil {
		return remoteSoftware{}, err
	}
	v.scheme, _, _ = strings.Cut(doc.URL, ":")
	href := nodeInfoAddress(doc)
	u, err := parseAddress(href)
	if err != nil || onHostOf(doc.URL, href) == "" {
		return remoteSoftware{}, badJSON("it names no NodeInfo of its own")
	}
	if doc, err = f.askServer(ctx, *u); err != nil {
		return remoteSoftware{}, err
	}
	return readSoftware(doc.Body)
}

// nodeInfoAddress returns the last NodeInfo 2.x that a server lists: the newest, as most order them.
func nodeInfoAddress(doc *Document) (href string) {
	var list nodeInfoPointer
	if json.Unmarshal(doc.Body, &list) != nil {
		return ""
	}
	for _, l := range list.Links {
		if strings.HasPrefix(l.Rel, "http://nodeinfo.diaspora.software/ns/schema/2.") {
			href = l.Href
		}
	}
	return href
}

// readSoftware reads a NodeInfo document. Programs write their metadata as they like: PHP makes an empty one a list.
func readSoftware(document []byte) (s remoteSoftware, err error) {
	o, err := readObject(document, documentLimits)
	s.name = strings.ToLower(o.object("software").text("name"))
	for _, feature := range o.object("metadata").list("features") {
		s.importsPlaylists = s.importsPlaylists || feature == importFeature
	}
	return s, err
}
