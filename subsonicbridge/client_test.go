package subsonicbridge_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
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
