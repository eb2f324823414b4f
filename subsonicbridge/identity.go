package subsonicbridge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// fingerprint is what a track is known by when its id is worth nothing: the same for one track before and after a
// server renumbered its songs, and different for the Allegros of one orchestra. MusicBrainz ids are not part of it:
// some servers learn to show them with an upgrade.
func fingerprint(t playlists.Track) string {
	return digest(fmt.Sprintf("%s\x00%s\x00%d\x00%d.%d", match.Key(t), strings.ToLower(t.Album), t.Duration, t.Disc, t.Number))
}

// titleKey is equal for all tracks that the text alone would take for one recording, the Allegros of one orchestra among
// them.
func titleKey(t playlists.Track) string { return digest(match.Key(t)) }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// likeness says how surely two descriptions, made at different times or by different servers, are of one track of one
// playlist: 0 not at all, else the more the surer.
func likeness(a, b playlists.Track) int {
	sameID := a.MBID != "" && a.MBID == b.MBID
	sameKey := titleKey(a) == titleKey(b)
	switch {
	case fingerprint(a) == fingerprint(b):
		return 4
	case sameID && (sameKey || nearLength(a, b)): // one id on all movements of a symphony is a common mistake
		return 3
	case !sameKey || !nearLength(a, b) || otherPlace(a, b):
		return 0
	case strings.EqualFold(a.Album, b.Album):
		return 2
	case a.Duration > 0 && b.Duration > 0:
		return 1 // the album has another name now, or is not known
	}
	return 0
}

// nearLength: servers round differently, and a new encoding may cut a little silence.
func nearLength(a, b playlists.Track) bool {
	return a.Duration == 0 || b.Duration == 0 || max(a.Duration-b.Duration, b.Duration-a.Duration) <= 3
}

// otherPlace reports whether two tracks stand in two places of one album.
func otherPlace(a, b playlists.Track) bool {
	return strings.EqualFold(a.Album, b.Album) && (differ(a.Number, b.Number) || differ(a.Disc, b.Disc))
}

// differ reports whether two numbers, 0 meaning unknown, are known and not the same.
func differ(a, b int) bool { return a > 0 && b > 0 && a != b }
