package federation

import (
	"regexp"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// RemoteActor is an actor of another server, as its document claims. Who fetched the document compares ID with the
// address it came from.
type RemoteActor struct {
	ID               string
	Type             string // Application, Group, Organization, Person or Service; Key for a key that is its own document
	Name             string
	Handle           string      // preferredUsername, "" when it is not a usual one
	Inbox            string      // on any host; "" in the stub that GoToSocial serves at a key's address
	SharedInbox      string      // on ID's host, else ""
	Keys             []PublicKey // all that name ID as their owner
	URL              string      // page for people, on ID's host, else ""
	AttributedTo     string      // the one owner, on ID's host, else ""
	Streams          []string    // on ID's host
	Followers        string      // on ID's host, else ""
	ManuallyApproves bool
	AlsoKnownAs      []string
	MovedTo          string
}

// PublicKey is a key as a document shows it. Nobody has looked into the PEM yet.
type PublicKey struct{ ID, PEM string }

const (
	maxKeys = 10      // of an actor; Mastodon's limit
	maxPEM  = 4 << 10 // bytes; an RSA key of 8,192 bits takes 1,400
	keyType = "Key"
)

// usernamePattern is Mastodon's (account.rb, USERNAME_ONLY_RE), bounded.
var usernamePattern = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?$`)

// decodeActor reads an actor, the stub of one that GoToSocial serves at a key's address, or a key that is its own
// document; of the last, ID is the owner that it names. A Tombstone is a Problem with code Gone, anything else one with
// code Invalid.
func decodeActor(doc []byte) (RemoteActor, error) {
	o, err := readObject(doc, documentLimits)
	if err != nil {
		return RemoteActor{}, err
	}
	id, err := o.identified()
	if err != nil {
		return RemoteActor{}, err
	}
	kind := o.kind("Application", "Group", "Organization", "Person", "Service")
	if kind == "" {
		return decodeKey(o)
	}
	t, err := o.typed(kind)
	if err != nil {
		return RemoteActor{}, err
	}
	r := RemoteActor{
		ID: id, Type: kind, Name: playlists.CleanText(o.words("name"), playlists.MaxText), Handle: username(o),
		Inbox: t.Inbox, SharedInbox: onHostOf(id, o.object("endpoints").address("sharedInbox")), URL: onHostOf(id, t.Page),
		Followers: onHostOf(id, t.Followers), ManuallyApproves: o["manuallyApprovesFollowers"] == true,
		AlsoKnownAs: o.addresses("alsoKnownAs"), MovedTo: o.address("movedTo"),
	}
	if len(t.AttributedTo) == 1 {
		r.AttributedTo = onHostOf(id, t.AttributedTo[0])
	}
	for _, s := range t.Streams {
		if onHostOf(id, s) != "" {
			r.Streams = append(r.Streams, s)
		}
	}
	r.setKeys(o.list("publicKey"))
	r.addMultikeys(o.list("assertionMethod"))
	return r, nil
}

// decodeKey reads a key that is its own document.
func decodeKey(o object) (RemoteActor, error) {
	owner := o.address("owner")
	if owner == "" || o.text("publicKeyPem") == "" {
		return RemoteActor{}, o.notKnown(playlists.Sentencef("an account or playlist"))
	}
	r := RemoteActor{ID: owner, Type: keyType}
	r.setKeys([]any{map[string]any(o)})
	return r, nil
}

// setKeys keeps the keys that name the actor as their owner and are on its host.
func (r *RemoteActor) setKeys(keys []any) {
	for _, v := range firstOf(keys, maxKeys) {
		m, _ := v.(map[string]any)
		k := object(m)
		id, pem := k.address("id"), k.text("publicKeyPem")
		if onHostOf(r.ID, id) == "" || k.address("owner") != r.ID || pem == "" || len(pem) > maxPEM || strings.Contains(pem, "\x00") {
			continue
		}
		r.Keys = append(r.Keys, PublicKey{ID: id, PEM: pem})
	}
}

func username(o object) string {
	s := o.text("preferredUsername")
	if len(s) > 100 || !usernamePattern.MatchString(s) {
		return ""
	}
	return s
}

// addresses returns the addresses in a list.
func (o object) addresses(key string) []string {
	var out []string
	for _, v := range firstOf(o.list(key), maxListed) {
		if s := addressIn(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}
