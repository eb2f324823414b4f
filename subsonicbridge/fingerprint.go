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
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d.%d", match.Key(t), strings.ToLower(t.Album), t.Duration, t.Disc, t.Number))
	return hex.EncodeToString(sum[:16])
}
