package web

import (
	"net/http"
	"strings"
	"time"
)

// privacyView is what privacy.html shows to everybody: what is kept here of whom, and whom to write to.
type privacyView struct {
	Kept    kept
	Contact string // an e-mail address or that of a page, "" when nobody has named one
	Write   string // what leads there
}

func (s *site) privacy(w http.ResponseWriter, r *http.Request) error {
	view := privacyView{Kept: keptHere(), Contact: s.Contact, Write: linkTo(s.Contact)}
	return s.show(w, r, "privacy", page{Title: s.words(r).say("What is kept here"), Address: s.absolute("privacy"), Content: view}, time.Time{})
}

// linkTo leads to a contact: by mail, unless it is a page.
func linkTo(contact string) string {
	if contact == "" || strings.HasPrefix(contact, "https://") {
		return contact
	}
	return "mailto:" + contact
}
