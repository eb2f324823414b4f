package missing

// String says it to the person whose library it is, without a full stop.
func (r Reason) String() string {
	switch r.Kind {
	case NoArtist:
		return "you have nothing by this artist"
	case NoSong:
		return "you have the artist, but not this song"
	case OtherVersion:
		return r.versionString() + r.named(": ")
	case Declined:
		return "you said that none of your songs is it"
	case Lost:
		return "the song that you chose is not in your library any more"
	case Near:
		if r.Title == "" {
			return "it may be one of your songs that has no title"
		}
		return "it may be your" + r.named(" ")
	}
	return "you have nothing like it"
}

func (r Reason) versionString() string {
	switch {
	case r.Version == "":
		return "you have only another version"
	case r.Lacks:
		return "you have the song, but not this version (" + r.Version + ")"
	}
	return "you have only another version (" + r.Version + ")"
}

// named names the song that comes nearest, after lead.
func (r Reason) named(lead string) string {
	switch {
	case r.Title == "":
		return ""
	case r.Artist == "":
		return lead + "“" + r.Title + "”"
	}
	return lead + "“" + r.Title + "” by " + r.Artist
}
