package subsonictest_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// recorded is a call that was made to a real server, and its answer. testdata/README.md tells how they were made.
type recorded struct {
	Name   string
	Method string
	Params [][2]string
	Songs  int // this many songId parameters follow, which are not in Params
	Auth   string
	Post   bool
	HTTP   int
	CType  string
	Answer string
}

// TestTheServerAnswersAsRealServersDid replays every recorded call, in order, on a server with the same songs.
func TestTheServerAnswersAsRealServersDid(t *testing.T) {
	t.Parallel()
	for _, dialect := range []subsonictest.Dialect{subsonictest.Navidrome, subsonictest.Gonic, subsonictest.Supysonic} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			r := newReplay(t, dialect)
			for _, call := range r.calls {
				got := r.do(call)
				if problem := r.compare(call, got); problem != "" {
					t.Errorf("%s: %s\nreal: %.400s\n here: %.400s", call.Name, problem, call.Answer, got.Body)
				}
				r.learn()
			}
		})
	}
}

type replay struct {
	server *subsonictest.Server
	calls  []recorded
	names  map[string]string // of the real playlists, by their id
	lists  map[string]string // ids of our playlists, by their first name
	songs  map[string]string // ids of our songs, by their real id
}

func newReplay(t *testing.T, dialect subsonictest.Dialect) *replay {
	t.Helper()
	data, err := os.ReadFile("testdata/" + string(dialect) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	r := &replay{server: subsonictest.NewServer(dialect), names: map[string]string{}, lists: map[string]string{}, songs: map[string]string{}}
	if err := json.Unmarshal(data, &r.calls); err != nil {
		t.Fatal(err)
	}
	r.server.AddUser("admin", "sesame")
	r.server.AddUser("bob", "bobs")
	for _, call := range r.calls {
		if call.Name == "search3-empty" {
			r.addSongs(t, call.Answer)
		}
		walk(object(call.Answer), "", func(path string, v any) {
			p, isObject := v.(map[string]any)
			if !isObject || !strings.HasSuffix(path, "playlist") && !strings.HasSuffix(path, "playlist[]") || p["name"] == nil {
				return
			}
			id, name := p["id"].(string), strings.TrimPrefix(p["name"].(string), "[admin] ")
			if r.names[id] == "" {
				r.names[id] = name
			}
		})
	}
	return r
}

func (r *replay) addSongs(t *testing.T, answer string) {
	t.Helper()
	var doc struct {
		R struct {
			S struct{ Song []json.RawMessage } `json:"searchResult3"`
		} `json:"subsonic-response"`
	}
	if err := json.Unmarshal([]byte(answer), &doc); err != nil {
		t.Fatal(err)
	}
	for _, raw := range doc.R.S.Song {
		var x struct {
			ID, Title, Artist, Album, DisplayAlbumArtist, MusicBrainzID string
			Duration, Track, DiscNumber, Year                           int
			ISRC                                                        []string
			Artists                                                     []playlists.Artist
		}
		if err := json.Unmarshal(raw, &x); err != nil {
			t.Fatal(err)
		}
		r.songs[x.ID] = r.server.AddSong(playlists.Track{
			Title: x.Title, Artist: x.Artist, Artists: x.Artists, Album: x.Album, AlbumBy: x.DisplayAlbumArtist,
			Duration: x.Duration, Number: x.Track, Disc: x.DiscNumber, Year: x.Year, MBID: x.MusicBrainzID, ISRC: x.ISRC,
		})
	}
}

// learn remembers which playlist of ours stands for which real one: the oldest of each name.
func (r *replay) learn() {
	for _, p := range r.server.Playlists() {
		if r.lists[p.Name] == "" {
			r.lists[p.Name] = p.ID
		}
	}
}

// ours translates a real id.
func (r *replay) ours(value string) string {
	if id := r.songs[value]; id != "" {
		return id
	}
	if name, known := r.names[value]; known && r.lists[name] != "" {
		return r.lists[name]
	}
	return value
}

type response struct {
	code  int
	ctype string
	Body  string
}

func (r *replay) do(call recorded) response {
	form := url.Values{"v": {"1.13.0"}, "c": {"test"}}
	if !strings.HasSuffix(call.Name, "-xml") {
		form.Set("f", "json")
	}
	authorize(form, call)
	for _, p := range call.Params {
		form.Add(p[0], r.ours(p[1]))
	}
	for i := range call.Songs {
		form.Add("songId", r.server.Songs()[i%3])
	}
	target, suffix := "/rest/"+call.Method, ".view"
	if strings.HasSuffix(call.Name, "nosuffix") {
		suffix = ""
	}
	req := httptest.NewRequest("GET", target+suffix+"?"+form.Encode(), nil)
	if call.Post {
		req = httptest.NewRequest("POST", target+suffix, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, req)
	return response{w.Code, w.Header().Get("Content-Type"), w.Body.String()}
}

func authorize(form url.Values, call recorded) {
	user, password := "admin", "sesame"
	if strings.HasPrefix(call.Name, "bob-") {
		user, password = "bob", "bobs"
	}
	if strings.Contains(call.Name, "wronguser") {
		user = "nobody"
	}
	if strings.Contains(call.Name, "wrongpass") || strings.Contains(call.Name, "wrongtoken") {
		password = "wrong"
	}
	switch {
	case call.Auth == "none":
		return
	case strings.HasPrefix(call.Auth, "apikey:"):
		form.Set("apiKey", strings.TrimPrefix(call.Auth, "apikey:"))
		return
	case call.Auth == "pass":
		form.Set("p", password)
	case call.Auth == "hex":
		form.Set("p", "enc:"+hex.EncodeToString([]byte(password)))
	default:
		sum := md5.Sum([]byte(password + "salt"))
		form.Set("t", hex.EncodeToString(sum[:]))
		form.Set("s", "salt")
	}
	form.Set("u", user)
}

// compare returns how our answer differs in what a client can notice: status, type, error, the fields and their types,
// and what a playlist holds. Fields that no client of playlists reads may be missing here.
func (r *replay) compare(call recorded, got response) string {
	media, _, _ := mime.ParseMediaType(got.ctype)
	wantMedia, _, _ := mime.ParseMediaType(call.CType)
	if got.code != call.HTTP || media != wantMedia {
		return fmt.Sprintf("status %d %s, want %d %s", got.code, media, call.HTTP, wantMedia)
	}
	if !strings.HasPrefix(call.Answer, "{") && !strings.HasPrefix(call.Answer, "<subsonic") {
		return "" // an HTML page or plain text: nobody reads it
	}
	real, here := shape(call.Answer), shape(got.Body)
	for path, kind := range here {
		if !strings.Contains(real[path], kind) {
			return fmt.Sprintf("%s is %s, want %q", path, kind, real[path])
		}
	}
	for path := range real {
		if _, has := here[path]; !has && clientReads(path) {
			return path + " is missing"
		}
	}
	return r.compareValues(call, got)
}

func (r *replay) compareValues(call recorded, got response) string {
	want, have := object(call.Answer), object(got.Body)
	message := fmt.Sprint(find(want, "error"))
	for id := range r.names {
		message = strings.ReplaceAll(message, id, r.ours(id))
	}
	if here := fmt.Sprint(find(have, "error")); here != message {
		return fmt.Sprintf("error %s, want %s", here, message)
	}
	wantList, _ := find(want, "playlist").(map[string]any)
	haveList, _ := find(have, "playlist").(map[string]any)
	for _, name := range []string{"name", "comment", "owner", "public", "readonly", "songCount", "duration"} {
		if fmt.Sprint(wantList[name]) != fmt.Sprint(haveList[name]) {
			return fmt.Sprintf("%s is %v, want %v", name, haveList[name], wantList[name])
		}
	}
	if a, b := titles(wantList), titles(haveList); !slices.Equal(a, b) {
		return fmt.Sprintf("songs %q, want %q", b, a)
	}
	return ""
}

func titles(list map[string]any) []string {
	var out []string
	entries, _ := list["entry"].([]any)
	for _, e := range entries {
		out = append(out, fmt.Sprint(e.(map[string]any)["title"]))
	}
	return out
}

// clientReads reports whether a field is one of those that clients of playlists depend on.
func clientReads(path string) bool {
	name := path[strings.LastIndexAny(path, ".@")+1:]
	return slices.Contains(strings.Fields(`status version type serverVersion openSubsonic code message id name owner
		songCount changed entry[] title artist album track year isrc musicBrainzId displayArtist`), name) &&
		!strings.Contains(path, "Artists") && !strings.Contains(path, "genres") && !strings.Contains(path, "ontributors") &&
		!strings.Contains(path, "xtensions") &&
		!strings.Contains(path, "searchResult3.artist") && !strings.Contains(path, "searchResult3.album")
}

// shape lists the paths of an answer with the types found there.
func shape(answer string) map[string]string {
	out := map[string]string{}
	if strings.HasPrefix(answer, "<") {
		xmlShape(answer, out)
		return out
	}
	walk(object(answer), "", func(path string, v any) {
		if kind := fmt.Sprintf("%T", v); !strings.Contains(out[path], kind) {
			out[path] += kind
		}
	})
	return out
}

func xmlShape(answer string, out map[string]string) {
	d := xml.NewDecoder(strings.NewReader(answer))
	var path []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			panic(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			for _, a := range t.Attr {
				out[strings.Join(path, ".")+"@"+a.Name.Local] = "attribute"
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
}

func object(answer string) any {
	var v any
	d := json.NewDecoder(bytes.NewReader([]byte(answer)))
	if d.Decode(&v) != nil {
		return nil // XML, HTML or text
	}
	return v
}

func walk(v any, path string, visit func(string, any)) {
	visit(path, v)
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			walk(x, path+"."+name, visit)
		}
	case []any:
		for _, x := range v {
			walk(x, path+"[]", visit)
		}
	}
}

// find returns the member of the answer's envelope with this name.
func find(v any, name string) any {
	doc, _ := v.(map[string]any)
	envelope, _ := doc["subsonic-response"].(map[string]any)
	return envelope[name]
}
