package federation

import (
	"net/url"
	"strconv"
	"strings"
)

// Addresses builds every address of ours from the public origin, and recognises it again. Stored rows hold only the
// parts (public ids, tokens, handles), so all addresses follow the origin.
type Addresses struct {
	origin string // "https://b.example", without default port and final slash
	host   string
}

// instanceID stands where accounts and playlists have their public id. Public ids are 26 letters, so it is none.
const instanceID = "instance"

// NewAddresses takes the public origin: scheme and host, any path is ignored.
func NewAddresses(base *url.URL) Addresses {
	scheme := strings.ToLower(base.Scheme)
	host, err := normalHost(scheme, base.Host)
	if err != nil {
		host = strings.ToLower(base.Host) // no name that anybody could reach; the settings are checked elsewhere
	}
	return Addresses{origin: scheme + "://" + host, host: host}
}

// Host is the part of our handles after the second @: the host, with its port unless that is the scheme's own.
func (a Addresses) Host() string { return a.host }

// Home is the origin itself.
func (a Addresses) Home() string { return a.origin }

// Actor is the id of an account's or a playlist's actor.
func (a Addresses) Actor(publicID string) string { return a.origin + "/ap/actors/" + publicID }

func (a Addresses) Inbox(publicID string) string     { return a.Actor(publicID) + "/inbox" }
func (a Addresses) Outbox(publicID string) string    { return a.Actor(publicID) + "/outbox" }
func (a Addresses) Followers(publicID string) string { return a.Actor(publicID) + "/followers" }
func (a Addresses) Following(publicID string) string { return a.Actor(publicID) + "/following" }
func (a Addresses) Featured(publicID string) string  { return a.Actor(publicID) + "/featured" }

// Key is the id of the key that an actor's document shows under a fragment.
func (a Addresses) Key(publicID, fragment string) string {
	return a.Actor(publicID) + "#" + fragment
}

// ActorPlaylists is the Collection of the playlist actors of an account.
func (a Addresses) ActorPlaylists(publicID string) string { return a.Actor(publicID) + "/playlists" }

// InstanceActor is the actor that signs for the bridge itself and owns the playlists shared by link.
func (a Addresses) InstanceActor() string { return a.Actor(instanceID) }

// instanceUsername is the host without its port: usernames hold no colon.
func (a Addresses) instanceUsername() string { return (&url.URL{Host: a.host}).Hostname() }

// Stamp is the id of an approval that an actor gave.
func (a Addresses) Stamp(publicID, id string) string { return a.Actor(publicID) + "/stamps/" + id }

func (a Addresses) SharedInbox() string { return a.origin + "/ap/inbox" }

// Collection is the id of a playlist's OrderedCollection; for those shared by link see Share.
func (a Addresses) Collection(publicID string) string { return a.origin + "/ap/playlists/" + publicID }

// Page is page n, counted from 1, of a playlist.
func (a Addresses) Page(publicID string, n int) string { return pageOf(a.Collection(publicID), n) }

// Item is the id of a row of a playlist.
func (a Addresses) Item(publicID, item string) string { return itemOf(a.Collection(publicID), item) }

// Share is the secret address of a playlist shared by link: the page for people and the id of the collection.
func (a Addresses) Share(token string) string { return a.origin + "/s/" + token }

// Profile is the page for people of an account or a playlist.
func (a Addresses) Profile(handle string) string { return a.origin + "/@" + handle }

// Asks is the page on which grown-ups answer what children ask.
func (a Addresses) Asks() string { return a.origin + "/asks" }

// AskingFollowers is the page on which people decide who may follow what is theirs.
func (a Addresses) AskingFollowers() string { return a.origin + "/followers" }

// Copy is the page of a person's own copy of a playlist.
func (a Addresses) Copy(want string) string { return a.origin + "/following/" + want }

// Privacy is the page that says what is kept of whom.
func (a Addresses) Privacy() string { return a.origin + "/privacy" }

// Cover is the image beside the page for people of a playlist, by the name of its present content: who keeps an avatar
// fetches it again only when its address changes.
func (a Addresses) Cover(page, name string) string { return page + ".jpg?v=" + name }

// Activity is the id of an activity that we sent.
func (a Addresses) Activity(id string) string { return a.origin + "/ap/activities/" + id }

// Note is the id of a post of ours.
func (a Addresses) Note(id string) string { return a.origin + "/ap/notes/" + id }

// Vocabulary is the page about the words of our documents, and their JSON-LD context.
func (a Addresses) Vocabulary() string { return a.origin + vocabularyPath }

func (a Addresses) NodeInfo() string { return a.origin + "/ap/nodeinfo/2.1" }

func pageOf(collection string, n int) string { return collection + "?page=" + strconv.Itoa(n) }

func itemOf(collection, item string) string { return collection + "/items/" + item }

// addressKind says what an address of ours names.
type addressKind string

const (
	actorAddress    addressKind = "actor"    // publicID; rest: "", inbox, outbox, followers, following, featured, playlists, stamps/ID or #main-key
	playlistAddress addressKind = "playlist" // publicID; rest: "" or items/NAME
	shareAddress    addressKind = "share"    // token; rest: "" or items/NAME
	profileAddress  addressKind = "profile"  // handle
	activityAddress addressKind = "activity" // id
	noteAddress     addressKind = "note"     // id; rest: "" or more of the path
	inboxAddress    addressKind = "inbox"    // the shared inbox
	homeAddress     addressKind = "home"     // the origin itself
)

// Ours reports whether raw is an address on this bridge. Such addresses are looked up, never fetched.
func (a Addresses) Ours(raw string) bool {
	u, err := parseAddress(raw)
	return err == nil && u.Host == a.host
}

// Parse is the inverse of the functions above. name is the public id, token, handle or activity id; page numbers and
// other queries are left out. It does not say that the thing exists.
func (a Addresses) Parse(raw string) (kind addressKind, name, rest string, ok bool) {
	if !a.Ours(raw) {
		return "", "", "", false
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", "", "", false
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	for _, p := range []struct {
		prefix string
		kind   addressKind
	}{
		{"/ap/actors/", actorAddress}, {"/ap/playlists/", playlistAddress}, {"/ap/activities/", activityAddress},
		{"/ap/notes/", noteAddress}, {"/s/", shareAddress}, {"/@", profileAddress},
	} {
		if after, found := strings.CutPrefix(path, p.prefix); found {
			name, rest, _ = strings.Cut(after, "/")
			if u.Fragment != "" {
				rest += "#" + u.Fragment
			}
			return p.kind, name, rest, plainSegment(name)
		}
	}
	switch path {
	case "/ap/inbox":
		return inboxAddress, "", "", true
	case "":
		return homeAddress, "", "", true
	}
	return "", "", "", false
}

// plainSegment reports whether s is made only of what the names in our addresses are made of.
func plainSegment(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}
