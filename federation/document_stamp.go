package federation

import "encoding/json"

// stampContext defines the words of an approval (Mastodon: app/helpers/context_helper.rb).
const stampContext = `["https://www.w3.org/ns/activitystreams",{"gts":"https://gotosocial.org/ns#",` +
	`"QuoteAuthorization":"https://w3id.org/fep/044f#QuoteAuthorization","FeatureAuthorization":"https://w3id.org/fep/7aa9#FeatureAuthorization",` +
	`"interactingObject":{"@id":"gts:interactingObject","@type":"@id"},"interactionTarget":{"@id":"gts:interactionTarget","@type":"@id"}}]`

// requestContext defines the two requests, which an answer embeds.
const requestContext = `["https://www.w3.org/ns/activitystreams",{"QuoteRequest":"https://w3id.org/fep/044f#QuoteRequest",` +
	`"FeatureRequest":"https://w3id.org/fep/7aa9#FeatureRequest"}]`

// stampDocument is an approval that everybody can look up (Mastodon: app/serializers/activitypub/quote_authorization_serializer.rb
// and feature_authorization_serializer.rb).
type stampDocument struct {
	Context           json.RawMessage `json:"@context"`
	ID                string          `json:"id"`
	Type              string          `json:"type"`
	AttributedTo      string          `json:"attributedTo"`
	InteractingObject string          `json:"interactingObject"` // theirs
	InteractionTarget string          `json:"interactionTarget"` // ours
}

func newStampDocument(s stamp, a Addresses) stampDocument {
	d := stampDocument{Context: raw(stampContext), ID: a.Stamp(s.actor, s.id), Type: "FeatureAuthorization", AttributedTo: a.Actor(s.actor),
		InteractingObject: s.object, InteractionTarget: a.Actor(s.target)}
	if s.kind == quoteStamp {
		d.Type, d.InteractionTarget = "QuoteAuthorization", a.Note(s.target)
	}
	return d
}

// answerDocument answers a request. Its object is the request, its result the stamp, "" in a Reject.
type answerDocument struct {
	activityDocument
	Result string `json:"result,omitempty"`
}

func newAnswer(kind, id, actor, asker string, request json.RawMessage, result string) answerDocument {
	d := answerDocument{newActivityDocument(kind, id, actor, request, asker), result}
	d.Context = raw(requestContext)
	return d
}

// featurePolicy says who may list an actor in collections of accounts without asking a person (FEP-7aa9). Where it is
// missing nobody may.
type featurePolicy struct {
	CanFeature struct {
		AutomaticApproval []string `json:"automaticApproval"`
	} `json:"canFeature"`
}

func canFeaturePublicly() *featurePolicy {
	p := new(featurePolicy)
	p.CanFeature.AutomaticApproval = []string{publicCollection}
	return p
}
