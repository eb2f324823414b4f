package web

import (
	"net/http"
	"time"
)

// Term is a word of the documents that programs get from this bridge.
type Term struct {
	Name, IRI, Vocabulary string
	Of, Value             string // "" for a type
	Meaning, Example      string
}

// vocabulary explains the words to those who write programs.
func (s *site) vocabulary(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, "vocabulary", page{
		Title:       "The words of Songferry’s documents",
		Description: "What the ActivityPub documents of a Songferry bridge hold beyond ActivityStreams.",
		Kind:        "website",
		Address:     s.absolute("ns"),
		Content:     s.Vocabulary,
	}, time.Time{})
}
