package main

import (
	"io"
	"log"
	"log/slog"
	"net/http"
	"regexp"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// logger makes the log. What it may hold is promised in INSTALL.md: constant messages, and no word about a person.
func (s Settings) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	// kong has checked the name.
	_ = level.UnmarshalText([]byte(s.LogLevel))
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: discreet}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// paths are of addresses: behind the host may stand the name of a person, or a secret.
var paths = regexp.MustCompile(`(https?://)(?:[^/\s"']*@)?([^/\s"'@]+)/[^\s"']+`)

// discreet takes out of errors whom and what they name. All errors go through here, so that nobody can forget it.
func discreet(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		a.Value = slog.StringValue(paths.ReplaceAllString(playlists.Unnamed(err), "$1$2/…"))
	}
	return a
}

// survive answers what a handler that panics leaves unanswered, and logs where that was.
func (b *bridge) survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch reason := recover(); reason {
			case nil:
			case http.ErrAbortHandler:
				panic(reason) // the handler's way to break an answer off
			default:
				b.log.Error("request panicked", "route", chi.RouteContext(r.Context()).RoutePattern(), "error", playlists.Panicked(reason))
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// visitors are addresses of machines in what net/http complains of.
var visitors = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+(:\d+)?|\[[0-9a-fA-F:.%\w]+\](:\d+)?`)

// complaints is the log of net/http, which says there what strangers do wrong.
func (b *bridge) complaints() *log.Logger {
	return log.New(writer(func(line []byte) {
		b.log.Debug("connection went wrong", "cause", string(visitors.ReplaceAll(line[:len(line)-1], []byte("…"))))
	}), "", 0)
}

// writer takes what is written to it, a line at a time.
type writer func(line []byte)

func (w writer) Write(line []byte) (int, error) {
	w(line)
	return len(line), nil
}
