package federation

import "encoding/json"

// kept is Found as JSON: with what only this package knows of it, so that what was found can be wanted later.
type kept struct {
	bare
	Actor     string
	Condition Conditional
}

// bare has the fields of Found and none of its methods.
type bare Found

// MarshalJSON keeps all of a Found. It is for this bridge's own database: UnmarshalJSON believes what it reads.
func (f Found) MarshalJSON() ([]byte, error) {
	return json.Marshal(kept{bare(f), f.actor, f.condition})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Found) UnmarshalJSON(text []byte) error {
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return err
	}
	*f = Found(k.bare)
	f.actor, f.condition = k.Actor, k.Condition
	return nil
}
