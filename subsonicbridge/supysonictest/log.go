package supysonictest

import (
	"bufio"
	"io"
	"regexp"
	"strings"
	"sync"
)

// serverLog keeps the first lines of what a server writes, for a failed test's report.
type serverLog struct {
	mu    sync.Mutex
	lines []string
}

const maxLogLines = 500

var announcement = regexp.MustCompile(`Listening at: (http://127\.0\.0\.1:\d+)`)

// follow reads r to its end. It sends the address that gunicorn announces; from then on connections are queued, so
// no polling is needed. It closes listening at the end, which tells a waiting Start that the server died.
func (l *serverLog) follow(r io.Reader, listening chan<- string) {
	defer close(listening)
	for sc := bufio.NewScanner(r); sc.Scan(); {
		if found := announcement.FindStringSubmatch(sc.Text()); found != nil {
			listening <- found[1]
		}
		l.mu.Lock()
		if len(l.lines) < maxLogLines {
			l.lines = append(l.lines, sc.Text())
		}
		l.mu.Unlock()
	}
}

// String returns the lines kept so far.
func (l *serverLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}
