package main

import (
	"log/slog"
	"sync"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

// explainTrouble says in words why the database cannot be used, if that is what an error is about and it does not say so itself.
func explainTrouble(err error) error {
	if cause := migrations.Trouble(err); cause != nil && playlists.Say(err) == "" {
		return playlists.Problemf(playlists.Unavailable, err, "%s.", cause)
	}
	return err
}

// isTrouble reports whether an error is about the database, and goes away with what is wrong there.
func isTrouble(err error) bool { return migrations.Trouble(err) != nil }

// complaints are what the log was told of jobs that fail. They are repeated every second; the log is not.
type complaints struct {
	mu   sync.Mutex
	told map[string]complaint // by job, or "" for the database, which many jobs need at the same time
}

// complaint is what goes wrong with one job.
type complaint struct {
	text  string
	at    time.Time // when the log was last told
	times int       // since then
	over  bool      // it has been well since
}

const (
	complainAgain = time.Hour   // the same for as long
	complainSoon  = time.Minute // the same that was well in between
)

// fails tells the log that a job failed: at once when that is new, else once an hour.
func (c *complaints) fails(log *slog.Logger, job string, err error, now time.Time) {
	text, cause := err.Error(), migrations.Trouble(err)
	if cause != nil {
		job, text = "", cause.Error()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	last := c.told[job]
	since := now.Sub(last.at).Abs()
	if last.text == text && (since < complainSoon || !last.over && since < complainAgain) {
		last.times++
		c.told[job] = last
		return
	}
	if c.told == nil {
		c.told = map[string]complaint{}
	}
	c.told[job] = complaint{text: text, at: now}
	if cause != nil {
		log.Error("the database cannot be used", "cause", text, "error", err, "unsaid", last.times)
		return
	}
	log.Error("job failed", "error", err, "unsaid", last.times)
}

// works notes that a job is well, and tells the log when the database is.
func (c *complaints) works(log *slog.Logger, job string, database bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end(job)
	if database && c.end("") {
		log.Info("the database works again")
	}
}

// end notes that what the log was told of a job is over, and reports whether it was not before.
func (c *complaints) end(job string) bool {
	last, told := c.told[job]
	if !told || last.over {
		return false
	}
	last.over = true
	c.told[job] = last
	return true
}
