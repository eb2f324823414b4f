package federation

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// Routes adds what machines ask for: WebFinger, NodeInfo, actors, collections and inboxes. As long as there is no public
// address there is nothing to answer.
func (f *Federation) Routes(r chi.Router) {
	r = r.With(f.whenPublic)
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
	get("/ap/actors/{id}/stamps/{stamp}", f.answer(f.stamp))
	get("/ap/playlists/{id}", f.answer(f.collection))
	get("/ap/playlists/{id}/items/{item}", f.answer(f.item))
	r.Post("/ap/inbox", f.receive)
	r.Post("/ap/actors/{id}/inbox", f.receive)
}

func (f *Federation) whenPublic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.public() {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
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
		key, err := f.publicKey(ctx, id)
		return document{body: instanceActor(key, f.addr())}, err
	}
	if a, err := f.store.AccountByPublicID(ctx, id); err == nil {
		body, err := f.accountDocument(ctx, a)
		return document{body: body}, err
	} else if !isNotFound(err) {
		return document{}, err
	}
	pub, err := f.federated(ctx, id)
	if playlists.CodeOf(err) == playlists.NotFound {
		err = f.departed(ctx, id)
	}
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
	return f.completed(ctx, playlistActor(owner, p, pub, key, f.addr()), pub.PublicID)
}

// accountDocument is the actor of an account as others fetch it.
func (f *Federation) accountDocument(ctx context.Context, acc playlists.Account) (actorDocument, error) {
	key, err := f.publicKey(ctx, acc.PublicID)
	if err != nil {
		return actorDocument{}, err
	}
	return f.completed(ctx, accountActor(acc, key, f.addr()), acc.PublicID)
}

// completed adds to the document of an account's or a playlist's actor what it was elsewhere, what it has become
// elsewhere, and whether it may be shown in collections of accounts.
func (f *Federation) completed(ctx context.Context, d actorDocument, publicID string) (actorDocument, error) {
	var err error
	if d.AlsoKnownAs, err = f.aliasesOf(ctx, publicID); err != nil {
		return d, err
	}
	if d.MovedTo, err = f.movedAway(ctx, publicID); err != nil {
		return d, err
	}
	featured, err := f.featurable(ctx, publicID)
	if featured {
		d.InteractionPolicy = canFeaturePublicly()
	}
	return d, err
}
