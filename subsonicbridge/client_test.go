package subsonicbridge_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// secret is the password of ada, the user of every test; on LMS it is the API key.
const secret = "pässword&with=odd+signs"

// world is a music server with two users and a few songs, and ada's client.
type world struct {
	*subsonictest.Server
	url    string
	http   *http.Client
	login  subsonicbridge.Login
	client *subsonicbridge.Client
	songs  []string
}

func newWorld(t *testing.T, dialect subsonictest.Dialect) *world {
	t.Helper()
	server := subsonictest.NewServer(dialect)
	server.AddUser("root", "root's") // the administrator, who sees more
	server.AddUser("ada", secret)
	server.AddUser("ben", "ben's")
	w := &world{Server: server}
	for i := range 12 {
		w.songs = append(w.songs, server.AddSong(playlists.Track{
			Title: fmt.Sprintf("Song <%d> & more", i+1), Artist: "Björk", Album: fmt.Sprintf("Album %d", i/4),
			Duration: 200 + i, Number: i%4 + 1, Year: 1997,
		}))
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	w.url, w.http = web.URL, web.Client()
	w.login, w.client = w.signIn(t, "ada", secret)
	server.Requests()
	return w
}

func (w *world) signIn(t *testing.T, user, password string) (subsonicbridge.Login, *subsonicbridge.Client) {
	t.Helper()
	login, _, err := subsonicbridge.SignIn(t.Context(), w.http, w.url, user, password)
	if err != nil {
		t.Fatal(err)
	}
	return login, subsonicbridge.NewClient(login, w.http)
}

// onEveryServer runs a story against each dialect.
func onEveryServer(t *testing.T, story func(*testing.T, *world)) {
	t.Helper()
	t.Parallel()
	for _, dialect := range subsonictest.Dialects {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			story(t, newWorld(t, dialect))
		})
	}
}

func titles(songs []subsonicbridge.Song) []string {
	var out []string
	for _, s := range songs {
		out = append(out, s.Title)
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAServerSaysWhatItIs(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		server, err := w.client.Ping(t.Context())
		must(t, err)
		want := map[string]string{"navidrome": "1.16.1", "gonic": "1.15.0", "": "1.10.2", "lms": "1.16.0"}
		if want[server.Type] != server.APIVersion || server.OpenSubsonic != (server.Type != "") {
			t.Errorf("got %+v", server)
		}
	})
}

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

func TestEveryRequestIsAPostWithNothingInTheAddress(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id, err := w.client.Create(t.Context(), "Mix", w.songs)
		must(t, err)
		must(t, w.client.Replace(t.Context(), id, w.songs))
		must(t, w.client.EachSong(t.Context(), func([]subsonicbridge.Song) error { return nil }))
		for _, r := range w.Requests() {
			if r.HTTP != "POST" || r.Query != "" {
				t.Errorf("%s by %s with %q", r.Method, r.HTTP, r.Query)
			}
			if _, sent := r.Params["public"]; sent {
				t.Errorf("%s sends public", r.Method)
			}
		}
	})
}

func TestAServerThatRefusesPostIsReadByGetUnlessThatShowsThePassword(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		w.AddPlaylist("ada", "Mix", w.songs[0])
		w.Fail(subsonictest.NoPost)
		all, err := w.client.Playlists(t.Context())
		if w.login.Method == subsonicbridge.Token {
			if err != nil || len(all) != 1 {
				t.Errorf("got %v, %v", all, err)
			}
		} else if err == nil || playlists.CodeOf(err) != playlists.Unavailable {
			t.Errorf("got %v, %v", all, err)
		}
		if _, err := w.client.Create(t.Context(), "New", nil); err == nil {
			t.Error("a write went through")
		}
		for _, r := range w.Requests() {
			if strings.Contains(r.Query, "p=") || strings.Contains(r.Query, "apiKey=") {
				t.Errorf("%s shows %q", r.Method, r.Query)
			}
		}
	})
}

// TestAnOutageIsNeverAnEmptyList: go-subsonic by itself takes a proxy's error page for a server without playlists.
func TestAnOutageIsNeverAnEmptyList(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		id := w.AddPlaylist("ada", "Mix", w.songs[0])
		for _, mode := range []subsonictest.Mode{subsonictest.Down, subsonictest.BadGateway, subsonictest.HTMLPage} {
			w.Fail(mode)
			_, listErr := w.client.Playlists(t.Context())
			_, readErr := w.client.Playlist(t.Context(), id)
			_, _, scanErr := w.client.ScanKey(t.Context())
			for what, err := range map[string]error{
				"list": listErr, "read": readErr, "scan key": scanErr,
				"replace": w.client.Replace(t.Context(), id, w.songs),
				"library": w.client.EachSong(t.Context(), func([]subsonicbridge.Song) error { return nil }),
			} {
				if playlists.CodeOf(err) != playlists.Unavailable || subsonicbridge.NotFound(err) || playlists.Say(err) == "" {
					t.Errorf("%s, %s: %v", mode, what, err)
				}
			}
		}
	})
}

func TestASlowServerIsGivenUp(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		w.Fail(subsonictest.Slow)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := w.client.Playlists(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || playlists.CodeOf(err) != playlists.Unavailable {
			t.Errorf("got %v", err)
		}
	})
}

func TestAPasswordThatWasChangedIsNoticed(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		w.SetPassword("ada", "another")
		_, err := w.client.Playlists(t.Context())
		if !subsonicbridge.Unauthorized(err) || playlists.CodeOf(err) != playlists.Forbidden || playlists.Say(err) == "" {
			t.Errorf("got %v", err)
		}
	})
}
