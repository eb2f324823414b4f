package formats

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"

	"github.com/songferry/songferry/playlists"
)

// rows are the tracks of a document. There are at most playlists.MaxTracks, which is seen while they are read: a file of
// the permitted size could hold millions.
type rows[T any] []T

var errNoList = errors.New("the tracks are not a list")

// misread says which track of a list cannot be read.
type misread struct {
	place int // from 1
	err   error
}

func (m misread) Error() string { return fmt.Sprintf("track %d: %v", m.place, m.err) }
func (m misread) Unwrap() error { return m.err }

func (r *rows[T]) add(read func(*T) error) error {
	if len(*r) == playlists.MaxTracks {
		return errTooMany()
	}
	var v T
	if err := read(&v); err != nil {
		return misread{len(*r) + 1, err}
	}
	*r = append(*r, v)
	return nil
}

func (r *rows[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(data))
	if start, err := in.Token(); err != nil || start != json.Delim('[') {
		return errors.Join(errNoList, err)
	}
	*r = rows[T]{}
	for in.More() {
		if err := r.add(func(v *T) error { return in.Decode(v) }); err != nil {
			return err
		}
	}
	return nil
}

func (r rows[T]) MarshalXML(out *xml.Encoder, start xml.StartElement) error {
	if err := out.EncodeToken(start); err != nil {
		return err
	}
	for _, v := range r {
		if err := out.EncodeElement(v, xml.StartElement{Name: xml.Name{Local: "track"}}); err != nil {
			return err
		}
	}
	return out.EncodeToken(start.End())
}

func (r *rows[T]) UnmarshalXML(in *xml.Decoder, _ xml.StartElement) error {
	for {
		token, err := in.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Local != "track" {
				err = in.Skip()
			} else {
				err = r.add(func(v *T) error { return in.DecodeElement(v, &t) })
			}
		}
		if err != nil {
			return err
		}
	}
}

// maxFew is how many artists or ids of one track are read.
const maxFew = 50

// few is a list of which the first ones are enough. One that is left alone stands for a list: older ListenBrainz exports
// write an identifier so.
type few[T any] []T

func (f *few[T]) UnmarshalJSON(data []byte) error {
	in := json.NewDecoder(bytes.NewReader(data))
	if data[0] == '[' {
		if _, err := in.Token(); err != nil {
			return err
		}
	}
	*f = nil
	for len(*f) < maxFew && in.More() {
		var v T
		if in.Decode(&v) == nil { // what has another shape is no id and no artist
			*f = append(*f, v)
		}
	}
	return nil
}
