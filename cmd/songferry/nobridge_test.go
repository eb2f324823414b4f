package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// Whoever forgot SONGFERRY_DATA in a new terminal is told so. A command that made an empty bridge there would back that up,
// and say that all is well.
func TestACommandWhereThereIsNoBridgeSaysSoAndMakesNone(t *testing.T) {
	t.Parallel()
	i := install(t)
	i.damaged = true // no database can be asked what must not stand in the log
	mistyped := filepath.Join(i.data, "songfery")
	env := []string{"SONGFERRY_DATA=" + mistyped, "SONGFERRY_ACCOUNT=alice", "SONGFERRY_LOG_LEVEL=info"}
	for _, args := range [][]string{
		{"backup"}, {"migrate"}, {"account", "list"}, {"following"}, {"missing"}, {"domain", "list"}, {"import", "https://music.example/@bob_sunday"},
	} {
		isPlain(t, i.runWith(env, args...), "no Songferry in "+mistyped+".", "Set SONGFERRY_DATA to the folder that `songferry serve` uses")
	}
	isPlain(t, i.runWith(append(env, "SONGFERRY_DATABASE="+mistyped+".db"), "backup"), "no Songferry in "+mistyped+".db.", "Set SONGFERRY_DATABASE")

	doctor := i.runWith(env, "doctor", "--json")
	var found []finding
	if err := json.Unmarshal([]byte(doctor.out), &found); err != nil || doctor.code != 1 {
		t.Fatalf("%v: exit code %d, %s%s", err, doctor.code, doctor.out, doctor.err)
	}
	if len(found) != 1 || found[0].State != notWell || !strings.Contains(found[0].Says, "no Songferry in "+mistyped) {
		t.Errorf("the doctor finds %+v", found)
	}
	if made, err := os.ReadDir(i.data); err != nil || len(made) > 0 {
		t.Errorf("they made %v, %v", made, err)
	}
}

func TestTheFirstAccountMayBeAddedByACommand(t *testing.T) {
	t.Parallel()
	server := subsonictest.NewServer(subsonictest.Navidrome)
	server.AddUser("alice", "secret")
	music := httptest.NewServer(server)
	t.Cleanup(music.Close)
	i := install(t)
	i.addAccount("alice", music.URL, "secret")
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("artist,title\nQueen,Innuendo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	i.must("import", "--account", "alice", "--dry-run", file)
	i.must("backup")
}
