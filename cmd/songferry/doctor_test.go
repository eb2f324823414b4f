package main

import (
	"encoding/json"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The doctor finds nothing wrong with a bridge that runs well, and everything that is done to it.
func TestTheDoctorSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	i := installed(t)
	i.damaged = true
	behind, err := url.Parse(i.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(behind)) // says by X-Forwarded-For who asks
	t.Cleanup(proxy.Close)
	i.settings = append(i.settings, "SONGFERRY_TRUSTED_PROXIES=127.0.0.1/32", "SONGFERRY_URL="+proxy.URL)

	i.finds("daemon", notWell, "Is `songferry serve` running there?")
	i.finds("address", notWell, "does not answer: it answers 502")
	d := i.serve()
	i.must("backup")
	for _, about := range []string{"folder", "key", "database", "disk", "backups", "daemon", "address", "proxy", "outside", "music"} {
		i.finds(about, well, "")
	}
	i.finds("disk", well, "the database takes 1.") // MB, a new one
	i.must("doctor")

	i.settings = append(i.settings, "SONGFERRY_TRUSTED_PROXIES=192.0.2.1/32")
	d.stop()
	d = i.serve()
	i.finds("proxy", notWell, "Else set SONGFERRY_TRUSTED_PROXIES to its network.")

	d.stop()
	i.settings = append(i.settings, "SONGFERRY_URL=http://127.0.0.1:1")
	i.finds("bridge", notWell, "Set it back")

	key := filepath.Join(i.data, "songferry.key")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	i.finds("key", notWell, "chmod 600 "+key)
	if err := os.Truncate(filepath.Join(i.data, "songferry.db"), 8<<10); err != nil {
		t.Fatal(err)
	}
	i.finds("database", notWell, "restore a backup")
}

// finds asks the doctor about one thing.
func (i *installation) finds(about string, state health, says string) {
	i.t.Helper()
	s := i.run("doctor", "--json")
	var found []finding
	if err := json.Unmarshal([]byte(s.out), &found); err != nil {
		i.t.Fatalf("%v: %s%s", err, s.out, s.err)
	}
	for _, f := range found {
		if f.About == about {
			if f.State != state || !strings.Contains(f.Says, says) {
				i.t.Errorf("of %s it says %q: %s", about, f.State, f.Says)
			}
			return
		}
	}
	i.t.Errorf("it says nothing of %s: %+v", about, found)
}
