package playlists_test

import (
	"fmt"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// BenchmarkRecord keeps a new version of a playlist of 100 tracks at each turn; unchanged finds that nothing is new.
func BenchmarkRecord(b *testing.B) {
	for _, changes := range []bool{true, false} {
		b.Run(map[bool]string{true: "changed", false: "unchanged"}[changes], func(b *testing.B) {
			s, alice := setup(b)
			p := playlists.Playlist{ID: playlists.NewID(), Owner: alice.ID, Origin: playlists.Local, Name: "Road trip"}
			for i := range 100 {
				p.Tracks = append(p.Tracks, playlists.Track{Title: fmt.Sprint("Title ", i), Artist: "The Lanterns", Album: "Nightfall", Duration: 200 + i})
			}
			record(b, s, p)
			for i := 0; b.Loop(); i++ {
				if changes {
					p.Tracks[i%100].Title = fmt.Sprint("Edit ", i)
				}
				record(b, s, p)
			}
		})
	}
}
