package formats

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// identifiers is a list of URIs. Older ListenBrainz exports write one plain string instead.
type identifiers []string

func (ids *identifiers) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*ids = identifiers{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(ids))
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
