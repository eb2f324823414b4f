package formats

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"reflect"
)

// extension is the one extension that we know of a document or a track. JSPF keeps extensions as an object by their
// URIs, XSPF as elements that name theirs. What else stands there is passed over, and what has another shape in the one
// that we know is as if it were not there: extensions are free-form.
type extension[T interface{ uri() string }] struct{ is T }

func (x extension[T]) IsZero() bool { return reflect.ValueOf(x.is).IsZero() }

func (x extension[T]) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]T{x.is.uri(): x.is})
}

func (x *extension[T]) UnmarshalJSON(data []byte) error {
	in := json.NewDecoder(bytes.NewReader(data))
	if start, err := in.Token(); err != nil || start != json.Delim('{') {
		return err
	}
	for in.More() {
		key, err := in.Token()
		var body json.RawMessage
		if err := errors.Join(err, in.Decode(&body)); err != nil {
			return err
		}
		if key == x.is.uri() {
			x.read(body)
		}
	}
	return nil
}

// read takes MusicBrainz's form, an object, and that of the JSPF draft, a list of them, of which the first counts.
func (x *extension[T]) read(body []byte) {
	in := json.NewDecoder(bytes.NewReader(body))
	if body[0] == '[' {
		_, _ = in.Token() // it is there
	}
	_ = in.Decode(&x.is) // it fills in what fits
}

func (x extension[T]) MarshalXML(out *xml.Encoder, start xml.StartElement) error {
	if x.IsZero() {
		return nil
	}
	start.Attr = append(start.Attr, xml.Attr{Name: xml.Name{Local: "application"}, Value: x.is.uri()})
	return out.EncodeElement(x.is, start)
}

func (x *extension[T]) UnmarshalXML(in *xml.Decoder, start xml.StartElement) error {
	for _, a := range start.Attr {
		if a.Name.Local == "application" && a.Value == x.is.uri() {
			return in.DecodeElement(&x.is, &start)
		}
	}
	return in.Skip()
}
