package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestWhatIsLookedAtIsBounded(t *testing.T) {
	t.Parallel()
	h, account := friend(t)
	var last answer
	for range 6 {
		last = h.post("/follow", "target", "@x@x.example")
	}
	if last.StatusCode != http.StatusServiceUnavailable || !strings.Contains(last.one("[role=alert]"), "Wait until they are done") {
		t.Errorf("the sixth: %d", last.StatusCode)
	}
	for range 30 {
		h.post("/follow", "target", h.server.URL+"/@nobody")
		h.step(h.lookups.LookupOnce)
	}
	var kept int
	h.ok(h.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM lookups WHERE account_id = $1`, account.ID).Scan(&kept))
	if kept > 20 {
		t.Errorf("%d are kept", kept)
	}
}

func TestALookupThatIsBrokenOffIsDoneAgain(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	ctx, stop := context.WithCancel(t.Context())
	broken := true
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken {
			stop() // the daemon is told to stop in the middle
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "audio/x-mpegurl")
		_, _ = io.WriteString(w, "#EXTM3U\n#EXTINF:305,Björk - Jóga\njoga.mp3\n")
	}))
	t.Cleanup(remote.Close)
	path := h.post("/follow", "target", remote.URL+"/list.m3u8").Header.Get("Location")
	if n, err := h.lookups.LookupOnce(ctx); n != 0 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	broken = false
	h.step(h.lookups.LookupOnce)
	if page := h.get(path); page.one(".is-here strong") != "1" {
		t.Errorf("%s", page.text)
	}
}

func TestWhatADeadProcessLookedAtIsTakenOver(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	h.post("/follow", "target", h.server.URL+"/@nobody")
	h.exec(`UPDATE lookups SET lease = $1`, time.Now().Add(time.Hour).UnixMilli())
	if n, err := h.lookups.LookupOnce(t.Context()); n != 0 || err != nil {
		t.Errorf("what another process has in hand is done twice: %d, %v", n, err)
	}
	h.ok(h.lookups.TakeOver(t.Context()))
	if n, err := h.lookups.LookupOnce(t.Context()); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// TestWhatAnotherProcessLooksAtIsItsToSay: whoever was stopped for a while in the middle keeps nothing of what it found.
func TestWhatAnotherProcessLooksAtIsItsToSay(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	const others = 4_000_000_000_000
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.exec(`UPDATE lookups SET lease = $1`, others)
		w.Header().Set("Content-Type", "audio/x-mpegurl")
		_, _ = io.WriteString(w, "#EXTM3U\n#EXTINF:305,Björk - Jóga\njoga.mp3\n")
	}))
	t.Cleanup(remote.Close)
	h.post("/follow", "target", remote.URL+"/list.m3u8")
	if _, err := h.lookups.LookupOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	var lease int64
	var result string
	h.ok(h.db.QueryRowContext(t.Context(), `SELECT lease, result FROM lookups`).Scan(&lease, &result))
	if lease != others || result != "" {
		t.Errorf("lease %d, result %q", lease, result)
	}
}
