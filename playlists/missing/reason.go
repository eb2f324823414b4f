package missing

import (
	"slices"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// Kind says why a library has no song for a track.
type Kind string

const (
	Nothing      Kind = "nothing"       // nothing is like it, and it names no artist
	NoArtist     Kind = "no artist"     // nothing by its artist
	NoSong       Kind = "no song"       // the artist, but not this song
	OtherVersion Kind = "other version" // the song, but live, remixed and so on
	Declined     Kind = "declined"      // a person looked, and said that no song is it
	Lost         Kind = "lost"          // a person chose a song, and the library lost that
	Near         Kind = "near"          // a song that may be it
)

// kinds, the ones first that know least.
var kinds = []Kind{Nothing, NoArtist, NoSong, OtherVersion, Declined, Near, Lost}

// Reason says why a library has no song for a track. It is data: String has the words.
type Reason struct {
	Kind    Kind
	Version string // OtherVersion: the one that the library has, or that it lacks; "" when the titles do not tell
	Lacks   bool   // Version is the one asked for
	Title   string // of the song that comes nearest, where a person should look at it
	Artist  string // of that song
}

func (r Reason) rank() int { return slices.Index(kinds, r.Kind) }

// ReasonFor returns why the resolver did not find a track.
func ReasonFor(t playlists.Track, r match.Resolution) Reason {
	if r.Class == match.Review {
		return nearReason(r.Why)
	}
	for _, why := range r.Why {
		if why.Field != "library" {
			continue
		}
		switch why.What {
		case match.Part:
			return Reason{Kind: OtherVersion, Version: why.Note, Lacks: why.Local == ""}
		case match.Similar:
			return Reason{Kind: NoSong}
		}
	}
	if t.Artist == "" && len(t.Artists) == 0 {
		return Reason{Kind: Nothing}
	}
	return Reason{Kind: NoArtist}
}

// nearReason is about the song that came nearest, of which why was found.
func nearReason(why []match.Reason) Reason {
	near := Reason{Kind: Near}
	sameSong := 0
	var version match.Reason
	for _, w := range why {
		switch w.Field {
		case "title":
			near.Title = w.Local
		case "artist":
			near.Artist = w.Local
		case "version":
			version = w
		}
		if (w.Field == "title" || w.Field == "artist") && (w.What == match.Same || w.What == match.Part) {
			sameSong++
		}
	}
	if sameSong == 2 && version.What == match.Differs {
		near.Kind, near.Version, near.Lacks = OtherVersion, version.Note, version.Local == ""
	}
	return near
}
