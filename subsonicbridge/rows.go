package subsonicbridge

import "encoding/json"

// asJSON is v as the database keeps it.
func asJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
