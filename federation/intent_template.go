package federation

import (
	"net/url"
	"regexp"
	"strings"
)

// placeholder is a part of a template that is to be filled in. Names are not nested (FEP-3b86).
var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// fillTemplate puts the object of an intent into a template, percent-encoded. ok is false when the template has no place
// for it. Placeholders that are not known become empty (FEP-3b86).
//
// OStatus knows one placeholder, {uri}. Servers that put it behind "acct=" want a handle there (Pleroma: publisher.ex;
// Misskey: WellKnownServerService.ts; BookWyrm: wellknown.py).
func fillTemplate(template, object, handle string) (address string, ok bool) {
	var b strings.Builder
	rest := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		before := template[rest:at[0]]
		b.WriteString(before)
		rest = at[1]
		switch name := template[at[2]:at[3]]; {
		case name != "uri" && name != "object":
		case strings.HasSuffix(before, "acct=") && handle != "":
			b.WriteString(url.QueryEscape(handle))
			ok = true
		default:
			b.WriteString(url.QueryEscape(object))
			ok = true
		}
	}
	b.WriteString(template[rest:])
	return b.String(), ok
}
