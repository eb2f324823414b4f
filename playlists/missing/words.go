package missing

import "fmt"

// String says it to the person whose library it is, without a full stop.
func (r Reason) String() string { return r.In(fmt.Sprintf) }

// In says it in a language: say writes a sentence of ours, by its English format.
func (r Reason) In(say func(format string, args ...any) string) string {
	switch r.Kind {
	case NoArtist:
		return say("you have nothing by this artist")
	case NoSong:
		return say("you have the artist, but not this song")
	case OtherVersion:
		if r.Title != "" {
			return say("%s: %s", r.version(say), r.nearest(say))
		}
		return r.version(say)
	case Declined:
		return say("you said that none of your songs is it")
	case Lost:
		return say("the song that you chose is not in your library any more")
	case Near:
		if r.Title == "" {
			return say("it may be one of your songs that has no title")
		}
		return say("it may be your %s", r.nearest(say))
	}
	return say("you have nothing like it")
}

func (r Reason) version(say func(string, ...any) string) string {
	switch {
	case r.Version == "":
		return say("you have only another version")
	case r.Lacks:
		return say("you have the song, but not this version (%s)", r.Version)
	}
	return say("you have only another version (%s)", r.Version)
}

// nearest names the song that comes nearest.
func (r Reason) nearest(say func(string, ...any) string) string {
	if r.Artist == "" {
		return say("“%s”", r.Title)
	}
	return say("“%s” by %s", r.Title, r.Artist)
}
