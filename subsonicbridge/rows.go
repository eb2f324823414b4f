package subsonicbridge

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxIn is how many values one IN (…) holds.
const maxIn = 500

// placeholders returns "$from, $from+1, …" for n values.
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(from + i))
	}
	return b.String()
}

// asJSON is v as the database keeps it.
func asJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
