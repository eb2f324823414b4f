package subsonicbridge_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// twist changes a call on its way to a server, or answers it itself: it returns "" to let it pass.
type twist func(method string, form url.Values) (answer string)

// twisted returns a client of w's server with a twist between them.
func (w *world) twisted(t *testing.T, tw twist) *subsonicbridge.Client {
	t.Helper()
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		if answer := tw(strings.TrimSuffix(path.Base(r.URL.Path), ".view"), form); answer != "" {
			io.WriteString(rw, `{"subsonic-response":{"status":`+answer+`}}`)
			return
		}
		inner := httptest.NewRequestWithContext(r.Context(), "POST", r.URL.Path, strings.NewReader(form.Encode()))
		w.ServeHTTP(rw, inner)
	}))
	t.Cleanup(front.Close)
	login := w.login
	login.URL = front.URL
	return subsonicbridge.NewClient(login, front.Client())
}

const refusal = `"failed","error":{"code":0,"message":"not here"}`

func TestALibraryIsReadFromServersThatSearchInTheirOwnWay(t *testing.T) {
	t.Parallel()
	page := 0
	for name, tw := range map[string]twist{
		"everything is two quotes": func(method string, form url.Values) string {
			if method == "search3" && form.Get("query") == "" {
				return `"ok","searchResult3":{}`
			}
			return ""
		},
		"no search": func(method string, _ url.Values) string {
			if method == "search3" {
				return refusal
			}
			return ""
		},
		"a search that finds half": func(method string, form url.Values) string {
			if method == "search3" && form.Get("songOffset") != "0" {
				return `"ok","searchResult3":{}`
			}
			return ""
		},
		"pages of seven": func(method string, form url.Values) string {
			if method == "search3" {
				form.Set("songCount", "7")
			}
			return ""
		},
		"pages that overlap": func(method string, form url.Values) string {
			if offset, _ := strconv.Atoi(form.Get("songOffset")); method == "search3" && offset > 0 {
				form.Set("songOffset", strconv.Itoa(offset-3))
			}
			return ""
		},
		"an offset that is ignored": func(method string, form url.Values) string {
			page++
			form.Del("songOffset")
			form.Del("offset")
			return ""
		},
		"no scan status": func(method string, _ url.Values) string {
			if method == "getScanStatus" {
				return refusal
			}
			return ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, subsonictest.Navidrome)
			for i := range 600 {
				w.AddSong(playlists.Track{Title: fmt.Sprint(i), Artist: "A", Album: fmt.Sprint(i % 3)})
			}
			client, got := w.twisted(t, tw), []string{}
			must(t, client.EachSong(t.Context(), func(batch []subsonicbridge.Song) error {
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
			if page > 50 {
				t.Errorf("%d calls: it goes round in circles", page)
			}
		})
	}
}

func TestHalfALibraryIsNotTakenForTheWhole(t *testing.T) {
	t.Parallel()
	for name, tw := range map[string]twist{
		"the second page fails": func(method string, form url.Values) string {
			if method == "search3" && form.Get("songOffset") != "0" {
				return refusal
			}
			return ""
		},
		"songs are counted but not shown": func(method string, _ url.Values) string {
			switch method {
			case "search3":
				return `"ok","searchResult3":{}`
			case "getAlbumList2":
				return `"ok","albumList2":{}`
			}
			return ""
		},
	} {
		w := newWorld(t, subsonictest.Navidrome)
		for i := range 600 {
			w.AddSong(playlists.Track{Title: fmt.Sprint(i), Artist: "A"})
		}
		err := w.twisted(t, tw).EachSong(t.Context(), func([]subsonicbridge.Song) error { return nil })
		if playlists.CodeOf(err) != playlists.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAmpacheDoesNotPublishWhatIsWritten: there a write without public=false lets everybody see the playlist.
func TestAmpacheDoesNotPublishWhatIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Navidrome)
	public := false
	client := w.twisted(t, func(method string, form url.Values) string {
		list := fmt.Sprintf(`"ok","type":"ampache","playlist":{"id":"7","name":"Mix","owner":"ada","public":%v}`, public)
		switch method {
		case "createPlaylist":
			public = true
			return `"ok","type":"ampache","playlist":{"id":"7"}`
		case "updatePlaylist":
			public = form.Get("public") != "false"
			return `"ok","type":"ampache"`
		}
		return list
	})
	_, err := client.Create(t.Context(), "Mix", w.songs)
	must(t, err)
	if public {
		t.Error("the new playlist is public")
	}
	must(t, client.Replace(t.Context(), "7", w.songs))
	must(t, client.Describe(t.Context(), "7", "New", ""))
	if public {
		t.Error("the playlist became public")
	}
	public = true
	must(t, client.Replace(t.Context(), "7", w.songs))
	must(t, client.Describe(t.Context(), "7", "Newer", ""))
	if !public {
		t.Error("the playlist that its owner made public became private")
	}
}

func TestAnAnswerWithoutWhatWasAskedForIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Navidrome)
	for _, answer := range []string{
		`"ok"`, `"ok","playlists":null`, `"ok","playlist":{}`, `"ok","playlists":{"playlist":[{"name":"without id"}]}`,
		`"strange","playlists":{}`, `"failed"`, `"ok","error":{"code":70,"message":""},"playlists":{}`,
	} {
		client := w.twisted(t, func(string, url.Values) string { return answer })
		if all, err := client.Playlists(t.Context()); playlists.Say(err) == "" {
			t.Errorf("%s: playlists %v, %v", answer, all, err)
		}
		if p, err := client.Playlist(t.Context(), "7"); playlists.Say(err) == "" {
			t.Errorf("%s: playlist %v, %v", answer, p, err)
		}
	}
}

func TestAnEndlessAnswerIsCut(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"subsonic-response":{"status":"ok","x":"`)
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	client := subsonicbridge.NewClient(subsonicbridge.Login{URL: server.URL, User: "ada"}, server.Client())
	if _, err := client.Ping(t.Context()); !strings.Contains(playlists.Say(err), "more than") {
		t.Errorf("got %v", err)
	}
}
