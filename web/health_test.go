package web_test

import (
	"context"
	"errors"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if a := w.get("/livez"); a.StatusCode != 200 || a.text != "alive\n" {
		t.Errorf("livez: %d %q", a.StatusCode, a.text)
	}
	if a := w.get("/readyz"); a.StatusCode != 200 || a.text != "ready\n" {
		t.Errorf("readyz: %d %q", a.StatusCode, a.text)
	}
	for err, say := range map[error]string{
		playlists.Problemf(playlists.Unavailable, errors.New("secret"), "The database is being upgraded."): "The database is being upgraded.\n",
		errors.New("secret detail"): "The bridge is not ready; its log says why.\n",
	} {
		w := setup(t, notReady(err))
		if a := w.get("/readyz"); a.StatusCode != 503 || a.text != say {
			t.Errorf("readyz: %d %q", a.StatusCode, a.text)
		}
		if a := w.get("/livez"); a.StatusCode != 200 {
			t.Errorf("livez while not ready: %d", a.StatusCode)
		}
	}
}

func notReady(err error) func(*config) {
	return func(c *config) { c.Ready = func(context.Context) error { return err } }
}
