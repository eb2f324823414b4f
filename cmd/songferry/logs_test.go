package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// logLine is a line of a log in text form.
type logLine struct {
	text   string
	fields []logField
}

type logField struct{ key, value string }

// value returns that of a key, "" when there is none.
func (l logLine) value(key string) string {
	for _, f := range l.fields {
		if f.key == key {
			return f.value
		}
	}
	return ""
}

// readLine reads what slog.TextHandler wrote; ok is false for anything else.
func readLine(text string) (l logLine, ok bool) {
	l.text = text
	for rest := text; rest != ""; {
		var f logField
		if f.key, rest, ok = strings.Cut(rest, "="); !ok {
			return l, false
		}
		if quoted, err := strconv.QuotedPrefix(rest); err == nil && quoted[0] == '"' {
			if f.value, err = strconv.Unquote(quoted); err != nil {
				return l, false
			}
			rest = strings.TrimPrefix(rest[len(quoted):], " ")
		} else {
			f.value, rest, _ = strings.Cut(rest, " ")
		}
		l.fields = append(l.fields, f)
	}
	return l, len(l.fields) > 0 && l.fields[0].key == "time"
}

// mayLog is what the program may log, read once from its source and its manual.
var mayLog struct {
	once     sync.Once
	messages map[string]bool
	keys     map[string]bool
}

var (
	behindHost = regexp.MustCompile(`https?://[^/\s"]+/[^\s"…]`)
	longSecret = regexp.MustCompile(`[A-Za-z0-9_-]{40,}`) // as tokens of sessions are
)

// checkLog wants every line of a log to be one that the manual promises, and to hold nothing of what it must not.
func checkLog(t testing.TB, log string, never forbidden) {
	t.Helper()
	mayLog.once.Do(func() { mayLog.messages, mayLog.keys = readCalls(t).messages, documentedKeys(t) })
	codes := 0
	for text := range strings.Lines(log) {
		text = strings.TrimSuffix(text, "\n")
		if strings.HasPrefix(text, "songferry: ") {
			continue // the last words of a command, to whoever gave it
		}
		line, ok := readLine(text)
		if !ok || !mayLog.messages[line.value("msg")] {
			t.Errorf("this stands in the log, and is no message of ours: %s", text)
			continue
		}
		if line.value("code") != "" {
			codes++
		}
		for _, f := range line.fields {
			checkField(t, line, f, never)
		}
	}
	for _, code := range never.codes(log) {
		if n := strings.Count(log, code); n > 1 {
			t.Errorf("a set-up code stands %d times in the log, so after its use too: %s", n, log)
		}
	}
}

func checkField(t testing.TB, l logLine, f logField, never forbidden) {
	t.Helper()
	if f.key == "address" || f.key == "url" || f.key == "host" {
		never.names = nil // a curator without a name is called by the host
	}
	switch {
	case !mayLog.keys[f.key]:
		t.Errorf("INSTALL.md does not tell of the key %s: %s", f.key, l.text)
	case f.key == "msg", f.key == "time", f.key == "level", f.key == "bridge": // constant; a test's own name for a bridge
	case f.key == "page", f.key == "file", f.key == "code": // of this installation
	case behindHost.MatchString(f.value):
		t.Errorf("an address with more than a host is in the log: %s", l.text)
	case longSecret.MatchString(f.value) && f.key != "activity" && f.key != "error":
		t.Errorf("what looks like a secret is in the log: %s", l.text)
	default:
		if what := never.in(f.value); what != "" {
			t.Errorf("%q is in the log: %s", what, l.text)
		}
	}
}

// watched makes the log of a bridge in this process, which keeps its data in the folder of s. When the test ends, and all that
// it opened is closed, every line is read. name tells the bridges of a test apart.
func watched(t testing.TB, s Settings, name string) *slog.Logger {
	t.Helper()
	var log safeBuffer
	t.Cleanup(func() { checkLog(t, log.String(), forbiddenIn(t, databaseOf(t, s), s.Data)) })
	return s.logger(io.MultiWriter(t.Output(), &log)).With("bridge", name)
}

// safeBuffer may be written by several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// What is found in logs is found, so that the check is one.
func TestALogThatSaysTooMuchIsNoticed(t *testing.T) {
	t.Parallel()
	const begins = "time=2026-01-02T03:04:05.000Z level=INFO msg="
	for wrong, line := range map[string]string{
		"no message of ours":    begins + `"alice signed in"`,
		"does not tell of":      begins + "stopped who=somebody",
		"no message":            "panic: runtime error",
		"more than a host":      begins + `stopped error="get https://music.example/users/7: gone"`,
		"looks like a secret":   begins + "stopped host=" + strings.Repeat("a1", 22),
		`"Road trip"`:           begins + `stopped error="Road trip: gone"`,
		`"alice"`:               begins + "stopped account=alice",
		`"correct horse"`:       begins + `stopped error="p=correct horse&v=1"`,
		`"navidrome.home:4533"`: begins + `stopped error="dial navidrome.home:4533"`,
		"times in the log":      begins + "stopped code=ABCD-EFGH-JKLM-NOPQ\n" + begins + "stopped code=ABCD-EFGH-JKLM-NOPQ",
	} {
		r := &recorder{TB: t}
		checkLog(r, line, forbidden{secrets: []string{"correct horse", "navidrome.home:4533"}, names: []string{"Road trip", "alice"}})
		if !strings.Contains(r.said, wrong) {
			t.Errorf("%s: %q, want %q", line, r.said, wrong)
		}
	}
	r := &recorder{TB: t}
	checkLog(r, begins+"stopped account=malice host=music.example\nsongferry: What is wrong.\n", forbidden{names: []string{"alice"}})
	if r.said != "" {
		t.Errorf("of a good log: %s", r.said)
	}
}

// recorder takes the errors of a check that is itself tested.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) + "\n" }
