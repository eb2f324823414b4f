package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// published is a row of `playlist list --json`.
type published struct {
	ID, Name, Audience, Handle, URL string
	Tracks                          int
}

// publish publishes a playlist and returns what the list of playlists says of it then.
func (i *installation) publish(user, name, audience string) published {
	i.t.Helper()
	i.must("playlist", "publish", "--account", user, "--audience", audience, name)
	for _, p := range i.playlists(user) {
		if p.Name == name {
			return p
		}
	}
	i.t.Fatalf("%q is not in the list", name)
	return published{}
}

func (i *installation) playlists(user string) (rows []published) {
	i.t.Helper()
	if err := json.Unmarshal([]byte(i.must("playlist", "list", "--account", user, "--json")), &rows); err != nil {
		i.t.Fatal(err)
	}
	return rows
}

// contains complains about each text that is not in s.
func contains(t testing.TB, what, s string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(s, text) {
			t.Errorf("%s lacks %q: %q", what, text, s)
		}
	}
}
