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

// outbox tells the number of posts only: what there is to read is the collection.
func (f *Federation) outbox(r *http.Request) (document, error) {
	id, err := f.known(r)
	return document{body: countedCollection(f.addr.Outbox(id), 0)}, err
}

// followers tells their number, never who they are.
func (f *Federation) followers(r *http.Request) (document, error) {
	id, err := f.known(r)
	if err != nil {
		return document{}, err
	}
	n, err := f.countFollowers(r.Context(), id)
	return document{body: countedCollection(f.addr.Followers(id), n)}, err
}

// following is empty: whom an account follows is its own affair.
func (f *Federation) following(r *http.Request) (document, error) {
	id, err := f.known(r)
	return document{body: countedCollection(f.addr.Following(id), 0)}, err
}

func (f *Federation) featured(r *http.Request) (document, error) {
	id, err := f.known(r)
	return document{body: countedCollection(f.addr.Featured(id), 0)}, err
}

// actorPlaylists lists the actors of an account's public playlists (FEP-a974: each can be followed).
func (f *Federation) actorPlaylists(r *http.Request) (document, error) {
	a, err := f.store.AccountByPublicID(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		return document{}, err
	}
	ids, err := f.publicActors(r.Context(), a.ID)
	return document{body: accountPlaylists(a, ids, f.addr)}, err
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
