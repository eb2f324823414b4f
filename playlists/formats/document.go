package formats

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Extensions of XSPF and JSPF by MusicBrainz, as ListenBrainz writes and reads them.
const (
	playlistExtensionURI = "https://musicbrainz.org/doc/jspf#playlist"
	trackExtensionURI    = "https://musicbrainz.org/doc/jspf#track"
)

// document is a playlist in the model of XSPF (https://xspf.org/spec), which JSPF writes as JSON. The two formats hold
// extensions differently, so each moves ext in and out of its own field.
type document struct {
	Title      string  `json:"title" xml:"title"`
	Creator    string  `json:"creator,omitempty" xml:"creator,omitempty"`
	Annotation string  `json:"annotation,omitempty" xml:"annotation,omitempty"`
	Info       string  `json:"info,omitempty" xml:"info,omitempty"`
	Identifier string  `json:"identifier,omitempty" xml:"identifier,omitempty"`
	Date       string  `json:"date,omitempty" xml:"date,omitempty"`
	Tracks     []entry `json:"track" xml:"trackList>track"`

	JSON map[string]json.RawMessage `json:"extension,omitempty" xml:"-"`
	XML  []xmlPlaylistExtension     `json:"-" xml:"extension"`
	ext  playlistExtension
}

type playlistExtension struct {
	Creator  string           `json:"creator,omitempty" xml:"creator,omitempty"`
	Modified string           `json:"last_modified_at,omitempty" xml:"last_modified_at,omitempty"`
	Metadata playlistMetadata `json:"additional_metadata,omitzero" xml:"additional_metadata"`
}

// playlistMetadata stands in additional_metadata, ListenBrainz's place for what others add.
type playlistMetadata struct {
	CuratorHandle string `json:"curator_handle,omitempty" xml:"curator_handle,omitempty"`
}

func documentOf(p playlists.Playlist, page string) document {
	d := document{Title: p.Name, Creator: p.Curator.Name, Annotation: p.Summary, Info: page, Identifier: page, Tracks: []entry{}}
	if !p.Updated.IsZero() {
		d.Date = p.Updated.UTC().Format(time.RFC3339)
	}
	d.ext = playlistExtension{Creator: p.Curator.Name, Modified: d.Date, Metadata: playlistMetadata{p.Curator.Handle}}
	for _, t := range p.Tracks {
		d.Tracks = append(d.Tracks, entryOf(t))
	}
	return d
}

func (d document) playlist() playlists.Playlist {
	p := playlists.Playlist{Name: d.Title, Summary: d.Annotation, Page: webAddress(d.Info),
		Curator: playlists.Curator{Name: d.Creator, Handle: d.ext.Metadata.CuratorHandle}}
	if p.Page == "" {
		p.Page = webAddress(d.Identifier)
	}
	for _, e := range d.Tracks {
		p.Tracks = append(p.Tracks, e.track())
	}
	return p
}

// webAddress returns s if a browser may be sent there, else "".
func webAddress(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || len(s) > playlists.MaxText {
		return ""
	}
	return u.String()
}

func isZero(v any) bool { return reflect.ValueOf(v).IsZero() }
