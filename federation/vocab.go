package federation

import (
	"time"

	"github.com/songferry/songferry/playlists"
)

// RemoteActor is an actor of another server, as its document claims. Who fetched the document compares ID with the
// address it came from.
type RemoteActor struct {
	ID               string
	Type             string // Application, Group, Organization, Person, Service, or Key for a key served by itself
	Name             string
	Handle           string // preferredUsername; "" when it is not a usual one
	Inbox            string // on ID's host; "" in the stub that GoToSocial serves at a key's address
	SharedInbox      string // on ID's host, else ""
	KeyID            string // the first of Keys
	PublicKeyPEM     string
	Keys             []PublicKey // all that name ID as their owner
	URL              string      // page for people, on ID's host, else ""
	AttributedTo     string      // on ID's host, else ""
	Streams          []string    // on ID's host
	Followers        string      // on ID's host, else ""
	ManuallyApproves bool
	AlsoKnownAs      []string
	MovedTo          string
}

// PublicKey is a key as an actor's document shows it. The PEM is not parsed yet.
type PublicKey struct{ ID, PEM string }

// RemoteCollection is a playlist of another server, as the head of its collection describes it.
type RemoteCollection struct {
	ID           string
	Name         string
	Summary      string // plain text
	AttributedTo string // the one owner, on ID's host
	First        string // address of the first page, "" when that was embedded or there is none
	Items        []playlists.Track
	Refs         []string // members that are given by their id only, such as the playlists of an account
	Next         string   // where to read on after Items; "" at the end
	Total        int      // as claimed; for display only
	Page         string   // page for people, on ID's host, else ""
	Published    time.Time
	Updated      time.Time
	Audience     playlists.Audience // guessed from to and cc; "" when they say nothing
}

// decodeActor reads an actor. A Tombstone is a Problem with code Gone, everything else that is no actor one with code Invalid.
func decodeActor(doc []byte) (RemoteActor, error) { panic("todo") }

// decodeCollection reads the head of a playlist's collection with what it embeds.
func decodeCollection(doc []byte) (RemoteCollection, error) { panic("todo") }

// decodePage reads a page of a collection; next is "" at the end.
func decodePage(doc []byte) (items []playlists.Track, next string, err error) { panic("todo") }
