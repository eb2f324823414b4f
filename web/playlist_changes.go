package web

import (
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

// change is a version of the source in short.
type change struct {
	At      time.Time
	Added   int
	Removed int
	Moved   int
	Renamed bool
	Names   []string // of tracks that were added, the first ones
}

// changeIn is a step without the names of its tracks.
func changeIn(step playlists.Step) change {
	return change{At: step.At, Added: len(step.Added), Removed: len(step.Removed), Moved: step.Moved, Renamed: step.Renamed}
}

// changed says what a version changed.
func (w words) changed(c change) string {
	var says []string
	if c.Added > 0 {
		says = append(says, w.say("%d added", c.Added))
	}
	if c.Removed > 0 {
		says = append(says, w.say("%d removed", c.Removed))
	}
	if c.Moved > 0 {
		says = append(says, w.say("%d moved", c.Moved))
	}
	if c.Renamed {
		says = append(says, w.say("renamed"))
	}
	if len(says) == 0 {
		return w.say("details changed")
	}
	return strings.Join(says, ", ")
}
