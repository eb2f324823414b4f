package federation

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/songferry/songferry/playlists"
)

// isNotFound reports whether err says that something is not, or no longer, here.
func isNotFound(err error) bool {
	code := playlists.CodeOf(err)
	return code == playlists.NotFound || code == playlists.Gone || errors.Is(err, sql.ErrNoRows)
}

func ignoreNotFound(err error) error {
	if isNotFound(err) {
		return nil
	}
	return err
}

// lasting reports whether err is an answer that asking again will not change.
func lasting(err error) bool {
	switch playlists.CodeOf(err) {
	case playlists.NotFound, playlists.Gone, playlists.Forbidden, playlists.Invalid:
		return true
	}
	return false
}

// problemStatus is the HTTP status for err, for machines; the sentence goes into the body.
func (f *Federation) problemStatus(err error) int {
	switch playlists.CodeOf(err) {
	case playlists.NotFound:
		return http.StatusNotFound
	case playlists.Gone:
		return http.StatusGone
	case playlists.Invalid:
		return http.StatusBadRequest
	case playlists.Forbidden:
		return http.StatusForbidden
	case playlists.Unavailable:
		return http.StatusServiceUnavailable
	}
	if f.unusable != nil && f.unusable(err) {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
