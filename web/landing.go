package web

import (
	"net/http"
	"time"
)

// sourceCode is where the program's source is. The licence asks that everybody who uses it is told.
const sourceCode = "https://github.com/songferry/songferry"

// landing says what this is. It lists nothing and nobody: who publishes here tells friends the address.
func (s *site) landing(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, "landing", page{
		Title:       s.words(r).say("Songferry: playlists for friends"),
		Description: s.words(r).say("A bridge that carries playlists, not music, between friends’ music servers."),
		Kind:        "website",
		Address:     s.absolute("/"),
	}, time.Time{})
}
