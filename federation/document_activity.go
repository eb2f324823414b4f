package federation

import (
	"encoding/json"
	"time"

	"github.com/songferry/songferry/playlists"
)

// activityDocument is an activity of ours. Object is an id or anything that encodes as an object.
type activityDocument struct {
	Context   json.RawMessage `json:"@context,omitempty"`
	ID        string          `json:"id"`
	Type      string          `json:"type"`
	Actor     string          `json:"actor"`
	Object    any             `json:"object"`
	Published string          `json:"published,omitempty"`
	To        []string        `json:"to,omitempty"`
	CC        []string        `json:"cc,omitempty"`
}

func newActivityDocument(kind, id, actor string, object any, to ...string) activityDocument {
	return activityDocument{Context: raw(basicContext), ID: id, Type: kind, Actor: actor, Object: object, To: to}
}

// newAccept lets follower follow actor. The Follow goes back as it was received: servers recognise it by its id or
// by its content.
func newAccept(id, actor, follower string, follow json.RawMessage) activityDocument {
	return newActivityDocument("Accept", id, actor, follow, follower)
}

// newReject refuses a Follow, or ends one that was accepted.
func newReject(id, actor, follower string, follow json.RawMessage) activityDocument {
	return newActivityDocument("Reject", id, actor, follow, follower)
}

// newFollow asks to follow target.
func newFollow(id, actor, target string) activityDocument {
	return newActivityDocument("Follow", id, actor, target, target)
}

// newUndoFollow takes back the Follow with the id follow. It is embedded: not every server keeps the ids of those it accepted.
func newUndoFollow(id, actor, follow, target string) activityDocument {
	inner := newFollow(follow, actor, target)
	inner.Context = nil
	return newActivityDocument("Undo", id, actor, inner, target)
}

// newUpdate says that a playlist has changed. It carries the head of the collection; who wants the tracks reads
// its pages.
func newUpdate(id string, p playlists.Playlist, pub playlists.Publication, a Addresses) activityDocument {
	object := collectionDocument(p, pub, a)
	object.Context = nil
	d := newActivityDocument("Update", id, a.Actor(pub.PublicID), object)
	d.To, d.CC = audience(pub, a)
	d.Published = object.Updated
	return d
}

// newActorUpdate tells microblogs of an actor's new name or description.
func newActorUpdate(id string, actor actorDocument, pub playlists.Publication, a Addresses) activityDocument {
	d := actorChanged(id, actor)
	d.To, d.CC = audience(pub, a)
	return d
}

// tombstone stands where something was (ActivityPub, 6.4).
type tombstone struct {
	Context    json.RawMessage `json:"@context,omitempty"`
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	FormerType string          `json:"formerType,omitempty"`
	Deleted    string          `json:"deleted,omitempty"`
}

func newTombstone(id, formerType string, at time.Time) tombstone {
	return tombstone{Context: raw(basicContext), ID: id, Type: "Tombstone", FormerType: formerType, Deleted: dateTime(at)}
}

// newDelete says that a publication is withdrawn: its actor is gone, and with it all that the actor had. pub is as
// it was before, so that everybody who was told is told.
func newDelete(id string, pub playlists.Publication, at time.Time, a Addresses) activityDocument {
	actor := a.Actor(pub.PublicID)
	object := newTombstone(actor, "Service", at)
	object.Context = nil
	d := newActivityDocument("Delete", id, actor, object)
	d.To, d.CC = audience(pub, a)
	d.Published = dateTime(at)
	return d
}
