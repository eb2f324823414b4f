package formats

import (
	"net/url"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
)

// document is a playlist in the model of XSPF (https://xspf.org/spec), which JSPF writes as JSON.
type document struct {
	Title      phrase                       `json:"title" xml:"title"`
	Creator    phrase                       `json:"creator,omitempty" xml:"creator,omitempty"`
	Annotation phrase                       `json:"annotation,omitempty" xml:"annotation,omitempty"`
	Info       phrase                       `json:"info,omitempty" xml:"info,omitempty"`
	Identifier phrase                       `json:"identifier,omitempty" xml:"identifier,omitempty"`
	Image      phrase                       `json:"image,omitempty" xml:"image,omitempty"`
	Date       phrase                       `json:"date,omitempty" xml:"date,omitempty"`
	Extension  extension[playlistExtension] `json:"extension,omitzero" xml:"extension"`
	Tracks     rows[entry]                  `json:"track" xml:"trackList"`
}

// playlistExtension is MusicBrainz's, as ListenBrainz writes and reads it (listenbrainz/db/model/playlist.py). ListenBrainz
// takes no file without public.
type playlistExtension struct {
	Public   flag             `json:"public" xml:"public"`
	Creator  phrase           `json:"creator,omitempty" xml:"creator,omitempty"`
	Modified phrase           `json:"last_modified_at,omitempty" xml:"last_modified_at,omitempty"`
	Metadata playlistMetadata `json:"additional_metadata,omitzero" xml:"additional_metadata"`
}

func (playlistExtension) uri() string { return "https://musicbrainz.org/doc/jspf#playlist" }

// playlistMetadata stands in additional_metadata, ListenBrainz's place for what others add.
type playlistMetadata struct {
	CuratorHandle phrase `json:"curator_handle,omitempty" xml:"curator_handle,omitempty"`
}

func documentOf(p playlists.Playlist, at Place) document {
	d := document{Title: phrase(p.Name), Creator: phrase(p.Curator.Name), Annotation: phrase(p.Summary), Info: phrase(at.Page), Identifier: phrase(at.Page),
		Image: phrase(at.Cover), Tracks: rows[entry]{}}
	if !p.Updated.IsZero() {
		d.Date = phrase(p.Updated.UTC().Format(time.RFC3339))
	}
	d.Extension.is = playlistExtension{Public: flag(at.Open), Creator: d.Creator, Modified: d.Date, Metadata: playlistMetadata{phrase(p.Curator.Handle)}}
	for _, t := range p.Tracks {
		d.Tracks = append(d.Tracks, entryOf(t))
	}
	return d
}

func (d document) playlist() playlists.Playlist {
	p := playlists.Playlist{Name: string(d.Title), Summary: string(d.Annotation), Page: webAddress(string(d.Info)),
		Curator: playlists.Curator{Name: string(d.Creator), Handle: string(d.Extension.is.Metadata.CuratorHandle)}}
	if p.Page == "" {
		p.Page = webAddress(string(d.Identifier))
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
