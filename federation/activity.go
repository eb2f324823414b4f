package federation

import (
	"context"
	"encoding/json"

	"github.com/songferry/songferry/playlists"
)

// envelope is what the inbox decides by: who says that they did what to which object. Nothing in it is proven yet, and
// nothing deeper in the activity is looked at, so Undo{Undo{Undo…}} costs no more than Undo.
type envelope struct {
	ID            string // at Actor's origin; Mastodon's have fragments
	Type          string
	Actor         string
	ObjectID      string // of several objects, the first's; "" when it has no usable id
	ObjectType    string // "" when the object is only an id
	ObjectActor   string // of an embedded activity: its actor
	ObjectOwner   string // of an embedded object: the one actor that it is attributed to
	ObjectReplyTo string // of an embedded post: what it answers
	ObjectObject  string // of an embedded activity: its own object, such as whom an undone Follow had followed
	TargetID      string
	Raw           json.RawMessage // the whole activity as received
}

// maxIndexed bounds two addresses that are looked up together, in bytes: an entry of a PostgreSQL index has at most 2,704.
const maxIndexed = 2_600

// maxParsing activities are parsed at a time: one takes eight times its size while it is, and nobody has signed it yet.
const maxParsing = 16

// parse is parseEnvelope, in its turn.
func (f *Federation) parse(ctx context.Context, body []byte) (envelope, error) {
	select {
	case f.parsing <- struct{}{}:
	case <-ctx.Done():
		return envelope{}, ctx.Err()
	}
	defer func() { <-f.parsing }()
	return parseEnvelope(body)
}

// parseEnvelope reads an incoming activity; it keeps body. Errors are Problems with code Invalid.
func parseEnvelope(body []byte) (envelope, error) {
	o, err := readObject(body, documentLimits)
	if err != nil {
		return envelope{}, err
	}
	e := envelope{Type: o.firstType(), Actor: o.address("actor"), TargetID: o.address("target"), Raw: body}
	if e.ID, err = o.identified(); err != nil {
		return envelope{}, err
	}
	switch {
	case e.Type == "":
		return envelope{}, badJSON("it has no type")
	case e.Actor == "":
		return envelope{}, badJSON("it has no usable actor")
	case !sameOrigin(e.ID, e.Actor):
		// Else anybody could make us take another server's activity for one that we have had (Fedify GHSA-4qhx-hhwf-8685).
		return envelope{}, playlists.Problemf(playlists.Invalid, nil, "The activity's id is not on its actor's server.")
	}
	e.readObject(o.list("object"))
	if len(e.Actor)+max(len(e.ID), len(e.ObjectID)) > maxIndexed {
		return envelope{}, badJSON("its addresses are too long")
	}
	return e, nil
}

// readObject reads what the activity is about. More than one object is what only a report (Flag) has.
func (e *envelope) readObject(objects []any) {
	if len(objects) == 0 {
		return
	}
	e.ObjectID = addressIn(objects[0])
	if m, ok := objects[0].(map[string]any); ok {
		o := object(m)
		e.ObjectType, e.ObjectActor, e.ObjectOwner = o.firstType(), o.address("actor"), o.address("attributedTo")
		e.ObjectObject, e.ObjectReplyTo = o.address("object"), o.address("inReplyTo")
	}
}
