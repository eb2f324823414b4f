package subsonicbridge_test

import (
	"errors"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// TestALoginIsTheFirstNewAccounts: somebody pressed the button twice, and both times the music server let them in before anything was
// kept.
func TestALoginIsTheFirstNewAccounts(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddUser("carol", "secret")
	ask := func(user string) subsonicbridge.Admission {
		t.Helper()
		a, err := w.bridge.Ask(t.Context(), subsonicbridge.Anywhere, w.url, user, "secret")
		w.must(err)
		if a.Account != "" {
			t.Errorf("%s has the login already", a.Account)
		}
		return a
	}
	twice := []subsonicbridge.Admission{ask("carol"), ask("carol")}
	for n, want := range []error{nil, subsonicbridge.ErrHeld} {
		a, err := w.store.AddAccount(t.Context(), playlists.Account{Name: "Carol"})
		w.must(err)
		if err := w.bridge.KeepFirst(t.Context(), a.ID, twice[n]); !errors.Is(err, want) {
			t.Errorf("%d: %v, want %v", n, err, want)
		}
		if _, err := w.bridge.Status(t.Context(), a.ID); (playlists.CodeOf(err) == playlists.NotFound) != (want != nil) {
			t.Errorf("%d: its music server: %v", n, err)
		}
	}
}
