//go:build supysonic

package supysonictest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// homogenic is a small library with an awkward file: no tags, so supysonic falls back on the file's name.
var homogenic = []File{
	{Path: "Björk/Homogenic/01 Hunter.flac", Title: "Hunter", Artist: "Björk", Album: "Homogenic", Track: 1, Disc: 1, Year: 1997, Seconds: 4},
	{Path: "Björk/Homogenic/02 Jóga.ogg", Title: "Jóga", Artist: "Björk", Album: "Homogenic", Track: 2, Disc: 1, Year: 1997,
		MBID: "a8b3f2b2-6a8c-4f0a-9d54-2f6a4a2d3b11", ISRC: "GBAAA9700031", Seconds: 305},
	{Path: "Various/Mix/11 Army of Me.mp3", Title: "Army of Me", Artist: "Björk feat. Skunk Anansie", Album: "Mix",
		AlbumArtist: "Various Artists", Track: 11, Disc: 2, Year: 1996, Seconds: 7},
	{Path: "untagged.ogg"},
}

type song struct {
	ID, Title, Artist, Album, ISRC, MusicBrainzID string
	Track, DiscNumber, Year, Duration             int
}

type answer struct {
	Status, Version string
	Error           struct {
		Code    int
		Message string
	}
	SearchResult3 struct{ Song []song }
	Playlists     struct {
		Playlist []struct{ ID, Name string }
	}
	Playlist struct{ Entry []song }
}

// post calls the API as alice, with everything in the body, and wants an answer that is "ok".
func post(t *testing.T, s *Server, method string, params url.Values) answer {
	t.Helper()
	form := url.Values{"u": {"alice"}, "p": {"secret"}, "c": {"test"}, "v": {"1.8.0"}, "f": {"json"}}
	for name, values := range params {
		form[name] = values
	}
	resp, err := http.PostForm(s.URL+"/rest/"+method+".view", form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var doc struct {
		Answer answer `json:"subsonic-response"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		t.Fatalf("%s: HTTP %d: %v", method, resp.StatusCode, err)
	}
	if doc.Answer.Status != "ok" {
		t.Fatalf("%s: %+v", method, doc.Answer.Error)
	}
	return doc.Answer
}

// songs reads the whole library, sorted by title.
func songs(t *testing.T, s *Server) []song {
	t.Helper()
	found := post(t, s, "search3", url.Values{"query": {""}, "songCount": {"500"}}).SearchResult3.Song
	slices.SortFunc(found, func(a, b song) int { return strings.Compare(a.Title, b.Title) })
	return found
}

func start(t *testing.T, files ...File) *Server {
	t.Helper()
	s := Start(t, files...)
	s.AddUser(t, "alice", "secret", false)
	return s
}

func TestTheEmptyQueryReturnsEveryFileWithItsTags(t *testing.T) {
	t.Parallel()
	s := start(t, homogenic...)

	got := songs(t, s)
	uuid := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	for i := range got {
		if !uuid.MatchString(got[i].ID) {
			t.Errorf("the id of %q is %q, not a UUID", got[i].Title, got[i].ID)
		}
		got[i].ID = ""
	}
	want := []song{
		{Title: "Army of Me", Artist: "Björk feat. Skunk Anansie", Album: "Mix", Track: 11, DiscNumber: 2, Year: 1996, Duration: 7},
		{Title: "Hunter", Artist: "Björk", Album: "Homogenic", Track: 1, DiscNumber: 1, Year: 1997, Duration: 4},
		// supysonic answers neither MBID nor ISRC, though the file has both.
		{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Track: 2, DiscNumber: 1, Year: 1997, Duration: 305},
		{Title: "untagged.ogg", Artist: "[unknown]", Album: "[non-album tracks]", Track: 1, DiscNumber: 1, Duration: 3},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAPlaylistOfManySongsIsMadeByPOST(t *testing.T) {
	t.Parallel()
	s := start(t, homogenic...)
	library := songs(t, s)
	var ids []string
	for range 300 { // a GET of this length is refused by gunicorn
		ids = append(ids, library[2].ID, library[0].ID)
	}

	post(t, s, "createPlaylist", url.Values{"name": {"Evening"}, "songId": ids})

	lists := post(t, s, "getPlaylists", nil).Playlists.Playlist
	if len(lists) != 1 || lists[0].Name != "Evening" {
		t.Fatalf("playlists: %+v", lists)
	}
	var got []string
	for _, e := range post(t, s, "getPlaylist", url.Values{"id": {lists[0].ID}}).Playlist.Entry {
		got = append(got, e.ID)
	}
	if !slices.Equal(got, ids) {
		t.Errorf("the playlist holds %d songs in another order than the %d sent", len(got), len(ids))
	}
}

func TestRescanSeesAddedAndDeletedFiles(t *testing.T) {
	t.Parallel()
	s := start(t, homogenic[0])
	before := songs(t, s)

	s.Add(t, homogenic[1])
	if got := songs(t, s); len(got) != 2 || got[0].ID != before[0].ID || got[1].Title != "Jóga" {
		t.Errorf("after adding a file: %+v", got)
	}

	if err := os.Remove(filepath.Join(s.Music, filepath.FromSlash(homogenic[0].Path))); err != nil {
		t.Fatal(err)
	}
	s.Rescan(t)
	if got := songs(t, s); len(got) != 1 || got[0].Title != "Jóga" {
		t.Errorf("after deleting a file: %+v", got)
	}
}

func TestAnAdministratorMayAddUsersOverTheAPI(t *testing.T) {
	t.Parallel()
	s := Start(t)
	s.AddUser(t, "alice", "secret", true)

	post(t, s, "createUser", url.Values{"username": {"bob"}, "password": {"other"}, "email": {"bob@example.org"}})
	post(t, s, "ping", url.Values{"u": {"bob"}, "p": {"other"}})
}
