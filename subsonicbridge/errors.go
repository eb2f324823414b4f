package subsonicbridge

import (
	"errors"
	"fmt"
)

// APIError is a refusal by the server, in the terms of the Subsonic API.
type APIError struct {
	Code    int // https://opensubsonic.netlify.app/docs/responses/error/
	Message string
}

func (e *APIError) Error() string { return fmt.Sprintf("subsonic error %d: %s", e.Code, e.Message) }

// NotFound reports whether err says that the playlist or song is not there (error 70 and its variants).
func NotFound(err error) bool {
	var e *APIError
	return errors.As(err, &e) && e.Code == 70
}

// Unauthorized reports whether err says that the login is not valid (any more).
func Unauthorized(err error) bool {
	var e *APIError
	return errors.As(err, &e) && e.Code >= 40 && e.Code <= 44
}
