package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestTwoClicksReadTheMusicServerOnce(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	reached, goOn := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "getPlaylists") {
			reached <- struct{}{}
			<-goOn
		}
		h.music.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	_, err := h.bridge.Connect(t.Context(), alice.ID, slow.URL, "alice", "wonder")
	h.ok(err)

	first := make(chan answer)
	go func() { first <- h.post("/playlists/read") }()
	<-reached
	if said := h.follow(h.post("/playlists/read")).one("[role=status]"); !strings.Contains(said, "being read already") {
		t.Errorf("the second click: %s", said)
	}
	// Nor does the daemon read it meanwhile: it would be stuck here.
	h.step(h.bridge.PollOnce)
	close(goOn)
	if said := h.follow(<-first).one("[role=status]"); !strings.Contains(said, "read just now") {
		t.Errorf("the first: %s", said)
	}
}

func TestAMusicServerIsNotReadAsOftenAsSomebodyClicks(t *testing.T) {
	t.Parallel()
	h, c := guarded(t)
	h.signIn("alice", "wonder")
	for range 3 {
		h.post("/playlists/read")
	}
	asked := h.asked.Load()
	if said := h.follow(h.post("/playlists/read")).one("[role=status]"); !strings.Contains(said, "several times") || h.asked.Load() != asked {
		t.Errorf("the fourth time: %s", said)
	}
	c.forward(20 * time.Second)
	if h.post("/playlists/read"); h.asked.Load() == asked {
		t.Error("she can ask no more")
	}
}
