package formats

import (
	"bytes"
	"cmp"
	"encoding/json"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/songferry/songferry/playlists"
)

// share is what the page of a Navidrome share tells its player (server/serve_index.go there): neither ids nor what was
// shared, only the tracks.
type share struct {
	Description phrase            `json:"description"`
	Tracks      rows[sharedTrack] `json:"tracks"`
}

type sharedTrack struct {
	Title    phrase  `json:"title"`
	Artist   phrase  `json:"artist"`
	Album    phrase  `json:"album"`
	Duration float64 `json:"duration"` // seconds
}

func (t sharedTrack) track() playlists.Track {
	out := playlists.Track{Title: string(t.Title), Artist: string(t.Artist), Album: string(t.Album)}
	if t.Duration > 0 && t.Duration < 1e9 {
		out.Duration = int(t.Duration + 0.5)
	}
	return out
}

// readPage reads the page of a Navidrome share, the only kind of page that holds a playlist itself.
func readPage(page []byte) (playlists.Playlist, error) {
	_, info, ok := bytes.Cut(page, []byte("window.__SHARE_INFO__"))
	if !ok {
		return playlists.Playlist{}, errPage()
	}
	info = bytes.TrimLeft(info, " \t\r\n=")
	var quoted string // the page has it as a string for JSON.parse
	if err := json.NewDecoder(bytes.NewReader(info)).Decode(&quoted); err != nil || quoted == "" {
		return playlists.Playlist{}, errPage() // null, on other pages of Navidrome
	}
	var s share
	if err := json.Unmarshal([]byte(quoted), &s); err != nil {
		if playlists.CodeOf(err) != "" {
			return playlists.Playlist{}, err
		}
		return playlists.Playlist{}, invalid(err, "This is the page of a Navidrome share, but the list in it cannot be read.")
	}
	p := playlists.Playlist{Name: cmp.Or(heading(page), string(s.Description), "Shared tracks")}
	for _, t := range s.Tracks {
		p.Tracks = append(p.Tracks, t.track())
	}
	return p, nil
}

func errPage() error {
	return invalid(ErrUnknown, "This is a web page, not a playlist file. Download the playlist as JSPF, XSPF, M3U8 or CSV first.")
}

// maxHead is how much of a page is searched for its heading.
const maxHead = 64 << 10

// heading returns what a page calls itself when it is shared (https://ogp.me): Navidrome's share its description, or
// else the name of what was shared.
func heading(page []byte) string {
	in := html.NewTokenizer(bytes.NewReader(page[:min(len(page), maxHead)]))
	for in.Next() != html.ErrorToken {
		t := in.Token()
		if t.DataAtom != atom.Meta {
			continue
		}
		attributes := map[string]string{}
		for _, a := range t.Attr {
			attributes[a.Key] = a.Val
		}
		if attributes["property"] == "og:title" {
			return attributes["content"]
		}
	}
	return ""
}
