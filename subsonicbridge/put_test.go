package subsonicbridge_test

import (
	"slices"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestACreatedPlaylistIsFoundAndPrivate(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id, err := w.client.Create(t.Context(), "songferry-4711", []string{w.songs[2], w.songs[1], w.songs[2]})
		must(t, err)
		p, there := w.Playlist(id)
		if !there || p.Name != "songferry-4711" || p.Owner != "ada" || p.Public {
			t.Errorf("got %+v", p)
		}
		if want := []string{w.songs[2], w.songs[1], w.songs[2]}; !slices.Equal(p.Songs, want) {
			t.Errorf("songs %v, want %v", p.Songs, want)
		}
	})
}

func TestF100AnotherPlaylistOfTheSameNameIsNotTakenForTheNewOne(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		old := w.AddPlaylist("ada", "Twin", w.songs[0])
		id, err := w.client.Create(t.Context(), "Twin", []string{w.songs[1]})
		if err == nil && id == old {
			t.Errorf("the old playlist was taken for the new one")
		}
	})
}

func TestReplacingKeepsTheIDAndTheOrder(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs...)
		want := []string{w.songs[5], w.songs[1], w.songs[5], w.songs[0]}
		must(t, w.client.Replace(t.Context(), id, want))
		p, _ := w.Playlist(id)
		if !slices.Equal(p.Songs, want) || p.Name != "Mix" || p.Public {
			t.Errorf("got %+v, want songs %v", p, want)
		}
	})
}

func TestAPlaylistIsNeverEmptyWhileItIsReplaced(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs[:3]...)
		w.Requests()
		must(t, w.client.Replace(t.Context(), id, w.songs[3:6]))
		for _, r := range w.Requests() {
			if r.Method == "deletePlaylist" || len(r.Params["songIndexToRemove"]) > 0 ||
				r.Method == "createPlaylist" && len(r.Params["songId"]) == 0 {
				t.Errorf("%s %v empties the playlist", r.Method, r.Params)
			}
		}
	})
}

func TestALongPlaylistIsWrittenInSeveralCalls(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 4_100 { // three calls
			want = append(want, w.songs[(i*i+i/7)%len(w.songs)])
		}
		id, err := w.client.Create(t.Context(), "Long", want)
		must(t, err)
		if p, _ := w.Playlist(id); !slices.Equal(p.Songs, want) {
			t.Errorf("created %d songs, want %d in order", len(p.Songs), len(want))
		}
		slices.Reverse(want)
		must(t, w.client.Replace(t.Context(), id, want))
		p, _ := w.Playlist(id)
		if !slices.Equal(p.Songs, want) || p.Public {
			t.Errorf("replaced by %d songs, want %d in order", len(p.Songs), len(want))
		}
		read, err := w.client.Playlist(t.Context(), id)
		must(t, err)
		if len(read.Songs) != len(want) {
			t.Errorf("read %d songs", len(read.Songs))
		}
	})
}

func TestNoSongsNeverReplaceSome(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs[0])
		err := w.client.Replace(t.Context(), id, nil)
		p, _ := w.Playlist(id)
		if playlists.Say(err) == "" || len(p.Songs) != 1 {
			t.Errorf("err %v, songs %v", err, p.Songs)
		}
	})
}

func TestRenamingKeepsWhoMaySeeAPlaylist(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		for _, public := range []bool{false, true} {
			id := w.AddPlaylist("ada", "Mix", w.songs[0])
			w.SetPublic(id, public)
			must(t, w.client.Describe(t.Context(), id, "Ben's “Best” <b>", "from\n@ben@b.example"))
			p, _ := w.Playlist(id)
			if p.Name != "Ben's “Best” <b>" || p.Public != public || len(p.Songs) != 1 {
				t.Errorf("public %v became %+v", public, p)
			}
			if p.Comment != "from\n@ben@b.example" && w.login.Method != subsonicbridge.APIKey { // LMS has no comments
				t.Errorf("comment %q", p.Comment)
			}
		}
	})
}

func TestNothingIsSentWhenNothingIsToBeRenamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Navidrome)
	id := w.AddPlaylist("ada", "Mix", w.songs[0])
	before, err := w.client.Playlist(t.Context(), id)
	must(t, err)
	must(t, w.client.Describe(t.Context(), id, "Mix", ""))
	if after, err := w.client.Playlist(t.Context(), id); err != nil || after.Changed != before.Changed {
		t.Errorf("changed was %q, is %q (%v)", before.Changed, after.Changed, err)
	}
}

func TestADeletedPlaylistIsGone(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs[0])
		must(t, w.client.Delete(t.Context(), id))
		_, readErr := w.client.Playlist(t.Context(), id)
		for what, err := range map[string]error{
			"read":     readErr,
			"replace":  w.client.Replace(t.Context(), id, w.songs),
			"describe": w.client.Describe(t.Context(), id, "New", ""),
			"delete":   w.client.Delete(t.Context(), id),
		} {
			if !subsonicbridge.NotFound(err) || playlists.CodeOf(err) != playlists.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		if all := w.Playlists(); len(all) != 0 {
			t.Errorf("there is %+v again", all)
		}
	})
}

func TestF100SomebodyElsesPlaylistIsNotChanged(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ben", "Ben's", w.songs[0])
		w.SetPublic(id, true)
		for what, err := range map[string]error{
			"replace":  w.client.Replace(t.Context(), id, w.songs[1:2]),
			"describe": w.client.Describe(t.Context(), id, "Ada's", ""),
			"delete":   w.client.Delete(t.Context(), id),
		} {
			if !subsonicbridge.ReadOnly(err) || playlists.CodeOf(err) != playlists.Forbidden {
				t.Errorf("%s: %v", what, err)
			}
		}
		if p, there := w.Playlist(id); !there || p.Name != "Ben's" || !slices.Equal(p.Songs, w.songs[:1]) {
			t.Errorf("it became %+v", p)
		}
	})
}

func TestAReadOnlyPlaylistIsNotWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Navidrome)
	id := w.AddPlaylist("ada", "Smart", w.songs[0])
	w.SetReadOnly(id, true)
	w.Requests()
	err := w.client.Replace(t.Context(), id, w.songs)
	if !subsonicbridge.ReadOnly(err) || playlists.Say(err) == "" {
		t.Errorf("got %v", err)
	}
	for _, r := range w.Requests() {
		if r.Method != "getPlaylist" {
			t.Errorf("%s was called", r.Method)
		}
	}
}

func TestASongThatIsGoneDoesNotLookLikeAPlaylistThatIsGone(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs[0])
		gone := w.songs[7]
		w.RemoveSong(gone)
		for _, songs := range [][]string{{w.songs[1], gone}, {w.songs[1], "foreign id"}} {
			err := w.client.Replace(t.Context(), id, songs)
			if err != nil && (subsonicbridge.NotFound(err) || playlists.Say(err) == "") {
				t.Errorf("%v: %v", songs, err)
			}
			if w.login.Method == subsonicbridge.Password && !subsonicbridge.UnknownSong(err) {
				t.Errorf("supysonic refuses unknown songs, got %v", err)
			}
		}
	})
}
