package match

import (
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// Key is the identity of a track after normalisation: artist, title without editions, versions. It depends on no
// server and no id, so a decision that a person made can be remembered by it. Equal keys are the same recording as far
// as the text tells.
func Key(t playlists.Track) string {
	var w row
	newReader().read(&t, &w)
	r := &w.readings[0]
	var b strings.Builder
	b.WriteString(r.by.main.key)
	b.WriteByte('|')
	b.WriteString(r.title.key)
	for _, v := range r.title.versions {
		b.WriteByte('|')
		b.WriteString(string(v.kind))
		who := slices.Sorted(slices.Values(v.who))
		for _, w := range who {
			b.WriteByte(' ')
			b.WriteString(w)
		}
	}
	return b.String()
}
