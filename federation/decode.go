package federation

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/songferry/songferry/playlists"
)

// maxListed bounds the lists in a document that are not the items of a page: addressees, owners, streams, links.
const maxListed = 50

// maxType bounds the name of a type, in bytes.
const maxType = 64

// object is a JSON object from outside. Its keys are exact, unlike those of a struct (see checkJSON). Compact keys are
// read literally and contexts never: every server that federates writes the same short names.
type object map[string]any

// readObject checks and decodes one document.
func readObject(doc []byte, limits jsonLimits) (object, error) {
	if err := limits.check(doc); err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(doc, &o); err != nil {
		return nil, badJSON("it is not JSON")
	}
	return o, nil
}

// identified returns the document's id, verbatim, which must be an address.
func (o object) identified() (string, error) {
	id := addressIn(o.text("id"))
	if id == "" {
		return "", badJSON("it has no usable id")
	}
	return id, nil
}

// text returns a string property, uncleaned; "" when it is absent or something else.
func (o object) text(key string) string {
	s, _ := o[key].(string)
	return s
}

// words returns a natural-language property: key, else the English or any value of keyMap (ActivityStreams, 4.7).
func (o object) words(key string) string {
	if s := o.text(key); s != "" {
		return s
	}
	translations := o.object(key + "Map")
	if s := translations.text("en"); s != "" || len(translations) == 0 {
		return s
	}
	var languages []string
	for l := range translations {
		languages = append(languages, l)
	}
	return translations.text(slices.Min(languages))
}

// language returns the language of a natural-language property that stands in one only, "" when nobody knows.
func (o object) language(key string) string {
	if translations := o.object(key + "Map"); len(translations) == 1 {
		for l := range translations {
			if playlists.ValidLanguage(l) {
				return l
			}
		}
	}
	return ""
}

// object returns a property that is one object; nil, which reads as empty, when it is not.
func (o object) object(key string) object {
	m, _ := o[key].(map[string]any)
	return m
}

// list returns a property as a list: JSON-LD writes a list of one as its element.
func (o object) list(key string) []any {
	switch v := o[key].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// address returns a property that names one thing, by its address or embedded; "" when it does not.
func (o object) address(key string) string { return addressIn(o[key]) }

// addressIn returns v when it is an http or https address, or the id of the object that v is.
func addressIn(v any) string {
	switch v := v.(type) {
	case string:
		if _, err := parseAddress(v); err == nil {
			return v
		}
	case map[string]any:
		if id, ok := v["id"].(string); ok {
			return addressIn(id)
		}
	case []any:
		if len(v) == 1 {
			return addressIn(v[0])
		}
	}
	return ""
}

// number returns a whole number between 0 and max; 0 when the property is none.
func (o object) number(key string, max int) int {
	f, ok := o[key].(float64)
	if !ok || f < 0 || f > float64(max) {
		return 0
	}
	return int(f)
}

// kind returns the first type of the object that is among known, "" when none is.
func (o object) kind(known ...string) string {
	for _, v := range firstOf(o.list("type"), maxListed) {
		if s, ok := v.(string); ok && slices.Contains(known, s) {
			return s
		}
	}
	return ""
}

// firstType returns the first type of the object, "" when it has none of usual length.
func (o object) firstType() string {
	list := o.list("type")
	if len(list) == 0 {
		return ""
	}
	s, _ := list[0].(string)
	if len(s) > maxType {
		return ""
	}
	return s
}

// notKnown is the error for a document whose type is not among those wanted. A Tombstone means that it was withdrawn.
func (o object) notKnown(wanted playlists.Sentence) error {
	if o.kind("Tombstone") != "" {
		return playlists.Problemf(playlists.Gone, nil, "What was at this address has been withdrawn.")
	}
	return playlists.Problemf(playlists.Invalid, fmt.Errorf("type %.80q", fmt.Sprint(o["type"])),
		"This address does not hold %s that Songferry can read. Check the address, or ask its owner for the playlist's own.", wanted)
}

// onHostOf returns address when it is at the same origin as id, else "": what an actor or a playlist says of others' is
// not theirs to say.
func onHostOf(id, address string) string {
	if address == "" || !sameOrigin(id, address) {
		return ""
	}
	return address
}

func firstOf[T any](list []T, n int) []T { return list[:min(len(list), n)] }
