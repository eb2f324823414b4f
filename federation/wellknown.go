package federation

import (
	"context"
	"net/http"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// webFinger answers for a handle, an actor's id, a page, and the origin itself, which is the instance actor (RFC 7033;
// FEP-d556). Browsers of other servers may ask too, hence the CORS header.
func (f *Federation) webFinger(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	resources := r.URL.Query()["resource"]
	if len(resources) != 1 || len(resources[0]) > maxURL {
		http.Error(w, "WebFinger takes one resource.", http.StatusBadRequest)
		return
	}
	f.answerAll(func(r *http.Request) (document, error) {
		body, err := f.finger(r.Context(), resources[0])
		return document{body: body, media: "application/jrd+json"}, err
	})(w, r)
}

func (f *Federation) finger(ctx context.Context, resource string) (webFingerAnswer, error) {
	if strings.HasPrefix(resource, "acct:") {
		h, err := ParseHandle(resource)
		if err != nil || !f.isOwnHost(h.Host) || strings.HasSuffix(resource, ".") { // the subject is a name, and has one spelling
			return webFingerAnswer{}, notHere()
		}
		return f.fingerHandle(ctx, strings.ToLower(h.User))
	}
	kind, name, rest, ok := f.addr().Parse(resource)
	switch {
	case !ok, rest != "":
		return webFingerAnswer{}, notHere()
	case kind == homeAddress, kind == actorAddress && name == instanceID:
		return instanceWebFinger(f.addr()), nil
	case kind == profileAddress:
		return f.fingerHandle(ctx, strings.ToLower(name))
	case kind == actorAddress:
		return f.fingerActor(ctx, name)
	}
	return webFingerAnswer{}, notHere()
}

func (f *Federation) fingerHandle(ctx context.Context, handle string) (webFingerAnswer, error) {
	if handle == f.addr().instanceUsername() {
		return instanceWebFinger(f.addr()), nil
	}
	if a, err := f.store.AccountByHandle(ctx, handle); err == nil {
		return accountWebFinger(a.Handle, a.PublicID, f.addr()), nil
	} else if !isNotFound(err) {
		return webFingerAnswer{}, err
	}
	pub, err := f.store.PublicationByHandle(ctx, handle)
	if err != nil {
		return webFingerAnswer{}, err
	}
	return f.fingerPublication(pub)
}

func (f *Federation) fingerActor(ctx context.Context, publicID string) (webFingerAnswer, error) {
	if a, err := f.store.AccountByPublicID(ctx, publicID); err == nil {
		return accountWebFinger(a.Handle, a.PublicID, f.addr()), nil
	} else if !isNotFound(err) {
		return webFingerAnswer{}, err
	}
	pub, err := f.federated(ctx, publicID)
	if err != nil {
		return webFingerAnswer{}, err
	}
	return f.fingerPublication(pub)
}

func (f *Federation) fingerPublication(pub playlists.Publication) (webFingerAnswer, error) {
	if !pub.Live() {
		return webFingerAnswer{}, gone()
	}
	return actorWebFinger(pub.Handle, pub.PublicID, f.addr()), nil
}

func (f *Federation) nodeInfoLinks(*http.Request) (document, error) {
	return document{body: nodeInfoLinks(f.addr()), media: "application/json"}, nil
}

func (f *Federation) nodeInfo(r *http.Request) (document, error) {
	accounts, err := f.store.Accounts(r.Context())
	return document{body: newNodeInfo(f.addr(), f.about, len(accounts)), media: "application/json"}, err
}
