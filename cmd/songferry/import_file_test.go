package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// website serves pages and files by their paths.
func website(t *testing.T, files map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", http.DetectContentType([]byte(body)))
		_, _ = w.Write([]byte(body)) // the bridge may have hung up
	}))
	t.Cleanup(s.Close)
	return s.URL
}

const sharedByNavidrome = `<!doctype html><html><head><meta property="og:title" content="Evening"><script>window.__SHARE_INFO__ = ` +
	`"{\"id\":\"x\",\"description\":\"\",\"tracks\":[{\"title\":\"Paper Boats\",\"artist\":\"The Lanterns\",\"album\":\"The Lanterns Collected\",\"duration\":263.2},` +
	`{\"title\":\"Kitchen Radio\",\"artist\":\"Ida Thorne\",\"album\":\"\",\"duration\":100},` +
	`{\"title\":\"Harbour Lights\",\"artist\":\"The Lanterns\",\"album\":\"The Lanterns Collected\",\"duration\":214}]}"</script></head></html>`

func TestAShareOfNavidromeIsImportedByItsLink(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	link := website(t, map[string]string{"/share/Ab12Cd34Ef": sharedByNavidrome}) + "/share/Ab12Cd34Ef"

	if out := bob.imports(importCommand{DryRun: true, Target: link}); !strings.HasPrefix(out, "Evening: 2 of 3 tracks") || !strings.Contains(out, "Nothing was written") {
		t.Errorf("it says: %s", out)
	}
	if lists := bob.music.Playlists(); len(lists) != 0 {
		t.Errorf("bob has %+v", lists)
	}
	if out := bob.imports(importCommand{Target: link}); !strings.HasPrefix(out, "Evening: 2 of 3 tracks") || !strings.Contains(out, "missing   Ida Thorne – Kitchen Radio") {
		t.Errorf("it says: %s", out)
	}
	bob.holds("Evening", "Paper Boats", "Harbour Lights")
	list, _ := bob.music.PlaylistNamed("bob", "Evening")
	if !strings.Contains(list.Comment, link) {
		t.Errorf("its comment does not say where all of it is: %q", list.Comment)
	}
	bob.imports(importCommand{Name: "Night", Target: link})
	bob.holds("Night", "Paper Boats", "Harbour Lights")
	settle(bob)
	if n := len(bob.music.Playlists()); n != 2 {
		t.Errorf("bob has %d lists", n)
	}
}

func TestAPlaylistIsImportedFromAPageThatNamesItsFile(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour, boats)
	site := website(t, map[string]string{
		"/mix":      `<!doctype html><html><head><link rel="alternate" type="application/xspf+xml" href="mix.xspf"></head><body>A mix</body></html>`,
		"/mix.xspf": `<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Mix</title><creator>Dana</creator><trackList><track><title>Harbour Lights</title><creator>The Lanterns</creator></track></trackList></playlist>`,
	})
	bob.imports(importCommand{Target: site + "/mix"})
	bob.holds("Mix · Dana", "Harbour Lights")
}

func TestAPlaylistMayBePipedIn(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	var out bytes.Buffer
	in := strings.NewReader("\ufeffTrack Name;Artist Name(s)\r\nHarbour Lights;The Lanterns\r\n")
	err := bob.importTarget(t.Context(), terminal{In: in, Out: &out, Err: &out}, bob.account, importCommand{Name: "Piped", Target: "-"})
	if err != nil {
		t.Fatal(err)
	}
	bob.holds("Piped", "Harbour Lights")
}

func TestNothingIsImportedOfADamagedFile(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	files := map[string]string{
		"/a.jspf": "{\"playlist\":{\"title\":\"Mix\",\"track\":[\n{\"title\":\"Harbour Lights\",\"creator\":\"The Lanterns\"},\n{\"title\":",
		"/a.xspf": "<playlist><title>Mix</title><trackList>\n<track><title>Harbour Lights</title><creator>The Lanterns</creator></track>\n<track>",
		"/a.csv":  "Title,Artist\nHarbour Lights,The Lanterns\n\"Paper Boats,The Lanterns\n",
	}
	site, folder := website(t, files), t.TempDir()
	for path, body := range files {
		file := filepath.Join(folder, path)
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{file, site + path} {
			out, err := bob.tryImport(importCommand{Target: target})
			if say := playlists.Say(err); !strings.Contains(say, "line 3") || out != "" {
				t.Errorf("%s: %v: %s", target, err, out)
			}
		}
	}
	settle(bob)
	var kept int
	if err := bob.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM playlists`).Scan(&kept); err != nil || kept+len(bob.music.Playlists()) != 0 {
		t.Errorf("%d playlists are kept, bob has %+v, %v", kept, bob.music.Playlists(), err)
	}
}
