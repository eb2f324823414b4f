package subsonicbridge_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestSigningInFindsTheMethodThatGivesAwayLeast(t *testing.T) {
	want := map[string]subsonicbridge.Method{
		"navidrome": subsonicbridge.Token, "gonic": subsonicbridge.Token, "": subsonicbridge.Password, "lms": subsonicbridge.APIKey,
	}
	onEveryServer(t, func(t *testing.T, w *world) {
		login, server, err := subsonicbridge.SignIn(t.Context(), w.http, w.url+"/", " ada ", secret)
		must(t, err)
		if login.Method != want[server.Type] || login.User != "ada" || login.URL != w.url {
			t.Errorf("got %v on %+v", login, server)
		}
		sealed, err := json.Marshal(login)
		must(t, err)
		if keeps := strings.Contains(string(sealed), `pässword`); keeps != (login.Method != subsonicbridge.Token) {
			t.Errorf("%s keeps the password: %v", login.Method, keeps)
		}
		for _, r := range w.Requests() {
			if r.Method != "ping" {
				t.Errorf("%s was called", r.Method)
			}
		}
	})
}

func TestALoginSurvivesSealing(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		sealed, err := json.Marshal(w.login)
		must(t, err)
		var opened subsonicbridge.Login
		must(t, json.Unmarshal(sealed, &opened))
		if _, err := subsonicbridge.NewClient(opened, w.http).Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAWrongPasswordIsToldFromAnOutage(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		_, _, err := subsonicbridge.SignIn(t.Context(), w.http, w.url, "ada", "wrong")
		if playlists.CodeOf(err) != playlists.Forbidden || !subsonicbridge.Unauthorized(err) {
			t.Errorf("wrong password: %v", err)
		}
		for mode, word := range map[subsonictest.Mode]string{
			subsonictest.Down: "reached", subsonictest.BadGateway: "502", subsonictest.HTMLPage: "not a music server",
			subsonictest.NoPost: "POST",
		} {
			w.Fail(mode)
			_, _, err := subsonicbridge.SignIn(t.Context(), w.http, w.url, "ada", secret)
			if mode == subsonictest.NoPost && err == nil {
				continue // a token may be sent by GET
			}
			if playlists.CodeOf(err) != playlists.Unavailable || !strings.Contains(playlists.Say(err), word) {
				t.Errorf("%s: %v", mode, err)
			}
		}
	})
}

func TestAServerThatWantsAKeySaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.LMS)
	_, _, err := subsonicbridge.SignIn(t.Context(), w.http, w.url, "ada", "her password")
	if !strings.Contains(playlists.Say(err), "API key") {
		t.Errorf("got %v", err)
	}
}

func TestTheAddressMayBeCopiedFromAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Navidrome)
	bare := strings.TrimPrefix(w.url, "http://")
	for _, typed := range []string{
		bare, "http://" + bare + "//", w.url + "/rest", w.url + "/rest/ping.view?u=x", w.url + "/app/#/album/all", " " + w.url + "?x=y ",
	} {
		login, _, err := subsonicbridge.SignIn(t.Context(), w.http, typed, "ada", secret)
		if err != nil || login.URL != w.url {
			t.Errorf("%q: %v, %v", typed, login, err)
		}
	}
}

func TestAServerBelowAPathIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Gonic)
	mux := http.NewServeMux()
	mux.Handle("/music/", http.StripPrefix("/music", w.Server))
	mux.Handle("/rest/", http.RedirectHandler("/music/rest/ping.view", http.StatusMovedPermanently))
	proxy := httptest.NewServer(mux)
	t.Cleanup(proxy.Close)
	for _, typed := range []string{proxy.URL + "/music/", proxy.URL} {
		login, _, err := subsonicbridge.SignIn(t.Context(), proxy.Client(), typed, "ada", secret)
		if err != nil || login.URL != proxy.URL+"/music" {
			t.Errorf("%q: %v, %v", typed, login, err)
		}
	}
}

func TestARedirectToAnotherHostIsNotFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, subsonictest.Navidrome)
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("another host was asked")
	}))
	t.Cleanup(thief.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		honest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, thief.URL+r.URL.Path, status)
		}))
		t.Cleanup(honest.Close)
		_, _, err := subsonicbridge.SignIn(t.Context(), honest.Client(), honest.URL, "ada", secret)
		if playlists.CodeOf(err) != playlists.Unavailable {
			t.Errorf("%d: %v", status, err)
		}
		moved := w.login
		moved.URL = honest.URL
		if _, err := subsonicbridge.NewClient(moved, honest.Client()).Playlists(t.Context()); !strings.Contains(playlists.Say(err), "moved") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAnAddressThatIsNoneIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "   ", "ftp://music.example", "http://", "http://ada:hunter2@music.example", "http://[::1", "https://a b/%zz"} {
		_, _, err := subsonicbridge.SignIn(t.Context(), nil, typed, "ada", secret)
		if playlists.CodeOf(err) != playlists.Invalid || playlists.Say(err) == "" || strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func TestSigningInNeedsANameAndAPassword(t *testing.T) {
	t.Parallel()
	for _, who := range [][2]string{{"", "x"}, {"  ", "x"}, {"ada", ""}} {
		if _, _, err := subsonicbridge.SignIn(t.Context(), nil, "http://localhost:1", who[0], who[1]); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("%q: %v", who, err)
		}
	}
}

func TestALoginShowsNoSecret(t *testing.T) {
	onEveryServer(t, func(t *testing.T, w *world) {
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("signed in", "login", w.login)
		shown := fmt.Sprintf("%v %+v %#v %s %q ", w.login, w.login, w.login, w.login, w.login) + fmt.Sprint(&w.login, []any{w.login}) + log.String()
		for _, s := range secretsOf(w.login) {
			if strings.Contains(shown, s) {
				t.Errorf("%q stands in %s", s, shown)
			}
		}
		if !strings.Contains(shown, "ada") {
			t.Errorf("%s does not say who", shown)
		}
	})
}
