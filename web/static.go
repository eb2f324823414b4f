package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"time"

	"github.com/go-chi/chi/v5"
)

// static serves the files that are part of the program. Their addresses change with their content, so a year is safe.
func static(w http.ResponseWriter, r *http.Request) error {
	name := path.Join("static", path.Base(chi.URLParam(r, "file")))
	body, err := files.ReadFile(name)
	if err != nil {
		return nothingHere(w, r)
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	serve(w, r, mime.TypeByExtension(path.Ext(name)), body, time.Time{})
	return nil
}

// address is where a file is found, another one when it changes.
func address(name string) string { return "/static/" + name + "?v=" + fingerprint("static/"+name) }

// fingerprint returns a few characters that change with the content of an embedded file.
func fingerprint(name string) string {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("the program was built without %s: %v", name, err))
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:6])
}
