package federation

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/songferry/songferry/playlists"
)

// actRequest answers who asks to quote a post of ours or to list an actor of ours in a collection. What is nobody's here
// has no answer.
func (f *Federation) actRequest(ctx context.Context, e envelope) error {
	s, ok, err := f.requested(ctx, e)
	if s.actor == "" || err != nil {
		return err
	}
	remote, err := f.knownActor(ctx, e.Actor)
	if err != nil {
		return err
	}
	if ok {
		full, err := f.stampsFull(ctx, s)
		if err != nil {
			return err
		}
		ok = !full
	}
	request, err := embeddableRequest(e, s)
	if err != nil {
		return err
	}
	s.asker, s.inbox = e.Actor, remote.Inbox
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error { return f.answerWithStamp(ctx, tx, s, ok, e.ID, request) })
}

// requested returns the approval that is asked for and whether it is given; without an actor there is nobody to answer.
func (f *Federation) requested(ctx context.Context, e envelope) (s stamp, ok bool, err error) {
	kind, target, rest, ours := f.addr().Parse(e.ObjectID)
	object, theirs, err := instrument(e)
	if !ours || rest != "" || object == "" || err != nil {
		return stamp{}, false, err
	}
	actor := target
	switch {
	case e.Type == "QuoteRequest" && kind == noteAddress:
		if actor, ok, err = f.quotable(ctx, target); actor == "" {
			actor = instanceID // what is secret and what is missing have one answer
		}
		return newStamp(quoteStamp, actor, target, object), ok && theirs, err
	case e.Type == "FeatureRequest" && kind == actorAddress:
		if ok, err = f.featurable(ctx, target); ok || err != nil {
			return newStamp(featureStamp, actor, target, object), ok && theirs, err
		}
		if _, err := f.actorByID(ctx, target); err != nil {
			return stamp{}, false, ignoreNotFound(err)
		}
		return newStamp(featureStamp, actor, target, object), false, nil
	}
	return stamp{}, false, nil
}

// instrument returns the id of what is to show something of ours, given as such or embedded; theirs says that it is of
// the asking actor, as far as that can be seen.
func instrument(e envelope) (id string, theirs bool, err error) {
	o, err := readObject(e.Raw, documentLimits)
	if err != nil {
		return "", false, err
	}
	id = o.address("instrument")
	owner := o.object("instrument").address("attributedTo")
	return id, sameOrigin(id, e.Actor) && (owner == "" || owner == e.Actor), nil
}

// embeddableRequest returns the request as it was received, or what matters of one that carries a whole post.
func embeddableRequest(e envelope, s stamp) (json.RawMessage, error) {
	if len(e.Raw) <= maxFollow {
		return e.Raw, nil
	}
	return json.Marshal(map[string]string{"id": e.ID, "type": e.Type, "actor": e.Actor, "object": e.ObjectID, "instrument": s.object})
}

// answerWithStamp keeps the approval, if it is given, and queues the answer. The same request has one answer.
func (f *Federation) answerWithStamp(ctx context.Context, tx *sql.Tx, s stamp, ok bool, requestID string, request json.RawMessage) error {
	kind, verb, result := "Reject", "reject-request", ""
	if ok {
		kind, verb, result = "Accept", "accept-request", f.addr().Stamp(s.actor, s.id)
		if err := f.keepStamp(ctx, tx, s); err != nil {
			return err
		}
	}
	id := activityID(verb, s.id, requestID)
	return f.queue(ctx, tx, outgoing{id: id, actor: s.actor, inboxes: []string{s.inbox},
		body: newAnswer(kind, f.addr().Activity(id), f.addr().Actor(s.actor), s.asker, request, result)})
}
