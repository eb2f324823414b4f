package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// A bridge that was installed without any setting gets its address, and its owner a public name, by the pages: from then
// on a friend elsewhere can follow.
func TestABridgeGetsItsAddressByThePagesAndIsFollowed(t *testing.T) {
	t.Parallel()
	music := subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser("alice", "secret")
	music.AddPlaylist("alice", "Road trip", music.AddSong(harbour))
	musicServer := httptest.NewServer(music)
	t.Cleanup(musicServer.Close)
	settings := Settings{Data: t.TempDir(), PollInterval: time.Nanosecond, RefreshInterval: time.Hour, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8"}, LogLevel: "debug"}
	b, err := openBridge(t.Context(), settings, migrations.Upgrade, watched(t, settings, "alice"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	b.setup.code = "CODE"
	server := httptest.NewServer(b.handler(nil))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	send := func(path string, fields url.Values) *http.Response {
		t.Helper()
		client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.PostForm(server.URL+path, fields)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	send("/setup", url.Values{"code": {"CODE"}, "server": {musicServer.URL}, "user": {"alice"}, "password": {"secret"}, "name": {"Alice"}})
	accounts, err := b.store.Accounts(t.Context())
	if err != nil || len(accounts) != 1 {
		t.Fatalf("%+v, %v", accounts, err)
	}
	lists, err := b.store.List(t.Context(), accounts[0].ID)
	if err != nil || len(lists) != 1 {
		t.Fatalf("%+v, %v", lists, err)
	}
	page := "/playlists/" + string(lists[0].ID)
	if to := send(page+"/who", url.Values{"audience": {"public"}}).Header.Get("Location"); !strings.HasPrefix(to, page+"/first") {
		t.Fatalf("nothing is asked first: %q", to)
	}
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	if got := send(page+"/first", url.Values{"audience": {"public"}, "handle": {"ally"}, "address": {other.URL}}).StatusCode; got != http.StatusServiceUnavailable || b.origin() != nil {
		t.Fatalf("another's address: %d, the bridge is at %v", got, b.origin())
	}
	if got := send(page+"/first", url.Values{"audience": {"public"}, "handle": {"ally"}, "address": {server.URL}}).StatusCode; got != http.StatusSeeOther || b.origin() == nil {
		t.Fatalf("its own: %d, %v", got, b.origin())
	}

	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	bob.follow("@ally_road_trip@"+b.origin().Host, playlists.Sync, playlists.Keep)
	settle(&person{bridge: b, t: t, account: accounts[0], music: music}, bob)
	bob.holds("Road trip · Alice", "Harbour Lights")
}
