package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAnAccountIsDeletedByWhoIsSure(t *testing.T) {
	t.Parallel()
	music := subsonictest.NewServer(subsonictest.Navidrome)
	music.AddUser("alice", "secret")
	server := httptest.NewServer(music)
	t.Cleanup(server.Close)
	i := install(t)
	i.addAccount("alice", server.URL, "secret")
	quiet := []string{"SONGFERRY_LOG_LEVEL=info"}
	isPlain(t, i.runWith(quiet, "account", "delete", "alice"), "add --sure")
	if out := i.must("account", "list"); !strings.Contains(out, "alice") {
		t.Errorf("deleted by who is not sure:\n%s", out)
	}
	i.must("account", "delete", "alice", "--sure")
	if out := i.must("account", "list"); strings.Contains(out, "alice") {
		t.Errorf("still there:\n%s", out)
	}
	isPlain(t, i.runWith(quiet, "account", "delete", "alice", "--sure"), `no account "alice"`)
}
