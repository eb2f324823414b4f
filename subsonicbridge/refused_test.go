package subsonicbridge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// refused checks the titles that bob took out of a copy.
func (w *home) refused(x playlists.Want, titles ...string) []subsonicbridge.RefusedSong {
	w.Helper()
	all, err := w.bridge.Refused(w.Context(), x.ID)
	w.must(err)
	var got []string
	for _, r := range all {
		got = append(got, r.Track.Title)
	}
	if !slices.Equal(got, titles) {
		w.Errorf("refused %q, want %q", got, titles)
	}
	return all
}

func TestWhatWasTakenOutIsListedAndMayComeBack(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch", "Cedar", "Dahlia")
		want := w.follow(w.alice("Amber", "Birch", "Cedar"))
		w.mirror()
		w.refused(want)

		w.arrange("Cedar")
		w.alice("Amber", "Birch", "Dahlia", "Cedar")
		w.mirror()
		w.expect("Dahlia", "Cedar")
		all := w.refused(want, "Amber", "Birch")

		w.server.Renumber() // a song is known by more than its id
		w.server.Rescan()
		w.poll()
		w.must(w.bridge.Restore(w.Context(), want.ID, all[1].Key))
		w.mirror()
		w.expect("Birch", "Dahlia", "Cedar")
		w.refused(want, "Amber")
		if err := w.bridge.Restore(w.Context(), want.ID, all[1].Key); playlists.CodeOf(err) != playlists.NotFound {
			w.Errorf("what is not refused: %v", err)
		}
	})
}

func TestARefusalOutlivesItsFileAndTheSource(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	ids := w.own("Amber", "Birch", "Cedar")
	want := w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.mirror()
	w.arrange("Amber", "Cedar")
	w.alice("Amber", "Birch", "Cedar", "Xenon")
	w.mirror()

	w.server.RemoveSong(ids[1])
	w.server.Rescan()
	w.poll()
	w.alice("Amber", "Cedar")
	w.mirror()
	w.refused(want, "Birch")
	w.own("Birch")
	w.poll()
	w.alice("Birch", "Amber", "Birch", "Cedar")
	w.mirror()
	w.expect("Amber", "Cedar")
	w.refused(want, "Birch")
}

func TestWhoEmptiesAListGetsWhatIsNew(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch", "Cedar")
		want := w.follow(w.alice("Amber", "Birch"))
		w.mirror()
		w.arrange()
		_, err := w.bridge.MirrorWant(w.Context(), want.ID, nil)
		w.must(err)
		w.expect()
		if note := w.result(want).Note; !strings.Contains(note.String(), "was emptied on your music server") {
			w.Errorf("note %q", note)
		}
		w.alice("Cedar", "Amber", "Birch")
		w.mirror()
		w.expect("Cedar")
		w.refused(want, "Amber", "Birch")
	})
}

// What is not for bob is known again under other tags, and nothing else is taken for it.
func TestARefusalOutlivesRetagging(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	ids := w.own("Amber", "Birch", "Cedar")
	want := w.follow(w.alice("Amber", "Birch", "Cedar"))
	w.mirror()
	w.arrange("Amber", "Cedar")
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
	w.must(err)

	w.server.RemoveSong(ids[1])
	retagged := track("Birch")
	retagged.Album, retagged.Number = "Best of Birch (Deluxe)", 7
	w.server.AddSong(retagged)
	w.own("Dahlia")
	w.poll()
	w.alice("Amber", "Birch", "Dahlia", "Cedar")
	w.mirror()
	w.expect("Amber", "Dahlia", "Cedar")
	all := w.refused(want, "Birch")
	w.must(w.bridge.Restore(t.Context(), want.ID, all[0].Key))
	w.mirror()
	w.expect("Amber", "Birch", "Dahlia", "Cedar")
}

func TestOneOfTwoCopiesMayBeTakenOutAndComeBack(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	w.own("Amber", "Birch")
	want := w.follow(w.alice("Amber", "Birch", "Amber"))
	w.mirror()
	w.arrange("Birch", "Amber")
	_, err := w.bridge.MirrorWant(t.Context(), want.ID, nil)
	w.must(err)
	w.expect("Birch", "Amber")
	all := w.refused(want, "Amber")
	if all[0].Stay != 1 {
		t.Errorf("%+v", all)
	}
	w.must(w.bridge.Restore(t.Context(), want.ID, all[0].Key))
	w.mirror()
	w.expect("Amber", "Birch", "Amber")
}
