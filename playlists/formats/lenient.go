package formats

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// phrase is a text. Converters write the song "1979" as a number, and nothing as null.
type phrase string

func (p *phrase) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(p))
	case '{', '[':
		return &json.UnmarshalTypeError{Value: "list or object", Type: reflect.TypeFor[phrase]()}
	}
	if !bytes.Equal(data, []byte("null")) {
		*p = phrase(data)
	}
	return nil
}

// number is a whole number that is not negative. Files write it as a number, a fraction or a text; anything else is 0,
// "unknown", since no playlist should fail for a duration.
type number int

func (n *number) UnmarshalJSON(data []byte) error {
	return n.UnmarshalText([]byte(strings.Trim(string(data), `"`)))
}

func (n *number) UnmarshalText(data []byte) error {
	f, err := strconv.ParseFloat(strings.TrimSpace(string(data)), 64)
	if err != nil || !(f > 0 && f < math.MaxInt32) {
		f = 0
	}
	*n = number(f)
	return nil
}

// flag is a bool that is written and not read: what it says in a file is of no use here.
type flag bool

func (*flag) UnmarshalText([]byte) error { return nil }
