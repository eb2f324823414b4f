package playlists

import "errors"

// Code classifies a Problem, so that each front end can answer in its own terms (an exit code, an HTTP status).
type Code string

const (
	Invalid     Code = "invalid"     // what was asked makes no sense
	NotFound    Code = "not found"   // or secret: the two look alike
	Gone        Code = "gone"        // was here, withdrawn
	Forbidden   Code = "forbidden"   // known, but not allowed
	Unavailable Code = "unavailable" // somebody else's fault, may pass by itself
)

// Problem is an error with two audiences: Sentence is for the person (what failed, why, what to do), Err the cause for
// the operator's log. Sentence holds no secret.
type Problem struct {
	Code     Code
	Sentence Sentence
	Err      error
}

// Problemf returns a Problem whose sentence is the formatted text. cause may be nil.
func Problemf(code Code, cause error, format string, args ...any) error {
	return &Problem{Code: code, Sentence: Sentencef(format, args...), Err: cause}
}

func (p *Problem) Error() string {
	if p.Err == nil {
		return p.Sentence.String()
	}
	return p.Sentence.String() + ": " + p.Err.Error()
}

func (p *Problem) Unwrap() error { return p.Err }

// SentenceOf returns the sentence of err that a person may read. It is zero when there is none (then the details are for
// the log only).
func SentenceOf(err error) Sentence {
	var p *Problem
	if errors.As(err, &p) {
		return p.Sentence
	}
	return Sentence{}
}

// Say returns the sentence of err in English, "" when it has none.
func Say(err error) string { return SentenceOf(err).String() }

// CodeOf returns the code of the outermost Problem in err, "" when there is none.
func CodeOf(err error) Code {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}
