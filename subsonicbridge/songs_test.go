package subsonicbridge_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

func TestEverySongOfTheLibraryIsReadOnce(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		for i := range 1_300 {
			w.AddSong(playlists.Track{Title: fmt.Sprintf("Other %d", i), Artist: "A", Album: fmt.Sprint(i % 9)})
		}
		var got []string
		must(t, w.client.EachSong(t.Context(), func(batch []subsonicbridge.Song) error {
			for _, s := range batch {
				got = append(got, s.ID)
			}
			return nil
		}))
		want := w.Songs()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("read %d songs, want each of %d once", len(got), len(want))
		}
	})
}

func TestAReaderOfTheLibraryMayStop(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		enough := errors.New("enough")
		err := w.client.EachSong(t.Context(), func([]subsonicbridge.Song) error { return enough })
		if !errors.Is(err, enough) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheScanKeyMovesWithAScanOnly(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		key := func() string {
			k, _, err := w.client.ScanKey(t.Context())
			must(t, err)
			return k
		}
		first := key()
		w.SetPlaylist(w.AddPlaylist("ada", "Mix"), w.songs[0])
		if again := key(); again != first {
			t.Errorf("%q became %q without a scan", first, again)
		}
		w.AddSong(playlists.Track{Title: "New"})
		w.Rescan()
		if after := key(); after == first && first != "" {
			t.Errorf("%q stayed", first)
		}
		if (first == "") != (w.login.Method == subsonicbridge.Password) { // supysonic cannot tell
			t.Errorf("key %q", first)
		}
	})
}
