package federation

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// known returns the last part of an actor's id, if there is such an actor of ours now.
func (f *Federation) known(r *http.Request) (string, error) {
	id := chi.URLParam(r, "id")
	if id == instanceID {
		return id, nil
	}
	if _, err := f.store.AccountByPublicID(r.Context(), id); err == nil || !isNotFound(err) {
		return id, err
	}
	_, err := f.federated(r.Context(), id)
	return id, err
}

// followers tells their number, never who they are.
func (f *Federation) followers(r *http.Request) (document, error) {
	id, err := f.known(r)
	if err != nil {
		return document{}, err
	}
	n, err := f.countFollowers(r.Context(), id)
	return document{body: countedCollection(f.addr().Followers(id), n)}, err
}

// following is empty: whom an account follows is its own affair.
func (f *Federation) following(r *http.Request) (document, error) {
	id, err := f.known(r)
	return document{body: countedCollection(f.addr().Following(id), 0)}, err
}

// featured holds the one post that is pinned to a playlist's actor, whole: Mastodon reads it at first sight and after
// every Update of the actor, and nothing older (fetch_featured_collection_service.rb).
func (f *Federation) featured(r *http.Request) (document, error) {
	id, err := f.known(r)
	if err != nil {
		return document{}, err
	}
	if _, err := f.federated(r.Context(), id); isNotFound(err) { // an account
		return document{body: listedCollection(f.addr().Featured(id))}, nil
	}
	n, err := f.pinnedOf(r, id)
	list := listedCollection(f.addr().Featured(id), n)
	list.Context = raw(noteContext)
	return document{body: list}, err
}

// actorPlaylists lists the actors of an account's public playlists (FEP-a974: each can be followed).
func (f *Federation) actorPlaylists(r *http.Request) (document, error) {
	a, err := f.store.AccountByPublicID(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return document{}, err
	}
	ids, err := f.publicActors(r.Context(), a.ID)
	return document{body: accountPlaylists(a, ids, f.addr())}, err
}

func (f *Federation) publicActors(ctx context.Context, account playlists.ID) ([]string, error) {
	pubs, err := f.store.Publications(ctx, account)
	ids := []string{}
	for _, p := range pubs {
		if p.Audience == playlists.Public {
			ids = append(ids, p.PublicID)
		}
	}
	return ids, err
}
