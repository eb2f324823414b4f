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
func (r Reason) String() string { return r.In(fmt.Sprintf) }

// In says it in a language: say writes a sentence of ours, by its English format.
func (r Reason) In(say func(format string, args ...any) string) string {
	switch r.Field {
	case "id":
		if r.What == Same {
			return say("same recording id")
		}
		return say("other recording id")
	case "isrc":
		if r.What == Same {
			return say("same ISRC")
		}
		return say("other ISRC")
	case "title":
		return r.title(say)
	case "artist":
		return r.artist(say)
	case "album":
		return r.album(say)
	case "duration":
		return r.duration(say)
	case "version":
		return r.version(say)
	case "order":
		return say("title and artist exchanged")
	case "number":
		return say("not chosen: other number in the title")
	case "choice":
		return r.choice(say)
	}
	return r.library(say)
}

func (r Reason) title(say func(string, ...any) string) string {
	switch {
	case r.What == Same && r.Note != "":
		return say("title same after dropping “%s”", r.Note)
	case r.What == Same:
		return say("title same")
	case r.What == Similar:
		return say("title similar: “%s”", r.Local)
	case r.What == Ambiguous:
		return say("title says too little")
	}
	return say("other title: “%s”", r.Local)
}

func (r Reason) artist(say func(string, ...any) string) string {
	switch r.What {
	case Same:
		return say("artist same")
	case Part:
		return say("an artist in common")
	case Similar:
		return say("artist similar: “%s”", r.Local)
	case Unknown:
		return say("artist cannot be compared")
	}
	return say("other artist: “%s”", r.Local)
}

func (r Reason) album(say func(string, ...any) string) string {
	switch r.What {
	case Same:
		return say("same album")
	case Similar:
		return say("similar album")
	case Differs:
		return say("other album")
	}
	return ""
}

func (r Reason) duration(say func(string, ...any) string) string {
	switch {
	case abs(r.Delta) <= 1:
		return say("same length")
	case r.Delta > 0:
		return say("%d s longer", r.Delta)
	}
	return say("%d s shorter", -r.Delta)
}

func (r Reason) version(say func(string, ...any) string) string {
	switch {
	case r.What == Part:
		return say("%s, which was not asked for", r.Note)
	case r.Local != "":
		return say("not chosen: %s", r.Note)
	}
	return say("not chosen: not the %s asked for", r.Note)
}

// choice says why another file of the recording was chosen, or this one.
func (r Reason) choice(say func(string, ...any) string) string {
	if r.What == Same {
		return say("on the release that other tracks of its album were found on")
	}
	switch r.Note {
	case "recording", "score":
		return say("not chosen: less alike")
	case "album":
		return say("not chosen: on another album than the one chosen")
	case "marking":
		return say("not chosen: the one chosen is censored, or not, as asked for")
	case "length":
		return say("not chosen: the one chosen is nearer in length")
	case "release":
		return say("not chosen: albums come before singles, compilations and concerts")
	}
	return say("not chosen: as good as the one chosen")
}

func (r Reason) library(say func(string, ...any) string) string {
	switch {
	case r.What == Ambiguous:
		return say("another file fits as well")
	case r.What == Part && r.Note == "":
		return say("only another version is here")
	case r.What == Part && r.Local != "":
		return say("only another version is here: %s", r.Note)
	case r.What == Part:
		return say("only another version is here: not the %s asked for", r.Note)
	case r.What == Similar:
		return say("the artist is here, not this song")
	}
	return say("nothing like it is here")
}
