package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

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

// list returns the collection of a publication that the client may read, or its page ?page=n. What it has already is
// recognised before the tracks are read.
func (f *Federation) list(r *http.Request, pub playlists.Publication) (document, error) {
	page, err := pageNumber(r.URL.Query(), playlists.MaxTracks/pageSize)
	if err != nil {
		return document{}, err
	}
	revision, at, err := f.store.Newest(r.Context(), pub.Playlist)
	if err != nil {
		return document{}, err
	}
	d := document{tag: fmt.Sprintf("%.8s-%d-%d-%d%.8s", pub.PublicID, revision, pub.Changed.UnixMilli(), page, pub.Cover),
		modified: later(later(at, pub.Changed), pub.CoverChanged)}
	if has(r.Header.Get("If-None-Match"), quoteTag(d.tag)) {
		return d, errUnchanged
	}
	p, err := f.version(r.Context(), pub.Playlist, revision)
	if err != nil {
		return document{}, err
	}
	if page == 0 {
		d.body = collectionDocument(p, pub, f.addr())
		return d, nil
	}
	body, ok := collectionPage(p, pub, f.addr(), page)
	if !ok {
		return document{}, notHere()
	}
	d.body = body
	return d, nil
}

// pageNumber returns the page that a query asks for, 0 when it asks for the whole. There can be no page after last.
func pageNumber(query url.Values, last int) (int, error) {
	page := query.Get("page")
	if page == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(page)
	if err != nil || n < 1 || n > last {
		return 0, notHere()
	}
	return n, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
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
	return f.row(r.Context(), pub, chi.URLParam(r, "item"))
}

func (f *Federation) row(ctx context.Context, pub playlists.Publication, item string) (document, error) {
	revision, _, err := f.store.Newest(ctx, pub.Playlist)
	if err != nil {
		return document{}, err
	}
	p, err := f.version(ctx, pub.Playlist, revision)
	if err != nil {
		return document{}, err
	}
	for _, t := range p.Tracks {
		if t.Item == item {
			return document{body: newItemDocument(t, pub, f.addr()), modified: p.Updated}, nil
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
	key, err := Verify(r, nil, f.addr(), f, f.now())
	if err != nil {
		f.log.Info("reader of a followers' playlist refused", "publication", pub.PublicID, "error", err)
		return notHere()
	}
	if changing, err := f.closing(r.Context(), pub); changing || err != nil {
		return errors.Join(err, notHere())
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
