package subsonicbridge

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

func TestTheIndexCacheIsBoundedAndForgets(t *testing.T) {
	t.Parallel()
	var c indexCache
	now := time.Now()
	names := []playlists.ID{"a", "b", "c", "d", "e"}
	for i, name := range names {
		c.put(cachedIndex{account: name, generation: "1", index: &match.Index{}, used: now.Add(time.Duration(i) * time.Second)})
		c.get("a", "1", now) // a is used all the time
	}
	if c.get("a", "1", now) == nil || c.get("b", "1", now) != nil || len(c.entries) != maxIndexes {
		t.Errorf("after %d accounts: %+v", len(names), c.entries)
	}
	if c.get("a", "2", now) != nil {
		t.Error("an outdated index was handed out")
	}
	c.put(cachedIndex{account: "a", generation: "2", index: &match.Index{}, used: now})
	if c.get("a", "1", now) != nil || c.get("a", "2", now) == nil {
		t.Error("the new index did not replace the old one")
	}
	c.dropIdle(now.Add(time.Hour))
	if len(c.entries) != 0 {
		t.Errorf("after an hour: %+v", c.entries)
	}
}

func TestRetryDelay(t *testing.T) {
	t.Parallel()
	for attempts, want := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 4: 8 * time.Minute, 7: time.Hour, 1_000_000: time.Hour} {
		if got := retryDelay(attempts, time.Minute, time.Hour); got != want {
			t.Errorf("after %d failures: %v, want %v", attempts, got, want)
		}
	}
}

func TestDoubt(t *testing.T) {
	t.Parallel()
	full, few := rowsOf("A B C D E F G H I J K L"), rowsOf("A B C")
	for _, c := range []struct {
		name   string
		before int // rows of the source when it was last written
		server []entry
		list   []entry
		ok     bool // a person let it shrink
		asks   bool
	}{
		{"nothing changed", 12, full, full, false, false},
		{"the source shrank", 40, full, full, false, true},
		{"the source shrank, and may", 40, full, full, true, false},
		{"the library lost most of the list", 12, full, few, false, true},
		{"and may", 12, full, few, true, false},
		{"the person took most of it out", 12, few, few, false, false},
		{"all was replaced", 12, full, rowsOf("M N O P Q R S T U V W X"), false, false},
	} {
		w := &writer{m: &mirror{SourceRows: c.before}, source: playlists.Playlist{Revision: 3, Tracks: make([]playlists.Track, 12)}}
		if c.ok {
			w.m.Accepted = 3
		}
		if note := w.doubt(edits{Written: full, Server: c.server}, merged{List: c.list}); (note.String() != "") != c.asks {
			t.Errorf("%s: %q", c.name, note)
		}
	}
}
