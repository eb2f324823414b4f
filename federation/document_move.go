package federation

// moveDocument says that an actor of ours is elsewhere now: the shape that Mastodon sends and reads
// (app/serializers/activitypub/move_serializer.rb).
type moveDocument struct {
	activityDocument
	Target string `json:"target"`
}

func newMove(id, publicID, target string, a Addresses) moveDocument {
	actor := a.Actor(publicID)
	return moveDocument{newActivityDocument("Move", id, actor, actor, a.Followers(publicID)), target}
}
