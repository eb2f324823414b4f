package subsonicbridge_test

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestWhatThePersonChangedInTheListStays(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch", "Cedar", "Dahlia", "Ember")
		want := w.follow(w.alice("Amber", "Birch", "Cedar"))
		w.mirror()

		w.server.SetPlaylist(w.theList().ID, w.songs("Amber", "Ember", "Cedar")...)
		w.alice("Amber", "Birch", "Cedar", "Dahlia")
		w.mirror()
		w.expect("Amber", "Ember", "Cedar", "Dahlia")

		w.alice("Dahlia", "Birch", "Cedar")
		w.mirror()
		w.expect("Ember", "Dahlia", "Cedar")
		w.expectState(want, subsonicbridge.Written)
	})
}

func TestWhatThePersonChangedInACopyMadeOnceStays(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		w.own("Amber", "Birch", "Ember")
		want := w.want(playlists.Want{Playlist: w.alice("Amber", "Birch", "Cedar", "Birch"), Mode: playlists.Once, Pinned: 1})
		w.mirror()
		w.expect("Amber", "Birch", "Birch")
		w.server.SetPlaylist(w.theList().ID, w.songs("Birch", "Ember", "Birch")...)
		w.own("Cedar")
		w.clock.pass(25 * time.Hour)
		w.poll()
		w.mirror()
		w.expect("Birch", "Ember", "Cedar", "Birch")
		w.expectState(want, subsonicbridge.Written)
	})
}

func TestASongWhoseFileIsGoneComesBackWithTheFile(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		ids := w.own("Amber", "Birch", "Cedar")
		w.follow(w.alice("Amber", "Birch", "Cedar"))
		w.mirror()

		w.server.RemoveSong(ids[1])
		w.server.Rescan()
		w.clock.pass(25 * 3600e9)
		w.poll()
		w.mirror()
		w.expect("Amber", "Cedar")

		w.own("Birch")
		w.clock.pass(25 * 3600e9)
		w.poll()
		w.mirror()
		w.expect("Amber", "Birch", "Cedar")
	})
}

func TestANewFileOfThePersonsStaysInTheList(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic) // cannot tell that its library changed
	w.own("Amber")
	w.follow(w.alice("Amber"))
	w.mirror()
	w.own("Ember")
	w.server.SetPlaylist(w.theList().ID, w.songs("Ember", "Amber")...)
	w.alice("Amber", "Xenon")
	w.mirror()
	w.expect("Ember", "Amber")
}
