package federation

import "encoding/json"

// envelope is what the inbox decides by: who says that they did what to which object. Nothing in it is proven.
type envelope struct {
	ID           string // on Actor's host
	Type         string
	Actor        string
	ObjectID     string
	ObjectType   string // "" when the object is only an id
	ObjectActor  string // of an embedded activity: its actor
	ObjectOwner  string // of an embedded object: whom it is attributed to
	ObjectObject string // of an embedded activity, its own object's id: whom an undone Follow had followed
	TargetID     string
	Object       json.RawMessage // as received
	Raw          json.RawMessage // the whole activity as received
}

// parseEnvelope reads an incoming activity.
func parseEnvelope(body []byte) (envelope, error) { panic("todo") }
