package federation

import (
	"context"
	"encoding/json"
	"net/http"
)

// outboxSize is how many activities a page of an outbox holds.
const outboxSize = 20

// outboxSource is what an actor of ours has in its outbox.
type outboxSource struct {
	where    string // of its posts; $1 is the last part of the actor's id
	activity func(post) activityDocument
}

// outboxSourceOf returns what is in the outbox of an account, its Announces, or of a playlist that the client may read, its
// Creates. The instance actor posts nothing.
func (f *Federation) outboxSourceOf(r *http.Request, id string) (outboxSource, error) {
	acc, err := f.store.AccountByPublicID(r.Context(), id)
	if err == nil {
		return outboxSource{`announced = $1`, func(p post) activityDocument {
			return newAnnounce(f.addr().Activity(activityID("announce", p.ID)), acc, p, f.addr())
		}}, nil
	}
	if !isNotFound(err) {
		return outboxSource{}, err
	}
	if id != instanceID {
		pub, err := f.federated(r.Context(), id)
		if err != nil {
			return outboxSource{}, err
		}
		if err := f.mayFetch(r, pub); err != nil {
			return outboxSource{}, err
		}
	}
	return outboxSource{`actor = $1`, func(p post) activityDocument {
		return newCreate(f.addr().Activity(activityID("create", p.ID)), p.Note)
	}}, nil
}

// outbox lists what an actor has posted, the newest first; with ?page=n one of its pages.
func (f *Federation) outbox(r *http.Request) (document, error) {
	id, err := f.known(r)
	if err != nil {
		return document{}, err
	}
	s, err := f.outboxSourceOf(r, id)
	if err != nil {
		return document{}, err
	}
	var total int
	err = f.db.QueryRowContext(r.Context(), `SELECT COUNT(*) FROM posts WHERE deleted = 0 AND `+s.where, id).Scan(&total)
	if err != nil {
		return document{}, err
	}
	last := max(1, (total+outboxSize-1)/outboxSize)
	page, err := pageNumber(r.URL.Query(), last)
	if err != nil {
		return document{}, err
	}
	if page > 0 {
		d, err := f.outboxPage(r.Context(), id, s, page)
		return document{body: d}, err
	}
	d := pagedDocument{totalDocument: countedCollection(f.addr().Outbox(id), total)}
	d.First, d.Last = pageOf(d.ID, 1), pageOf(d.ID, last)
	return document{body: d}, nil
}

func (f *Federation) outboxPage(ctx context.Context, id string, s outboxSource, page int) (activitiesPage, error) {
	outbox := f.addr().Outbox(id)
	d := activitiesPage{Context: raw(noteContext), ID: pageOf(outbox, page), Type: "OrderedCollectionPage", PartOf: outbox, OrderedItems: []activityDocument{}}
	posts, err := f.posts(ctx, f.db, `deleted = 0 AND `+s.where+` ORDER BY published DESC, id LIMIT $2 OFFSET $3`, id, outboxSize+1, (page-1)*outboxSize)
	for _, p := range firstOf(posts, outboxSize) {
		a := s.activity(p)
		a.Context = nil
		d.OrderedItems = append(d.OrderedItems, a)
	}
	if len(posts) > outboxSize {
		d.Next = pageOf(outbox, page+1)
	}
	return d, err
}

// pagedDocument is the head of a collection whose items are on pages.
type pagedDocument struct {
	totalDocument
	First string `json:"first"`
	Last  string `json:"last"`
}

type activitiesPage struct {
	Context      json.RawMessage    `json:"@context"`
	ID           string             `json:"id"`
	Type         string             `json:"type"`
	PartOf       string             `json:"partOf"`
	Next         string             `json:"next,omitempty"`
	OrderedItems []activityDocument `json:"orderedItems"`
}
