package federation

import "strings"

// namedAs is what an id of ours can name in a Follow.
type namedAs int

const (
	nobody namedAs = iota
	anActor
	aPlaylist // only
	anAccount // only
)

// named returns the last part of the id of the actor that object names: its own id, that of its playlist's collection
// (FEP-efda) or that of the collection of an account's playlists. Nothing else at its addresses stands for it, such as its
// inbox, its key or a page of the collection. It does not say that there is such an actor.
func (f *Federation) named(object string) (publicID string, is namedAs) {
	_, publicID, _, ok := f.addr().Parse(object)
	u, err := parseAddress(object)
	if !ok || err != nil || strings.Contains(object, "#") {
		return "", nobody
	}
	switch u.String() {
	case f.addr().Actor(publicID):
		return publicID, anActor
	case f.addr().Collection(publicID):
		return publicID, aPlaylist
	case f.addr().ActorPlaylists(publicID):
		return publicID, anAccount
	}
	return "", nobody
}
