package web

import (
	"net/http"
	"time"
)

// manifest makes Songferry an app that phones and browsers can install (W3C Web Application Manifest).
func manifest(w http.ResponseWriter, r *http.Request) error {
	body, err := files.ReadFile("static/manifest.webmanifest")
	if err != nil {
		return err
	}
	serve(w, r, "application/manifest+json", body, time.Time{})
	return nil
}
