package subsonicbridge_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
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

// BenchmarkNewAlbum brings a copy of 1,000 tracks in line, of which the library of 2,000 songs has half, after an album
// of twelve was bought; beside it the same with every track resolved again, as when the rules change.
func BenchmarkNewAlbum(b *testing.B) {
	w := newHome(b, subsonictest.Navidrome)
	song := func(n int) playlists.Track {
		return playlists.Track{Title: invented(n) + " " + invented(n*7+1), Artist: "The " + invented(n/12*13+5),
			Album: invented(n / 12 * 3), Duration: 100 + n%200}
	}
	var wanted []playlists.Track
	for n := range 2_000 {
		w.server.AddSong(song(n))
		if n%2 == 0 {
			wanted = append(wanted, song(n+1_000))
		}
	}
	next := 20_000
	c, _, err := w.store.Record(b.Context(), playlists.Playlist{Origin: playlists.Remote, Source: aliceSource, Name: "All", Tracks: wanted})
	w.must(err)
	want := w.follow(c.Playlist)
	w.resolved(want)
	for name, before := range map[string]func(){
		"new album": func() {
			for range 12 {
				w.server.AddSong(song(next))
				next++
			}
			w.later()
		},
		"all again": func() { w.must(w.bridge.SetPolicy(b.Context(), w.bob.ID, match.SameRecording)); w.forgetRules(want) },
	} {
		b.Run(name, func(b *testing.B) {
			looked := 0
			for b.Loop() {
				b.StopTimer()
				before()
				b.StartTimer()
				looked += w.resolved(want)
			}
			b.ReportMetric(float64(looked)/float64(b.N), "looked-for")
		})
	}
}

// invented returns a word of four syllables, another one for each number.
func invented(n int) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	word := ""
	for h := uint32(n) * 2654435761; len(word) < 8; h /= 70 { // spread over all syllables
		word += string(consonants[h%14]) + string(vowels[h/14%5])
	}
	return word
}

// forgetRules makes a want's rows ones that were resolved by other rules.
func (w *home) forgetRules(x playlists.Want) {
	w.Helper()
	_, err := w.db.ExecContext(w.Context(), `UPDATE subsonic_mirrors SET rules = 'others' WHERE want_id = $1`, x.ID)
	w.must(err)
}
