package subsonicbridge_test

import (
	"slices"
	"testing"

	"github.com/songferry/songferry/subsonicbridge"
)

func TestAServerWithoutPlaylistsHasNone(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		all, err := w.client.Playlists(t.Context())
		must(t, err)
		if len(all) != 0 {
			t.Errorf("got %+v", all)
		}
	})
}

func TestAPlaylistIsReadWithItsSongsInOrder(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix ✨", w.songs[3], w.songs[0], w.songs[3])
		p, err := w.client.Playlist(t.Context(), id)
		must(t, err)
		if p.Name != "Mix ✨" || p.Owner != "ada" || p.Public || p.ReadOnly || p.SongCount != 3 || p.Duration != 203+200+203 {
			t.Errorf("got %+v", p)
		}
		if want := w.Titles(id); !slices.Equal(titles(p.Songs), want) {
			t.Errorf("songs %q, want %q", titles(p.Songs), want)
		}
		s := p.Songs[0]
		if s.ID != w.songs[3] || s.Artist != "Björk" || s.Album != "Album 0" || s.Duration != 203 || s.Number != 4 || s.Year != 1997 {
			t.Errorf("got %+v", s)
		}
	})
}

func TestTheListNamesTheOwnerOfEachPlaylist(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		own := w.AddPlaylist("ada", "Mine", w.songs[0])
		w.AddPlaylist("ben", "Private")
		shared := w.AddPlaylist("ben", "Shared", w.songs[1])
		w.SetPublic(shared, true)
		all, err := w.client.Playlists(t.Context())
		must(t, err)
		owners := map[string]string{}
		for _, p := range all {
			owners[p.ID] = p.Owner
			if p.Songs != nil {
				t.Errorf("the list has songs: %+v", p)
			}
		}
		if len(all) != 2 || owners[own] != "ada" || owners[shared] != "ben" {
			t.Errorf("got %+v", all)
		}
	})
}

func TestAChangeShowsInChangedWhereTheServerHasIt(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs[0])
		before, err := w.client.Playlist(t.Context(), id)
		must(t, err)
		w.SetPlaylist(id, w.songs[1])
		after, err := w.client.Playlist(t.Context(), id)
		must(t, err)
		if (before.Changed == "") != (after.Changed == "") || before.Changed == after.Changed && after.Changed != "" {
			t.Errorf("changed was %q, is %q", before.Changed, after.Changed)
		}
	})
}

func TestAnIDOfAnotherServerIsNotFound(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		foreign := []string{
			"P5BTPZdM4bgc3PimXTJKmk", "pl-999", "pl-MS8xNzk1NDA4MDg1MzM2LTE3OTU0MDgwODUzMzYubTN1",
			"47fe437f-571c-47fd-b82e-01122977cf72", "not an id & not=one",
		}
		for _, id := range foreign {
			if _, err := w.client.Playlist(t.Context(), id); !subsonicbridge.NotFound(err) {
				t.Errorf("reading %q: %v", id, err)
			}
			if err := w.client.Replace(t.Context(), id, w.songs); !subsonicbridge.NotFound(err) {
				t.Errorf("replacing %q: %v", id, err)
			}
		}
	})
}
