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
	return w.readings[0].key()
}

func (r *reading) key() string {
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

// Identity is what a list of tracks from several playlists is put in order by. Like Key it depends on no server and no id.
type Identity struct {
	Recording string // equal for the same recording, as far as the text tells; "" where it tells too little
	Album     string // artist and name of the album, its edition left out; "" when the track names none
}

// Identify returns the identity of a track. A title that many recordings have ("Intro") says who it is only with its
// album, and one without artist and album does not say it at all.
func Identify(t playlists.Track) Identity {
	var w row
	newReader().read(&t, &w)
	r := &w.readings[0]
	id := Identity{Recording: r.key()}
	if r.album.key != "" {
		id.Album = r.albumArtist(t.AlbumBy) + "|" + r.album.key
	}
	if isGeneric(r.title.words) {
		id.Recording += "|" + id.Album
	}
	if r.title.key == "" || isGeneric(r.title.words) && id.Album == "" && !r.by.known() {
		id.Recording = ""
	}
	return id
}

// albumArtist is the key of whose album it is: by, as the track says it, else the track's artist.
func (r *reading) albumArtist(by string) string {
	if by == "" {
		return r.by.main.key
	}
	main, _ := cutCredit(fold(by))
	return newName(main).key
}
