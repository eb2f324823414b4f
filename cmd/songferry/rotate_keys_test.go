package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestKeysAreReplacedOnRequest(t *testing.T) {
	t.Parallel()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("alice", "secret")
	server.AddPlaylist("alice", "Road trip", server.AddSong(harbour))
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	i := install(t)
	i.serve()
	i.addAccount("alice", music.URL, "secret")
	i.must("playlist", "publish", "--account", "alice", "--audience", "public", "Road trip")

	for _, fragment := range []string{"#main-key", "#key-2"} {
		code, actor, err := get(i.url+"/@alice_road_trip", "application/activity+json")
		if err != nil || code != 200 || !strings.Contains(actor, fragment) || strings.Count(actor, `"publicKeyPem"`) != 1 {
			t.Errorf("the actor is %d %s, %v; want %s", code, actor, err, fragment)
		}
		if out := i.must("account", "rotate-keys", "alice"); !strings.Contains(out, "new key") {
			t.Errorf("said %s", out)
		}
	}
	i.must("account", "rotate-keys", "--instance")
	info := []string{"SONGFERRY_LOG_LEVEL=info"}
	isPlain(t, i.runWith(info, "account", "rotate-keys"), "--instance")
	isPlain(t, i.runWith(info, "account", "rotate-keys", "nobody"), `no account "nobody"`)
}

func TestAuthorizedFetchIsASetting(t *testing.T) {
	t.Parallel()
	i := install(t, "SONGFERRY_FEDERATION_AUTHORIZED_FETCH=true")
	i.serve()
	for path, want := range map[string]int{"/ap/actors/instance": 200, "/.well-known/nodeinfo": 200, "/ap/actors/nobody": 401, "/@nobody": 401} {
		if code, body, err := get(i.url+path, "application/activity+json"); code != want || err != nil {
			t.Errorf("%s: %d %s, %v; want %d", path, code, body, err, want)
		}
	}
}
