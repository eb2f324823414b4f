package federation

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

const (
	jspfOfOne = `{"playlist":{"title":"Mix","creator":"Dana","track":[{"title":"One","creator":"The Lanterns"}]}}`
	xspfOfOne = `<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>Mix</title><trackList><track><title>One</title></track></trackList></playlist>`
)

// sharePage is the page of a Navidrome share with so many tracks.
func sharePage(tracks int) string {
	var list []string
	for n := range tracks {
		list = append(list, fmt.Sprintf(`{\"id\":\"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpZCI6IngifQ.sign\",\"title\":\"One %d\",\"artist\":\"The \\\"Lanterns\\\"\",\"album\":\"Boats\",\"duration\":214.6}`, n))
	}
	return `<!doctype html><html lang="en"><head><meta property="og:title" content="Mix"/><title>Navidrome</title><script>window.__APP_CONFIG__ = "{}"</script>` +
		`<script>window.__SHARE_INFO__ = "{\"id\":\"x\",\"description\":\"\",\"downloadable\":false,\"tracks\":[` + strings.Join(list, ",") + `]}"</script></head><body><div id="root"></div></body></html>`
}

func namesFile(mediaType, href string) string {
	return `<link rel="alternate" type="` + mediaType + `" title="download" href="` + href + `">`
}

func TestAPlaylistIsFoundInAFileOrOnAPageThatHasOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	other.Fail("/mix.jspf", federationtest.Answer("application/json", jspfOfOne))
	other.Fail("/mix.xspf", federationtest.Answer("application/octet-stream", xspfOfOne))
	other.Fail("/files/Mix.m3u8", federationtest.Answer("audio/x-mpegurl", "#EXTM3U\n#EXTINF:214,The Lanterns - One\n/music/1.flac\n"))
	other.Fail("/Mix.csv?download=1", federationtest.Answer("text/plain; charset=utf-8", "\ufeffTitle;Artist\r\nOne;The Lanterns\r\n"))
	other.Fail("/share/Ab12Cd34Ef", federationtest.Answer("text/html; charset=utf-8", sharePage(1)))
	other.Fail("/moved", federationtest.Redirect(other.URL+"/mix.jspf", http.StatusFound))
	other.Fail("/jspf", federationtest.Answer("text/html", pageWith(namesFile("application/jspf+json", "mix.jspf"))))
	other.Fail("/xspf", federationtest.Answer("text/html", pageWith(namesFile("application/rss+xml", "/feed"), namesFile("Application/XSPF+XML", other.URL+"/mix.xspf"))))
	other.Fail("/both", federationtest.Answer("text/html", pageWith(namesFile("application/xspf+xml", "/broken"), namesFile("application/jspf+json", "/mix.jspf"))))
	other.Fail("/picky", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("Accept"), "application/activity+json") {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		federationtest.Answer("application/jspf+json", jspfOfOne)(w, r)
	})
	for _, path := range []string{"/mix.jspf", "/mix.xspf", "/files/Mix.m3u8", "/Mix.csv?download=1", "/share/Ab12Cd34Ef", "/moved", "/jspf", "/xspf", "/both", "/picky"} {
		found := w.finds(other.URL+path, "Mix", true)
		if !found.File || found.Playlist.Origin != playlists.File || len(found.Playlist.Tracks) != 1 || !strings.HasPrefix(found.Playlist.Tracks[0].Title, "One") {
			t.Errorf("%s: %+v", path, found)
		}
		if page := found.Playlist.Page; page != other.URL+path && path != "/moved" {
			t.Errorf("%s: its page is %q", path, page)
		}
	}
	if share := w.finds(other.URL+"/share/Ab12Cd34Ef", "Mix", true).Playlist.Tracks[0]; share.Artist != `The "Lanterns"` || share.Album != "Boats" || share.Duration != 215 {
		t.Errorf("shared: %+v", share)
	}
}

func TestALongShareIsReadAndItsRequestIsNotSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	other.Fail("/share/long", federationtest.Answer("text/html", sharePage(15_000))) // 3 MB, more than a document of ActivityPub may have
	if found := w.finds(other.URL+"/share/long", "Mix", true); len(found.Playlist.Tracks) != 15_000 {
		t.Errorf("%d tracks", len(found.Playlist.Tracks))
	}
	requests := other.Requests("/share/long")
	if len(requests) != 2 || requests[0].KeyID == "" || requests[1].KeyID != "" {
		t.Errorf("%d requests, the last signed by %q", len(requests), requests[len(requests)-1].KeyID)
	}
}

func TestAPlaylistOfListenBrainzIsReadFromItsAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	brainz := w.instance()
	w.brainz = brainz.URL
	raw, err := os.ReadFile(filepath.Join("..", "playlists", "formats", "testdata", "listenbrainz.jspf"))
	w.ok(err)
	const id = "11111111-2222-4333-8444-555555555555"
	brainz.Fail("/1/playlist/"+id, federationtest.Answer("application/json", string(raw)))
	for _, address := range []string{"https://listenbrainz.org/playlist/" + id, "https://ListenBrainz.org/playlist/" + strings.ToUpper(id) + "/?x=1#top", "https://beta.listenbrainz.org/playlist/" + id + "/"} {
		found := w.finds(address, "Daily Jams", true)
		if p := found.Playlist; p.Curator.Name != "roadie" || p.Summary != "Songs for the road" || p.Page != "https://listenbrainz.org/playlist/"+id || p.Tracks[0].MBID == "" {
			t.Errorf("%s: %+v", address, p)
		}
	}
	brainz.Fail("/1/playlist/"+id, federationtest.Status(http.StatusNotFound))
	w.says("https://listenbrainz.org/playlist/"+id, playlists.NotFound, "ListenBrainz shows nobody a playlist at this address: there is none, or it is private.")
	brainz.Fail("/1/playlist/"+id, federationtest.Status(http.StatusTooManyRequests))
	w.says("https://listenbrainz.org/playlist/"+id, playlists.Unavailable, "cannot answer at the moment (status 429)")
	for _, other := range []string{"https://listenbrainz.org/user/roadie/playlists/", "https://listenbrainz.org/playlist/", "https://listenbrainz.org/playlist/1", "https://listenbrainz.org.evil.example/playlist/" + id} {
		if got := w.listenBrainz(other); got != "" {
			t.Errorf("%s would be read from %s", other, got)
		}
	}
}

func TestA25PagesThatLeadToNoFileOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, victim := w.instance(), w.instance()
	victim.Fail("/mix.jspf", federationtest.Answer("application/jspf+json", jspfOfOne))
	other.Fail("/mix.jspf", federationtest.Answer("application/jspf+json", jspfOfOne))
	other.Fail("/second", federationtest.Answer("text/html", pageWith(namesFile("application/jspf+json", "/mix.jspf"))))
	for name, links := range map[string][]string{
		"another host":    {namesFile("application/jspf+json", victim.URL+"/mix.jspf")},
		"a private one":   {namesFile("application/xspf+xml", "https://10.0.0.1/mix.xspf")},
		"another page":    {namesFile("application/jspf+json", "/second")},
		"itself":          {namesFile("application/jspf+json", "/page")},
		"a local file":    {namesFile("application/jspf+json", "file:///etc/passwd")},
		"another type":    {namesFile("application/json", "/mix.jspf"), namesFile("", "/mix.jspf")},
		"not for readers": {`<link rel="stylesheet" type="application/jspf+json" href="/mix.jspf">`},
		"in the body":     {"</head><body>" + namesFile("application/jspf+json", "/mix.jspf")},
		"no address":      {namesFile("application/jspf+json", "")},
	} {
		other.Fail("/page", federationtest.Answer("text/html", pageWith(links...)))
		before := len(other.Requests(""))
		w.says(other.URL+"/page", playlists.Invalid, "There is a page at this address, but nothing that can be followed or imported.")
		if n := len(other.Requests("")) - before; n > 3 {
			t.Errorf("%s: %d requests", name, n)
		}
	}
	if len(victim.Requests("")) != 0 {
		t.Error("a page made this bridge read from another host")
	}
}

func TestWhatIsWrongWithAFileElsewhereIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	for path, answer := range map[string]http.HandlerFunc{
		"/damaged":  federationtest.Answer("application/json", "{\"playlist\":{\n\"title\":}}"),
		"/cut":      federationtest.Answer("application/xspf+xml", "<playlist>\n<title>A"),
		"/row.csv":  federationtest.Answer("text/csv", "Title,Artist\nOne,\"The\n"),
		"/empty":    federationtest.Answer("application/json", `{"playlist":{"title":"Mix","track":[]}}`),
		"/feed":     federationtest.Answer("application/rss+xml", `<rss version="2.0"><channel/></rss>`),
		"/photo":    federationtest.Answer("image/jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF"),
		"/endless":  endlessly("#EXTM3U\n", "#EXTINF:1,One\n1.mp3\n"),
		"/stranger": federationtest.Redirect("https://192.168.1.1/mix.jspf", http.StatusFound),
		"/gone":     federationtest.Status(http.StatusGone),
		"/login":    federationtest.Status(http.StatusUnauthorized),
	} {
		other.Fail(path, answer)
	}
	for path, c := range map[string]struct {
		code playlists.Code
		say  string
	}{
		"/damaged":  {playlists.Invalid, "damaged at line 2, character 9"},
		"/cut":      {playlists.Invalid, "damaged at line 2"},
		"/row.csv":  {playlists.Invalid, "line 2 of the table"},
		"/empty":    {playlists.Invalid, "names no tracks"},
		"/feed":     {playlists.Invalid, "nothing that can be followed or imported"},
		"/photo":    {playlists.Invalid, "nothing that can be followed or imported"},
		"/endless":  {playlists.Invalid, "too large: more than 20480 kB"},
		"/stranger": {playlists.Invalid, "is not on the public internet"},
		"/gone":     {playlists.Gone, "withdrawn"},
		"/login":    {playlists.Forbidden, "does not let this bridge read this"},
	} {
		w.says(other.URL+path, c.code, c.say)
	}
	w.says("http://192.168.1.1/mix.jspf", playlists.Invalid, "192.168.1.1") // not of the network that is allowed here
	if n := w.count(`SELECT COUNT(*) FROM playlists`); n != 0 {
		t.Errorf("%d playlists are kept", n)
	}
}

// endlessly answers with a body that never ends.
func endlessly(begin, chunk string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "audio/x-mpegurl")
		chunk := []byte(begin + strings.Repeat(chunk, 1000))
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
}

func TestAFileIsCopiedOnceAndNotFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	address := other.URL + "/share/Ab12Cd34Ef"
	other.Fail("/share/Ab12Cd34Ef", federationtest.Answer("text/html", sharePage(3)))
	found := w.finds(address, "Mix", true)
	if _, err := w.Subscribe(t.Context(), w.alice.ID, found, address, playlists.Sync, playlists.Keep); !strings.Contains(playlists.Say(err), "import it instead") {
		t.Errorf("followed: %v", err)
	}
	want, err := w.Subscribe(t.Context(), w.alice.ID, found, address, playlists.Once, playlists.Keep)
	w.ok(err)
	w.steps()
	p, err := w.store.Get(t.Context(), want.Playlist)
	w.ok(err)
	if p.Owner != w.alice.ID || p.Origin != playlists.File || p.Source != "" || len(p.Tracks) != 3 || !want.Granted || want.Pinned != p.Revision {
		t.Errorf("%+v of %+v", want, p)
	}
	if n := w.count(`SELECT COUNT(*) FROM sources`) + w.count(`SELECT COUNT(*) FROM subscriptions`); n != 0 {
		t.Errorf("it is read again, or followed: %d", n)
	}
	if reads := other.Requests("/share/Ab12Cd34Ef"); len(reads) != 2 {
		t.Errorf("read %d times", len(reads))
	}
}

func TestAShareLinkInADirectMessageIsImported(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	me := other.AddActor("alice", nil)
	other.Fail("/share/Ab12Cd34Ef", federationtest.Answer("text/html", sharePage(3)))
	w.proves(other, me)
	w.writes(other, me, 1, link3(other.URL+"/share/Ab12Cd34Ef"))
	wants := w.wanted()
	if len(wants) != 1 || wants[0].Mode != playlists.Once || !slices.Equal(w.has(wants[0].Playlist), []string{"One 0", "One 1", "One 2"}) {
		t.Fatalf("wants %+v", wants)
	}
	w.copied(2, 3, playlists.Outcome{List: "Mix"})
	if got := w.told(other, me); !strings.Contains(got, "Mix: 2 of 3 found.") {
		t.Errorf("told %q", got)
	}
	w.writes(other, me, 2, "follow "+link3(other.URL+"/share/Ab12Cd34Ef"))
	if got := w.told(other, me); !strings.Contains(got, "import it instead") {
		t.Errorf("told %q", got)
	}
}
