package match

import (
	"fmt"
)

// What is a finding about a field.
type What string

const (
	Same      What = "same"
	Similar   What = "similar" // library: it has the artist, not the song
	Part      What = "part"    // artists: some in common; title: on one side only; library: only another version of the song
	Differs   What = "differs" // and that is a reason against
	Unknown   What = "unknown" // one row does not say
	Absent    What = "absent"  // the library has nothing of the kind
	Ambiguous What = "ambiguous"
)

// Reason is one finding about a pair of rows, or about a row and the whole library. It is kept as data, so that pages
// can show it in their own way.
type Reason struct {
	Field  string `json:"field"` // id, isrc, title, artist, album, duration, version, number, choice, order, library
	What   What   `json:"what"`
	Remote string `json:"remote,omitempty"` // of the wanted row
	Local  string `json:"local,omitempty"`  // of the file
	Note   string `json:"note,omitempty"`   // title: what was left out; version, library: which version; choice: see preference
	Delta  int    `json:"delta,omitempty"`  // duration: seconds the file is longer
}

// String says it in a few plain words.
func (r Reason) String() string {
	switch r.Field {
	case "id":
		return choice(r.What == Same, "same recording id", "other recording id")
	case "isrc":
		return choice(r.What == Same, "same ISRC", "other ISRC")
	case "title":
		return r.titleString()
	case "artist":
		return r.artistString()
	case "album":
		return map[What]string{Same: "same album", Similar: "similar album", Differs: "other album"}[r.What]
	case "duration":
		return r.durationString()
	case "version":
		return r.versionString()
	case "order":
		return "title and artist exchanged"
	case "number":
		return "not chosen: other number in the title"
	case "choice":
		return r.choiceString()
	}
	return r.libraryString()
}

func choice(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func (r Reason) titleString() string {
	switch {
	case r.What == Same && r.Note != "":
		return "title same after dropping “" + r.Note + "”"
	case r.What == Same:
		return "title same"
	case r.What == Similar:
		return "title similar: “" + r.Local + "”"
	case r.What == Ambiguous:
		return "title says too little"
	}
	return "other title: “" + r.Local + "”"
}

func (r Reason) artistString() string {
	switch r.What {
	case Same:
		return "artist same"
	case Part:
		return "an artist in common"
	case Similar:
		return "artist similar: “" + r.Local + "”"
	case Unknown:
		return "artist cannot be compared"
	}
	return "other artist: “" + r.Local + "”"
}

func (r Reason) durationString() string {
	switch {
	case abs(r.Delta) <= 1:
		return "same length"
	case r.Delta > 0:
		return fmt.Sprintf("%d s longer", r.Delta)
	}
	return fmt.Sprintf("%d s shorter", -r.Delta)
}

func (r Reason) versionString() string {
	if r.What == Part {
		return r.Note + ", which was not asked for"
	}
	return "not chosen: " + r.whichVersion()
}

// whichVersion names the version that a file is, or is not.
func (r Reason) whichVersion() string {
	return choice(r.Local != "", r.Note, "not the "+r.Note+" asked for")
}

// choiceString says why another file of the recording was chosen, or this one.
func (r Reason) choiceString() string {
	if r.What == Same {
		return "on the release that other tracks of its album were found on"
	}
	switch r.Note {
	case "recording":
		return "not chosen: less alike"
	case "album":
		return "not chosen: on another album than the one chosen"
	case "marking":
		return "not chosen: the one chosen is censored, or not, as asked for"
	case "length":
		return "not chosen: the one chosen is nearer in length"
	case "release":
		return "not chosen: albums come before singles, compilations and concerts"
	case "score":
		return "not chosen: less alike"
	}
	return "not chosen: as good as the one chosen"
}

func (r Reason) libraryString() string {
	switch r.What {
	case Ambiguous:
		return "another file fits as well"
	case Part:
		return "only another version is here" + choice(r.Note != "", ": "+r.whichVersion(), "")
	case Similar:
		return "the artist is here, not this song"
	}
	return "nothing like it is here"
}
