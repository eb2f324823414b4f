package subsonicbridge

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// Servers disagree on whether an id is a text or a number, a flag a boolean or "true", a list of one a list, and an
// empty element {} or "". The types of this file take any of these, in JSON and in XML, and never fail: a field of
// another type is read as absent, so that one odd song does not cost a whole playlist.

type text string

func (t *text) UnmarshalJSON(data []byte) error {
	*t = text(scalar(data))
	return nil
}

type number int

func (n *number) UnmarshalJSON(data []byte) error {
	*n = parseNumber(scalar(data))
	return nil
}

func (n *number) UnmarshalXMLAttr(a xml.Attr) error {
	*n = parseNumber(a.Value)
	return nil
}

func parseNumber(s string) number {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > math.MaxInt32 {
		return 0
	}
	return number(f)
}

type flag bool

func (f *flag) UnmarshalJSON(data []byte) error {
	*f = parseFlag(scalar(data))
	return nil
}

func (f *flag) UnmarshalXMLAttr(a xml.Attr) error {
	*f = parseFlag(a.Value)
	return nil
}

func parseFlag(s string) flag { return s == "1" || flag(strings.EqualFold(s, "true")) }

// scalar returns a JSON text, number or boolean as text, and "" for everything else. NUL is left out: XML cannot hold it,
// nor can every database.
func scalar(data []byte) string {
	switch {
	case len(data) == 0 || bytes.Equal(data, []byte("null")) || data[0] == '{' || data[0] == '[':
		return ""
	case data[0] == '"':
		var s string
		if json.Unmarshal(data, &s) != nil {
			return ""
		}
		return strings.ReplaceAll(s, "\x00", "")
	default:
		return string(data)
	}
}

// list is a list in which a single element may stand for itself.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	switch {
	case len(data) == 0 || bytes.Equal(data, []byte("null")) || bytes.Equal(data, []byte(`""`)):
		return nil
	case data[0] == '[':
		return json.Unmarshal(data, (*[]T)(l))
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = list[T]{one}
	return nil
}

// element is an element that may be absent; given says whether it was there, even if empty.
type element[T any] struct {
	given bool
	value T
}

func (e *element[T]) UnmarshalJSON(data []byte) error {
	e.given = !bytes.Equal(data, []byte("null"))
	if len(data) == 0 || data[0] != '{' {
		return nil
	}
	return json.Unmarshal(data, &e.value)
}

func (e *element[T]) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	e.given = true
	return d.DecodeElement(&e.value, &start)
}
