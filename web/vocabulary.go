package web

import (
	"net/http"
	"time"

	"github.com/songferry/songferry/federation"
)

// vocabulary explains the words of the documents that programs get from this bridge, to those who write programs.
func (s *site) vocabulary(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, "vocabulary", page{
		Title:       "The words of Songferry’s documents",
		Description: "What the ActivityPub documents of a Songferry bridge hold beyond ActivityStreams.",
		Kind:        "website",
		Address:     s.absolute("ns"),
		Content:     federation.Vocabulary(),
	}, time.Time{})
}
