package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

const (
	maxParts    = 8        // of a form with a file
	aroundParts = 64 << 10 // bytes of what is around the file
)

// upload is what the form of follow.html sends.
type upload struct {
	target string
	name   string              // of the file
	file   *playlists.Playlist // in it; nil when none was chosen
}

// readUpload reads a form with or without a file, part by part: nothing of it is written to a disk.
func readUpload(w http.ResponseWriter, r *http.Request) (u upload, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		form, err := readForm(w, r, maxForm)
		return upload{target: playlists.CleanText(form.Get("target"), maxTarget)}, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, formats.MaxBytes+aroundParts)
	parts, err := r.MultipartReader()
	if err != nil {
		return u, unreadable(err)
	}
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return u, nil
		}
		if err != nil {
			return u, unreadable(err)
		}
		if err := u.take(part); err != nil {
			return u, err
		}
	}
	return u, unreadable(nil)
}

// take reads one part of a form.
func (u *upload) take(part *multipart.Part) error {
	switch part.FormName() {
	case "target":
		text, err := io.ReadAll(io.LimitReader(part, maxForm))
		if err != nil {
			return unreadable(err)
		}
		u.target = playlists.CleanText(string(text), maxTarget)
	case "file":
		return u.takeFile(part)
	}
	return nil
}

func (u *upload) takeFile(part *multipart.Part) error {
	data, err := io.ReadAll(io.LimitReader(part, formats.MaxBytes+1))
	if err != nil {
		return unreadable(err)
	}
	// Some browsers send the whole path, which is nobody's business.
	name := playlists.CleanText(path.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), playlists.MaxText)
	if len(data) == 0 && part.FileName() == "" {
		return nil // no file was chosen
	}
	p, err := formats.Read(name, data)
	if err == nil && len(p.Tracks) == 0 {
		err = playlists.Problemf(playlists.Invalid, nil, "%s names no tracks, so there is nothing to import.", name)
	}
	u.name, u.file = name, &p
	return err
}

// unreadable is the error for a form that broke off, or is too large.
func unreadable(cause error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(cause, &tooLarge) {
		return playlists.Problemf(playlists.Invalid, cause, "The file is larger than %d MB, the most that Songferry reads. Split the playlist to import it.", formats.MaxBytes>>20)
	}
	return playlists.Problemf(playlists.Invalid, cause, "That form cannot be read.")
}
