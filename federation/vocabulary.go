package federation

import (
	"net/http"
	"slices"
)

// vocabularyPath stays: others may name it as a context.
const vocabularyPath = "/ns"

// Term is a word of our documents that ActivityStreams 2.0 does not define.
type Term struct {
	Name       string // as it stands in documents, with a fixed meaning in our contexts
	IRI        string // what the name is short for
	Vocabulary string // whose word it is
	Of         string // the objects that have it; "" for a type
	Value      string // what it holds; "" for a type
	Meaning    string
	Example    string // JSON

	address  bool // its value is an address ("@type": "@id")
	imported bool // defined by a context that ours refers to, not in place
}

const (
	ofFunkwhale  = "Funkwhale, FEP-be68"
	ofSchema     = "schema.org"
	ofMastodon   = "Mastodon"
	ofAS         = "ActivityStreams extensions"
	ofSecurity   = "W3C Security Vocabulary 1"
	ofGoToSocial = "GoToSocial, FEP-044f"
	ofFEP7aa9    = "FEP-7aa9"

	funkwhale    = "https://funkwhale.audio/ns#"
	toot         = "http://joinmastodon.org/ns#"
	schemaOld    = "http://schema.org#" // as Mastodon writes it
	schemaOrg    = "https://schema.org/"
	security     = "https://w3id.org/security#"
	gts          = "https://gotosocial.org/ns#"
	fep044f      = "https://w3id.org/fep/044f#"
	fep7aa9      = "https://w3id.org/fep/7aa9#"
	securityV1   = "https://w3id.org/security/v1"
	streamsTerms = activityStreams + "#"
)

// Vocabulary lists the words of our documents, those of playlists first. It is what /ns shows to people and, as a JSON-LD
// context, to programs.
func Vocabulary() []Term { return slices.Clone(terms) }

// terms is the one list; nobody writes to it.
var terms = []Term{
	{Name: "track", IRI: funkwhale + "track", Vocabulary: ofFunkwhale, Of: "Audio", Value: "a Track", Meaning: "The recording that a row of a playlist names.", Example: `"track": {"type": "Track", …}`},
	{Name: "Track", IRI: funkwhale + "Track", Vocabulary: ofFunkwhale, Meaning: "A recording, with what helps to find it in somebody's own library. Its name is its title.", Example: `{"type": "Track", "name": "Under Pressure", …}`},
	{Name: "artist_credit", IRI: funkwhale + "artist_credit", Vocabulary: ofFunkwhale, Of: "Track, Album", Value: "a list of ArtistCredit", Meaning: "Who made it, in the order of the credit.", Example: `"artist_credit": [{"type": "ArtistCredit", …}]`},
	{Name: "ArtistCredit", IRI: funkwhale + "ArtistCredit", Vocabulary: ofFunkwhale, Meaning: "One artist of a credit. All credit and joinphrase, one after the other, spell the credit as people read it.", Example: `{"type": "ArtistCredit", "credit": "Queen", "joinphrase": " & ", "index": 0, …}`},
	{Name: "credit", IRI: funkwhale + "credit", Vocabulary: ofFunkwhale, Of: "ArtistCredit, Track", Value: "text", Meaning: "The name as it is credited. Of a Track: the whole credit, where its artists do not spell it.", Example: `"credit": "Queen & David Bowie"`},
	{Name: "joinphrase", IRI: funkwhale + "joinphrase", Vocabulary: ofFunkwhale, Of: "ArtistCredit", Value: "text", Meaning: "What stands between this name and the next.", Example: `"joinphrase": " feat. "`},
	{Name: "index", IRI: funkwhale + "index", Vocabulary: ofFunkwhale, Of: "ArtistCredit", Value: "whole number, from 0", Meaning: "The place in the credit.", Example: `"index": 0`},
	{Name: "artist", IRI: funkwhale + "artist", Vocabulary: ofFunkwhale, Of: "ArtistCredit", Value: "an Artist", Meaning: "Whom the credit is about.", Example: `"artist": {"type": "Artist", "name": "Queen"}`},
	{Name: "Artist", IRI: funkwhale + "Artist", Vocabulary: ofFunkwhale, Meaning: "A musician or a band, by their usual name.", Example: `{"type": "Artist", "name": "Queen"}`},
	{Name: "album", IRI: funkwhale + "album", Vocabulary: ofFunkwhale, Of: "Track", Value: "an Album", Meaning: "The release that the curator has the track from.", Example: `"album": {"type": "Album", "name": "Hot Space"}`},
	{Name: "Album", IRI: funkwhale + "Album", Vocabulary: ofFunkwhale, Meaning: "A release, by its title.", Example: `{"type": "Album", "name": "Hot Space", "released": "1982"}`},
	{Name: "position", IRI: funkwhale + "position", Vocabulary: ofFunkwhale, Of: "Track", Value: "whole number, from 1", Meaning: "The number of the track on its disc. Its place in the playlist is the order of the collection.", Example: `"position": 11`},
	{Name: "disc", IRI: funkwhale + "disc", Vocabulary: ofFunkwhale, Of: "Track", Value: "whole number, from 1", Meaning: "The disc of the album.", Example: `"disc": 1`},
	{Name: "released", IRI: funkwhale + "released", Vocabulary: ofFunkwhale, Of: "Album, Track", Value: "a year of four digits", Meaning: "When it came out. Of a Track only where there is no album.", Example: `"released": "1982"`},
	{Name: "musicbrainzId", IRI: funkwhale + "musicbrainzId", Vocabulary: ofFunkwhale, Of: "Track, Artist, Album", Value: "a UUID", Meaning: "Its id at MusicBrainz: of the recording, the artist or the release.", Example: `"musicbrainzId": "771ab043-e821-421c-8a4b-72c54fa86afc"`},
	{Name: "isrc", IRI: schemaOrg + "isrcCode", Vocabulary: ofSchema, Of: "Track", Value: "a list of texts", Meaning: "International Standard Recording Codes (ISO 3901), without hyphens.", Example: `"isrc": ["GBUM71029604"]`},
	{Name: "creator", IRI: schemaOrg + "creator", Vocabulary: ofSchema, Of: "a playlist that is shared by link", Value: "text", Meaning: "The curator's name. Such a playlist belongs to the server's own actor.", Example: `"creator": "Alice"`},

	{Name: "discoverable", IRI: toot + "discoverable", Vocabulary: ofMastodon, Of: "actors", Value: "true or false", Meaning: "Whether servers may recommend it.", Example: `"discoverable": true`},
	{Name: "indexable", IRI: toot + "indexable", Vocabulary: ofMastodon + ", FEP-5feb", Of: "actors", Value: "true or false", Meaning: "Whether its posts may be searched.", Example: `"indexable": false`},
	{Name: "featured", IRI: toot + "featured", Vocabulary: ofMastodon, Of: "actors", Value: "an address", Meaning: "The collection of its pinned posts.", Example: `"featured": "https://music.example/ap/actors/…/featured"`, address: true},
	{Name: "manuallyApprovesFollowers", IRI: streamsTerms + "manuallyApprovesFollowers", Vocabulary: ofAS, Of: "actors", Value: "true or false", Meaning: "Whether its owner decides about every follower.", Example: `"manuallyApprovesFollowers": true`},
	{Name: "alsoKnownAs", IRI: streamsTerms + "alsoKnownAs", Vocabulary: ofAS, Of: "actors", Value: "a list of addresses", Meaning: "Other actors that are the same person.", Example: `"alsoKnownAs": ["https://old.example/users/alice"]`, address: true},
	{Name: "movedTo", IRI: streamsTerms + "movedTo", Vocabulary: ofAS, Of: "actors", Value: "an address", Meaning: "The actor that takes its place.", Example: `"movedTo": "https://new.example/users/alice"`, address: true},
	{Name: "webfinger", IRI: "https://purl.archive.org/socialweb/webfinger#webfinger", Vocabulary: "FEP-2c59", Of: "actors", Value: "text", Meaning: "Its handle, without the first @.", Example: `"webfinger": "alice@music.example"`},
	{Name: "implements", IRI: "https://w3id.org/fep/844e#implements", Vocabulary: "FEP-844e", Of: "an actor's generator", Value: "a list of links", Meaning: "What its software can do.", Example: `"implements": [{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "…"}]`, address: true},
	{Name: "PropertyValue", IRI: schemaOld + "PropertyValue", Vocabulary: ofSchema, Meaning: "A row of the table on a profile.", Example: `{"type": "PropertyValue", "name": "Curator", "value": "…"}`},
	{Name: "value", IRI: schemaOld + "value", Vocabulary: ofSchema, Of: "PropertyValue", Value: "HTML", Meaning: "What the row says.", Example: `"value": "<a href=\"https://music.example/@alice\">@alice</a>"`},
	{Name: "publicKey", IRI: security + "publicKey", Vocabulary: ofSecurity, Of: "actors", Value: "an object", Meaning: "The key that its requests are signed with.", Example: `"publicKey": {"id": "…#main-key", …}`, imported: true},
	{Name: "owner", IRI: security + "owner", Vocabulary: ofSecurity, Of: "a public key", Value: "an address", Meaning: "The actor whose key it is.", Example: `"owner": "https://music.example/ap/actors/…"`, imported: true},
	{Name: "publicKeyPem", IRI: security + "publicKeyPem", Vocabulary: ofSecurity, Of: "a public key", Value: "text", Meaning: "The key in PEM form.", Example: `"publicKeyPem": "-----BEGIN PUBLIC KEY-----…"`, imported: true},

	{Name: "Hashtag", IRI: streamsTerms + "Hashtag", Vocabulary: ofAS, Meaning: "A tag of a post.", Example: `{"type": "Hashtag", "name": "#playlist", "href": "…"}`},
	{Name: "interactionPolicy", IRI: gts + "interactionPolicy", Vocabulary: ofGoToSocial, Of: "Note", Value: "an object", Meaning: "Who may do what with a post.", Example: `"interactionPolicy": {"canQuote": {…}}`, address: true},
	{Name: "canQuote", IRI: gts + "canQuote", Vocabulary: ofGoToSocial, Of: "an interaction policy", Value: "an object", Meaning: "Who may quote it.", Example: `"canQuote": {"automaticApproval": […]}`, address: true},
	{Name: "automaticApproval", IRI: gts + "automaticApproval", Vocabulary: ofGoToSocial, Of: "canQuote", Value: "a list of addresses", Meaning: "Who need not ask.", Example: `"automaticApproval": ["` + publicCollection + `"]`, address: true},
	{Name: "canFeature", IRI: fep7aa9 + "canFeature", Vocabulary: ofFEP7aa9, Of: "an interaction policy", Value: "an object", Meaning: "Who may list an actor in a collection of accounts.", Example: `"canFeature": {"automaticApproval": […]}`, address: true},
	{Name: "QuoteRequest", IRI: fep044f + "QuoteRequest", Vocabulary: ofGoToSocial, Meaning: "Asks whether a post may be quoted.", Example: `"type": "QuoteRequest"`},
	{Name: "QuoteAuthorization", IRI: fep044f + "QuoteAuthorization", Vocabulary: ofGoToSocial, Meaning: "Says that it may.", Example: `"type": "QuoteAuthorization"`},
	{Name: "FeatureRequest", IRI: fep7aa9 + "FeatureRequest", Vocabulary: ofFEP7aa9, Meaning: "Asks whether an actor may be listed.", Example: `"type": "FeatureRequest"`},
	{Name: "FeatureAuthorization", IRI: fep7aa9 + "FeatureAuthorization", Vocabulary: ofFEP7aa9, Meaning: "Says that it may.", Example: `"type": "FeatureAuthorization"`},
	{Name: "interactingObject", IRI: gts + "interactingObject", Vocabulary: ofGoToSocial, Of: "an authorization", Value: "an address", Meaning: "What quotes or lists.", Example: `"interactingObject": "https://m.example/posts/1"`, address: true},
	{Name: "interactionTarget", IRI: gts + "interactionTarget", Vocabulary: ofGoToSocial, Of: "an authorization", Value: "an address", Meaning: "What is quoted or listed.", Example: `"interactionTarget": "https://b.example/ap/notes/01k1"`, address: true},
}

// contextDocument is a JSON-LD context of all our words. Our own documents carry theirs in place, and need it not.
func contextDocument() map[string]any {
	defined := map[string]any{}
	for _, t := range terms {
		switch {
		case t.imported:
		case t.address:
			defined[t.Name] = map[string]string{"@id": t.IRI, "@type": "@id"}
		default:
			defined[t.Name] = t.IRI
		}
	}
	return map[string]any{"@context": []any{activityStreams, securityV1, defined}}
}

// context answers programs that come to the page about our words, unsigned too: it is no secret. Those that run in
// browsers may ask as well.
func (f *Federation) context(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	f.answerAll(func(*http.Request) (document, error) {
		return document{body: contextDocument(), media: "application/ld+json"}, nil
	})(w, r)
}
