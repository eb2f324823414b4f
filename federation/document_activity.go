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

func newActivity(kind, id, actor string, object any, to ...string) activityDocument {
	return activityDocument{Context: raw(basicContext), ID: id, Type: kind, Actor: actor, Object: object, To: to}
}

// acceptActivity lets follower follow actor. The Follow goes back as it was received: servers recognise it by its id or
// by its content.
func acceptActivity(id, actor, follower string, follow json.RawMessage) activityDocument {
	return newActivity("Accept", id, actor, follow, follower)
}

// rejectActivity refuses a Follow, or ends one that was accepted.
func rejectActivity(id, actor, follower string, follow json.RawMessage) activityDocument {
	return newActivity("Reject", id, actor, follow, follower)
}

// followActivity asks to follow target.
func followActivity(id, actor, target string) activityDocument {
	return newActivity("Follow", id, actor, target, target)
}

// undoFollow takes back the Follow with the id follow. It is embedded: not every server keeps the ids of those it accepted.
func undoFollow(id, actor, follow, target string) activityDocument {
	inner := followActivity(follow, actor, target)
	inner.Context = nil
	return newActivity("Undo", id, actor, inner, target)
}

// updateActivity says that a playlist has changed. It carries the head of the collection; who wants the tracks reads
// its pages.
func updateActivity(id string, p playlists.Playlist, pub playlists.Publication, a Addresses) activityDocument {
	object := collectionDocument(p, pub, a)
	object.Context = nil
	d := newActivity("Update", id, a.Actor(pub.PublicID), object)
	d.To, d.CC = audience(pub, a)
	d.Published = object.Updated
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
	return tombstone{Context: raw(basicContext), ID: id, Type: "Tombstone", FormerType: formerType, Deleted: stamp(at)}
}

// deleteActivity says that a publication is withdrawn: its actor is gone, and with it all that the actor had. pub is as
// it was before, so that everybody who was told is told.
func deleteActivity(id string, pub playlists.Publication, at time.Time, a Addresses) activityDocument {
	actor := a.Actor(pub.PublicID)
	object := newTombstone(actor, "Service", at)
	object.Context = nil
	d := newActivity("Delete", id, actor, object)
	d.To, d.CC = audience(pub, a)
	d.Published = stamp(at)
	return d
}
