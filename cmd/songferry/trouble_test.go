package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"
)

// grumbler is a log and what was told to it.
type grumbler struct {
	complaints
	text bytes.Buffer
	now  time.Time
}

func (g *grumbler) logger() *slog.Logger { return slog.New(slog.NewTextHandler(&g.text, nil)) }

// fail lets a job fail every second for so long, and returns the lines that this costs.
func (g *grumbler) fail(job string, err error, d time.Duration) (lines int) {
	g.text.Reset()
	for range int(d / time.Second) {
		g.now = g.now.Add(time.Second)
		g.fails(g.logger(), job, err, g.now)
	}
	return strings.Count(g.text.String(), "\n")
}

func TestWhatGoesWrongEverySecondIsLoggedOnceAnHour(t *testing.T) {
	t.Parallel()
	g := &grumbler{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	boom, full := errors.New("boom"), fmt.Errorf("write: %w", syscall.ENOSPC)
	if n := g.fail("poll", boom, 3*time.Hour); n != 3 || !strings.Contains(g.text.String(), `msg="job failed" error=boom unsaid=3599`) {
		t.Errorf("in three hours %d lines: %s", n, &g.text)
	}
	if n := g.fail("poll", errors.New("bang"), time.Minute); n != 1 {
		t.Errorf("of something new %d lines", n)
	}
	if n := g.fail("poll", full, time.Minute) + g.fail("mirror", full, time.Minute); n != 1 {
		t.Errorf("of one full disk %d lines", n)
	}
	g.text.Reset()
	for range 3 {
		g.works(g.logger(), "poll", false)
		g.works(g.logger(), "mirror", true)
	}
	if n := strings.Count(g.text.String(), `msg="the database works again"`); n != 1 {
		t.Errorf("%d times it is said that the disk has room: %s", n, &g.text)
	}
	if n := g.fail("poll", full, 2*time.Minute); n != 1 {
		t.Errorf("of a disk that is full once more %d lines", n)
	}
}
