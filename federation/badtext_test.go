package federation

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestC58ATimeNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	for members, want := range map[string][2]string{
		`"published":"2026-01-02T03:04:05Z","updated":"2025-01-02T03:04:05Z"`:      {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"},
		`"published":"2036-01-02T03:04:05Z","updated":"2036-01-02T03:04:06+02:00"`: {"2036-01-02T03:04:05Z", "2036-01-02T03:04:05Z"},
		`"published":"-0001-01-02T03:04:05Z","updated":"2026-13-45T03:04:05Z"`:     {"", ""},
		`"published":"2026-01-02"`: {"", ""},
	} {
		c, err := decodeCollection(collectionWith(`"attributedTo":"https://m.example/u",` + members))
		if err != nil || dateTime(c.Published) != want[0] || dateTime(c.Updated) != want[1] {
			t.Errorf("%s: %v, %s to %s", members, err, dateTime(c.Published), dateTime(c.Updated))
		}
	}
}

// syncBuffer is a log that a test reads while others write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestC59NothingFromOutsideMovesTheCursorOfWhoReadsTheLog(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	w := newWorld(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	other := w.instance()
	const odd = "\x1b[31mred\x1b]0;title\x07\r\nlevel=ERROR msg=forged \u202e"
	bob := other.AddActor("bob", map[string]any{"name": odd, "preferredUsername": odd})
	mix := w.list(other, "mix", "One")
	other.Change(mix.actor, map[string]any{"name": odd})
	want := w.wants(w.alice, mix.actor.ID)
	for _, body := range [][]byte{
		text(t, activity(bob, odd, 1, odd)), []byte(odd), text(t, map[string]any{"id": bob.ID + "#" + odd, "type": "Follow", "actor": bob.ID}),
		text(t, map[string]any{"id": bob.ID, "type": "Follow", "actor": bob.ID + odd}),
	} {
		w.post(bob, body)
		w.post(bob, body, func(r *http.Request) { r.Header.Set("Content-Type", "x/\u202e") })
	}
	forged := *bob
	forged.KeyID += "\u202e%1b"
	w.post(&forged, text(t, activity(bob, "Follow", 1, bob.ID)))
	other.Fail(mix.path(), func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", activityJSON)
		send(rw, []byte(`{"id":"`+mix.id+`","type":"\u001b[31m"}`))
	})
	w.reads(want.Playlist)
	w.steps()
	if got := log.String(); got == "" || strings.ContainsAny(got, "\x1b\x07\r\u202e") || strings.Contains(got, "\nlevel=") {
		t.Errorf("logged %q", got)
	}
}

func TestC59NamesOfOthersAreCleanedOnArrival(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		`a\u0000b`: "ab", `a\u202eb\u2066c`: "abc", `\ud800x`: "x", `a\u001b[31mb`: "a[31mb", `  a\nb  `: "a b", strings.Repeat("x", 1<<19): strings.Repeat("x", playlists.MaxText),
	} {
		a, err := decodeActor(actorWith(`"name":"` + given + `"`))
		if err != nil || a.Name != want {
			t.Errorf("%.40s becomes %.40q (%v), want %.40q", given, a.Name, err, want)
		}
	}
}
