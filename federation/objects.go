package federation

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// Routes adds what machines ask for: WebFinger, NodeInfo, actors, collections and inboxes. Without a public address
// there is nothing to answer.
func (f *Federation) Routes(r chi.Router) {
	if !f.public {
		return
	}
	get := func(pattern string, h http.HandlerFunc) {
		r.Get(pattern, h)
		r.Head(pattern, h)
	}
	get("/.well-known/webfinger", f.webFinger)
	get("/.well-known/nodeinfo", f.answerAll(f.nodeInfoLinks))
	get("/ap/nodeinfo/2.1", f.answerAll(f.nodeInfo))
	get("/ap/actors/"+instanceID, f.answerAll(f.instance))
	get("/ap/actors/{id}", f.answer(f.actor))
	get("/ap/actors/{id}/outbox", f.answer(f.outbox))
	get("/ap/actors/{id}/followers", f.answer(f.followers))
	get("/ap/actors/{id}/following", f.answer(f.following))
	get("/ap/actors/{id}/featured", f.answer(f.featured))
	get("/ap/actors/{id}/playlists", f.answer(f.actorPlaylists))
	get("/ap/notes/{id}", f.answer(f.note))
	get("/ap/playlists/{id}", f.answer(f.collection))
	get("/ap/playlists/{id}/items/{item}", f.answer(f.item))
	r.Post("/ap/inbox", f.receive)
	r.Post("/ap/actors/{id}/inbox", f.receive)
}

func (f *Federation) actor(r *http.Request) (document, error) {
	return f.actorByID(r.Context(), chi.URLParam(r, "id"))
}

func (f *Federation) instance(r *http.Request) (document, error) {
	return f.actorByID(r.Context(), instanceID)
}

// actorByID returns the actor of an account, a published playlist or the bridge.
func (f *Federation) actorByID(ctx context.Context, id string) (document, error) {
	if id == instanceID {
		return f.keyed(ctx, id, instanceActor("", f.addr))
	}
	if a, err := f.store.AccountByPublicID(ctx, id); err == nil {
		return f.keyed(ctx, id, accountActor(a, "", f.addr))
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

// keyed shows the key that an actor has now.
func (f *Federation) keyed(ctx context.Context, id string, d actorDocument) (document, error) {
	var err error
	d.PublicKey, err = f.publicKey(ctx, id)
	return document{body: d}, err
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
	d := playlistActor(owner, p, pub, key.PEM, f.addr)
	d.PublicKey = key
	return d, nil
}
