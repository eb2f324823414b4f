package federation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// Routes adds what machines ask for: WebFinger, NodeInfo, actors, collections and inboxes. Without a public address
// there is nothing to answer.
func (f *Federation) Routes(r chi.Router) {
	if !f.public {
		return
	}
	r.Get("/.well-known/webfinger", f.webFinger)
	r.Get("/.well-known/nodeinfo", f.answer(f.nodeInfoLinks))
	r.Get("/ap/nodeinfo/2.1", f.answer(f.nodeInfo))
	r.Post("/ap/inbox", f.receive)
	r.Route("/ap/actors/{id}", func(r chi.Router) {
		r.Get("/", f.answer(f.actor))
		r.Post("/inbox", f.receive)
		r.Get("/outbox", f.answer(f.outbox))
		r.Get("/followers", f.answer(f.followers))
		r.Get("/following", f.answer(f.following))
		r.Get("/featured", f.answer(f.featured))
		r.Get("/playlists", f.answer(f.actorPlaylists))
	})
	r.Get("/ap/playlists/{id}", f.answer(f.collection))
	r.Get("/ap/playlists/{id}/items/{item}", f.answer(f.item))
}

// Negotiate answers ActivityPub clients on the addresses that pages and documents share (/@handle and /s/TOKEN), and
// passes everybody else on.
func (f *Federation) Negotiate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.public && (r.Method == http.MethodGet || r.Method == http.MethodHead) && wantsActivity(r.Header.Get("Accept")) {
			kind, name, rest, ok := f.addr.Parse(f.addr.Home() + r.URL.EscapedPath())
			if ok && rest == "" && (kind == profileAddress || kind == shareAddress) {
				f.answer(func(r *http.Request) (document, error) { return f.shared(r, kind, name) })(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// document is an answer before it is written.
type document struct {
	body     any
	media    string // application/activity+json unless set
	tag      string // makes the ETag, when the body need not be built to know it
	modified time.Time
}

// unchanged says that the client has the newest version.
var errUnchanged = errors.New("not modified")

// answer turns a function that finds a document into a handler. The one place where errors become statuses: secret and
// missing look alike because finders return the same error for both.
func (f *Federation) answer(find func(*http.Request) (document, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Vary", "Accept, Signature, Signature-Input")
		h.Set("Cache-Control", "no-cache")
		h.Set("X-Robots-Tag", "noindex")
		d, err := find(r)
		if errors.Is(err, errUnchanged) {
			h.Set("ETag", quoteTag(d.tag))
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if err == nil {
			err = f.write(w, r, d)
		}
		if err != nil {
			f.refuse(w, r, err)
		}
	}
}

func (f *Federation) write(w http.ResponseWriter, r *http.Request, d document) error {
	body, err := json.Marshal(d.body)
	if err != nil {
		return err
	}
	if d.tag == "" {
		sum := sha256.Sum256(body)
		d.tag = hex.EncodeToString(sum[:12])
	}
	if d.media == "" {
		d.media = "application/activity+json"
	}
	w.Header().Set("ETag", quoteTag(d.tag))
	w.Header().Set("Content-Type", d.media)
	http.ServeContent(w, r, "", d.modified, bytes.NewReader(body))
	return nil
}

func quoteTag(tag string) string { return `"` + tag + `"` }

func (f *Federation) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := problemStatus(err)
	text := playlists.Say(err)
	if status == http.StatusInternalServerError {
		f.log.Error("request failed", "path", r.URL.Path, "error", err)
		text = "Something went wrong on this server."
	}
	if status == http.StatusGone {
		w.Header().Set("Content-Type", "application/activity+json")
		w.WriteHeader(status)
		// The connection may be gone as well; there is nobody left to tell.
		_ = json.NewEncoder(w).Encode(newTombstone(f.addr.Home()+r.URL.EscapedPath(), "", f.now()))
		return
	}
	http.Error(w, text, status)
}

// notHere is the one answer for what is missing and what is secret.
func notHere() error { return playlists.Problemf(playlists.NotFound, nil, "There is nothing here.") }

func gone() error { return playlists.Problemf(playlists.Gone, nil, "This was withdrawn.") }

// shared answers for a page's address: the actor of an account or a playlist, or the collection behind a share link.
func (f *Federation) shared(r *http.Request, kind addressKind, name string) (document, error) {
	if kind == shareAddress {
		pub, err := f.store.PublicationByToken(r.Context(), name)
		if err != nil {
			return document{}, err
		}
		if !pub.Live() {
			return document{}, gone()
		}
		return f.list(r, pub)
	}
	if a, err := f.store.AccountByHandle(r.Context(), name); err == nil {
		return f.actorByID(r.Context(), a.PublicID)
	}
	pub, err := f.store.PublicationByHandle(r.Context(), name)
	if err != nil {
		return document{}, err
	}
	return f.actorByID(r.Context(), pub.PublicID)
}

func (f *Federation) actor(r *http.Request) (document, error) {
	return f.actorByID(r.Context(), chi.URLParam(r, "id"))
}

// actorByID returns the actor of an account, a published playlist or the bridge. Actors answer unsigned: their keys
// must be fetchable by servers that have none of ours yet.
func (f *Federation) actorByID(ctx context.Context, id string) (document, error) {
	pem := func(id string) (string, error) { return f.publicKey(ctx, id) }
	if id == instanceID {
		key, err := pem(id)
		return document{body: instanceActor(key, f.addr)}, err
	}
	if a, err := f.store.AccountByPublicID(ctx, id); err == nil {
		key, err := pem(id)
		return document{body: accountActor(a, key, f.addr)}, err
	} else if !isNotFound(err) {
		return document{}, err
	}
	pub, err := f.federated(ctx, id)
	if err != nil {
		return document{}, err
	}
	body, err := f.playlistActor(ctx, pub)
	return document{body: body}, err
}

// federated returns a live publication that is an actor on the fediverse.
func (f *Federation) federated(ctx context.Context, publicID string) (playlists.Publication, error) {
	pub, err := f.store.PublicationByPublicID(ctx, publicID)
	switch {
	case err != nil:
		return pub, err
	case pub.Handle == "":
		return pub, notHere() // by link only: its public id is as secret as its token
	case !pub.Live():
		return pub, gone()
	}
	return pub, nil
}

func (f *Federation) playlistActor(ctx context.Context, pub playlists.Publication) (actorDocument, error) {
	p, err := f.store.Get(ctx, pub.Playlist)
	if err != nil {
		return actorDocument{}, err
	}
	owner, err := f.store.Account(ctx, p.Owner)
	if err != nil {
		return actorDocument{}, err
	}
	key, err := f.publicKey(ctx, pub.PublicID)
	if err != nil {
		return actorDocument{}, err
	}
	return playlistActor(owner, p, pub, key, f.addr), nil
}

// collection returns a published playlist or, with ?page=n, one of its pages.
func (f *Federation) collection(r *http.Request) (document, error) {
	pub, err := f.federated(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return document{}, err
	}
	if err := f.mayFetch(r, pub); err != nil {
		return document{}, err
	}
	return f.list(r, pub)
}

// list returns the collection of a publication that the client may read. What it has already is recognised before the
// tracks are read.
func (f *Federation) list(r *http.Request, pub playlists.Publication) (document, error) {
	revision, at, err := f.store.Newest(r.Context(), pub.Playlist)
	if err != nil {
		return document{}, err
	}
	page := r.URL.Query().Get("page")
	d := document{tag: fmt.Sprintf("%s-%d-%d-%s", pub.PublicID[:8], revision, pub.Changed.UnixMilli(), hex.EncodeToString([]byte(page[:min(len(page), 4)]))), modified: at}
	if has(r.Header.Get("If-None-Match"), quoteTag(d.tag)) {
		return d, errUnchanged
	}
	p, err := f.store.Get(r.Context(), pub.Playlist)
	if err != nil {
		return document{}, err
	}
	if page == "" {
		d.body = collectionDocument(p, pub, f.addr)
		return d, nil
	}
	n, err := strconv.Atoi(page)
	body, ok := collectionPage(p, pub, f.addr, n)
	if err != nil || !ok {
		return document{}, notHere()
	}
	d.body = body
	return d, nil
}

// has reports whether an If-None-Match header names tag (RFC 9110, section 13.1.2; weak comparison).
func has(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimSpace(t); t == tag || t == "W/"+tag || t == "*" {
			return true
		}
	}
	return false
}

// item returns one row of a published playlist.
func (f *Federation) item(r *http.Request) (document, error) {
	pub, err := f.federated(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return document{}, err
	}
	if err := f.mayFetch(r, pub); err != nil {
		return document{}, err
	}
	p, err := f.store.Get(r.Context(), pub.Playlist)
	if err != nil {
		return document{}, err
	}
	for _, t := range p.Tracks {
		if t.Item == chi.URLParam(r, "item") {
			return document{body: newItemDocument(t, pub, f.addr), modified: p.Updated}, nil
		}
	}
	return document{}, notHere()
}

// itemDocument is a row of a playlist as a document of its own.
type itemDocument struct {
	Context json.RawMessage `json:"@context"`
	audio
}

func newItemDocument(t playlists.Track, pub playlists.Publication, a Addresses) itemDocument {
	return itemDocument{Context: raw(musicContext), audio: newAudio(t, a.collectionOf(pub), a.ownerOf(pub))}
}

// mayFetch lets everybody read an open playlist, and approved followers one that is for them: the request is signed by
// the follower or by its server. All others see what they would see if it did not exist.
func (f *Federation) mayFetch(r *http.Request, pub playlists.Publication) error {
	if pub.Audience.Open() {
		return nil
	}
	key, err := Verify(r, nil, f.addr.Host(), f, f.now())
	if err != nil {
		f.log.Info("reader of a followers' playlist refused", "publication", pub.PublicID, "error", err)
		return notHere()
	}
	host := hostOf(key.Owner)
	if f.policy.AllowsHost(host) != nil || f.policy.AllowsActor(key.Owner) != nil {
		return notHere()
	}
	ok, err := f.mayRead(r.Context(), pub.PublicID, key.Owner, host)
	if err == nil && !ok {
		err = notHere()
	}
	return err
}
