package playlists

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"runtime"
	"strings"
)

// Unnamed is what an error says with "…" for everything that it names: people, playlists, addresses of music servers.
// Logs are kept longer, and read by more people, than what they are about.
//
// A sentence keeps its words and numbers. An error that knows better what may be said has a method Unnamed.
func Unnamed(err error) string {
	switch e := err.(type) {
	case nil:
		return ""
	case interface{ Unnamed() string }:
		return e.Unnamed()
	case *url.Error: // all of the address, which net/http puts in front
		return strings.ToLower(e.Op) + ": " + Unnamed(e.Err)
	case interface{ Unwrap() []error }:
		return unnamedIn(err, e.Unwrap()...)
	}
	if inner := errors.Unwrap(err); inner != nil {
		return unnamedIn(err, inner)
	}
	return err.Error()
}

// unnamedIn is the text of an error around those that it wraps.
func unnamedIn(err error, inner ...error) string {
	text := err.Error()
	for _, e := range inner {
		if e != nil {
			text = strings.Replace(text, e.Error(), Unnamed(e), 1)
		}
	}
	return text
}

// Unnamed implements what the function of that name asks for.
func (p *Problem) Unnamed() string {
	if p.Err == nil {
		return p.Sentence.unnamed()
	}
	return p.Sentence.unnamed() + ": " + Unnamed(p.Err)
}

// unnamed is the sentence with "…" for whatever is not a number.
func (s Sentence) unnamed() string {
	if s.format == "" {
		return strings.Repeat("…", min(len(s.english), 1))
	}
	args := make([]any, len(s.args))
	for i, arg := range s.args {
		args[i] = unnamedArg(arg)
	}
	return fmt.Sprintf(s.format, args...)
}

func unnamedArg(arg any) any {
	if s, ok := arg.(Sentence); ok {
		return s.unnamed()
	}
	if v := reflect.ValueOf(arg); v.CanInt() || v.CanUint() || v.CanFloat() {
		return arg
	}
	return verbless("…")
}

// verbless is written as it is, whatever the verb.
type verbless string

// Format implements fmt.Formatter.
func (v verbless) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(v)) } // a buffer takes everything

// maxFrames is how many functions an error about a panic names.
const maxFrames = 16

// Panicked makes an error of what was recovered from a panic, and of where that was. It is called in the deferred function.
// What a library panics with may hold anything, and so may the arguments that the runtime writes into a stack: neither is told.
func Panicked(recovered any) error {
	what := fmt.Sprintf("%T", recovered)
	if known, ok := recovered.(runtime.Error); ok {
		what = known.Error()
	}
	callers := make([]uintptr, maxFrames)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)]) // from the runtime's own function on
	var where []string
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			where = append(where, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
	}
	return fmt.Errorf("panic: %s in %s", what, strings.Join(where, " < "))
}
