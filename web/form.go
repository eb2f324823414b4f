package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

const (
	maxForm  = 16 << 10 // bytes of a form without a file, and of what a form has beside its file
	maxParts = 8        // of a form with a file
)

// readForm returns what a form sent, at most max bytes of it.
func readForm(w http.ResponseWriter, r *http.Request, max int64) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, max)
	if err := r.ParseForm(); err != nil {
		return nil, unreadable(err)
	}
	return r.PostForm, nil
}

// upload is what a form with a file sent.
type upload struct {
	url.Values
	FileName string // as the browser sent it, "" when no file was chosen
	File     []byte
}

// readUpload reads a form with or without a file of at most max bytes, part by part: nothing of it is written to a disk.
func readUpload(w http.ResponseWriter, r *http.Request, max int64) (u upload, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		u.Values, err = readForm(w, r, max)
		return u, err
	}
	u.Values = url.Values{}
	r.Body = http.MaxBytesReader(w, r.Body, max+maxParts*maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return u, unreadable(err)
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err == nil {
			err = u.take(part, max)
		}
		if err != nil {
			return u, unreadable(err)
		}
		if int64(len(u.File)) > max {
			return u, nil
		}
	}
	return u, unreadable(nil)
}

// take keeps one part of a form. Of a file that is too large one byte more than it may have is kept: whoever reads files of
// its kind says so.
func (u *upload) take(part *multipart.Part, max int64) (err error) {
	if part.FormName() == "file" {
		u.FileName = part.FileName()
		u.File, err = io.ReadAll(io.LimitReader(part, max+1))
		return err
	}
	text, err := io.ReadAll(io.LimitReader(part, maxForm))
	u.Add(part.FormName(), string(text))
	return err
}

// unreadable is the error for a form that broke off, is too large, or is none of ours.
func unreadable(cause error) error {
	return playlists.Problemf(playlists.Invalid, cause, "That form cannot be read.")
}

// cleanLine returns what was typed into a field of one line.
func cleanLine(form url.Values, name string) string {
	return playlists.CleanText(form.Get(name), playlists.MaxText)
}

// statusOfForm is the status of a form that is shown again with what is wrong.
func statusOfForm(err error) int {
	if playlists.CodeOf(err) == playlists.Unavailable {
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}
