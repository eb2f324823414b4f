package playlists

import (
	"errors"
	"fmt"
)

// Code classifies a Problem, so that each front end can answer in its own terms (an exit code, an HTTP status).
type Code string

const (
	Invalid     Code = "invalid"     // what was asked makes no sense
	NotFound    Code = "not found"   // or secret: the two look alike
	Gone        Code = "gone"        // was here, withdrawn
	Forbidden   Code = "forbidden"   // known, but not allowed
	Unavailable Code = "unavailable" // somebody else's fault, may pass by itself
)

// Problem is an error with two audiences: Say is a plain sentence for the person (what failed, why, what to do), Err
// the cause for the operator's log. Say holds no secret.
type Problem struct {
	Code Code
	Say  string
	Err  error

	format string // of Say, which names it in other languages
	args   []any
}

// Problemf returns a Problem whose sentence is the formatted text. cause may be nil.
func Problemf(code Code, cause error, format string, args ...any) error {
	return &Problem{Code: code, Say: fmt.Sprintf(format, args...), Err: cause, format: format, args: args}
}

func (p *Problem) Error() string {
	if p.Err == nil {
		return p.Say
	}
	return p.Say + ": " + p.Err.Error()
}

func (p *Problem) Unwrap() error { return p.Err }

// Say returns the sentence of err that a person may read, "" when it has none (then the details are for the log only).
func Say(err error) string {
	var p *Problem
	if errors.As(err, &p) {
		return p.Say
	}
	return ""
}

// SayIn is Say in another language: translate returns the format in it, with the same verbs, or "" for one that it does
// not know. Then the sentence is the English one.
func SayIn(err error, translate func(format string) string) string {
	var p *Problem
	if !errors.As(err, &p) {
		return ""
	}
	if format := translate(p.format); format != "" && p.format != "" {
		return fmt.Sprintf(format, p.args...)
	}
	return p.Say
}

// CodeOf returns the code of the outermost Problem in err, "" when there is none.
func CodeOf(err error) Code {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}
