package federation

import (
	"encoding/json"
	"time"

	"github.com/songferry/songferry/playlists"
)

// The documents of this package are plain structs with fixed contexts. Their lists are slices even with one element:
// Mastodon and Akkoma refuse a scalar attachment.

// publicCollection in to or cc addresses everybody (ActivityPub, 5.6).
const publicCollection = "https://www.w3.org/ns/activitystreams#Public"

// activityJSON is the content type of what we send.
const activityJSON = "application/activity+json"

// basicContext serves activities and the collections of an actor.
const basicContext = `"https://www.w3.org/ns/activitystreams"`

// actorContext defines what Mastodon, FEP-2c59, FEP-7aa9 and FEP-844e add to an actor.
const actorContext = `["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1",{` +
	`"toot":"http://joinmastodon.org/ns#","discoverable":"toot:discoverable","indexable":"toot:indexable",` +
	`"featured":{"@id":"toot:featured","@type":"@id"},` +
	`"manuallyApprovesFollowers":"as:manuallyApprovesFollowers",` +
	`"alsoKnownAs":{"@id":"as:alsoKnownAs","@type":"@id"},"movedTo":{"@id":"as:movedTo","@type":"@id"},` +
	`"gts":"https://gotosocial.org/ns#","interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},` +
	`"canFeature":{"@id":"https://w3id.org/fep/7aa9#canFeature","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},` +
	`"schema":"http://schema.org#","PropertyValue":"schema:PropertyValue","value":"schema:value",` +
	`"webfinger":"https://purl.archive.org/socialweb/webfinger#webfinger",` +
	`"implements":{"@id":"https://w3id.org/fep/844e#implements","@type":"@id","@container":"@set"}}]`

// musicContext defines the words of Funkwhale and FEP-be68 that a playlist's items use.
const musicContext = `["https://www.w3.org/ns/activitystreams",{"fw":"https://funkwhale.audio/ns#",` +
	`"track":"fw:track","Track":"fw:Track","album":"fw:album","Album":"fw:Album","artist":"fw:artist","Artist":"fw:Artist",` +
	`"artist_credit":"fw:artist_credit","ArtistCredit":"fw:ArtistCredit","credit":"fw:credit","joinphrase":"fw:joinphrase",` +
	`"index":"fw:index","musicbrainzId":"fw:musicbrainzId","position":"fw:position","disc":"fw:disc","released":"fw:released",` +
	`"isrc":"https://schema.org/isrcCode","creator":"https://schema.org/creator"}]`

// audience returns whom what we say about a publication is addressed to: nobody when it is shared by link.
func audience(pub playlists.Publication, a Addresses) (to, cc []string) {
	followers := a.Followers(pub.PublicID)
	switch pub.Audience {
	case playlists.Public:
		return []string{publicCollection}, []string{followers}
	case playlists.Unlisted:
		return []string{followers}, []string{publicCollection}
	case playlists.Followers:
		return []string{followers}, nil
	}
	return nil, nil
}

// dateTime writes t as an xsd:dateTime; "" for the zero time. Whole seconds: some readers drop the rest and then see an
// edit that is no newer than what they have.
func dateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// updatedAt is when what a reader sees of the publication last changed, never before it began: GoToSocial refuses an
// update that is older than its object.
func updatedAt(p playlists.Playlist, pub playlists.Publication) time.Time {
	latest := pub.Since
	for _, t := range []time.Time{pub.Changed, pub.CoverChanged, p.Updated} {
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}

// link is a Link object, as in an object's url.
type link struct {
	Type      string `json:"type"`
	MediaType string `json:"mediaType"`
	Href      string `json:"href"`
}

// raw makes a fixed context ready for encoding.
func raw(context string) json.RawMessage { return json.RawMessage(context) }
