package subsonicbridge_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// BenchmarkPollUnchanged polls an account of 100 playlists with 50 songs each, of which none has changed. The listing
// alone, what any poll must at least ask for, stands beside it as the limit; both include the test server's own time.
func BenchmarkPollUnchanged(b *testing.B) {
	w := newHome(b, subsonictest.Navidrome)
	var songs []string
	for i := range 50 {
		songs = append(songs, w.own(fmt.Sprint("Song ", i))...)
	}
	for i := range 100 {
		w.server.AddPlaylist("bob", fmt.Sprint("List ", i), songs...)
	}
	w.poll()
	b.Run("poll", func(b *testing.B) {
		for b.Loop() {
			w.must(w.bridge.PollAccount(b.Context(), w.bob.ID))
		}
	})
	b.Run("listing only", func(b *testing.B) {
		login, _, err := subsonicbridge.SignIn(b.Context(), http.DefaultClient, w.url, "bob", "bob's password")
		w.must(err)
		client := subsonicbridge.NewClient(login, http.DefaultClient)
		for b.Loop() {
			_, err := client.Playlists(b.Context())
			w.must(err)
		}
	})
}
