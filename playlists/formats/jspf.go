package formats

import (
	"encoding/json"
	"io"

	"github.com/songferry/songferry/playlists"
)

// jspf is the outermost object of a JSPF file (https://xspf.org/jspf).
type jspf struct {
	Playlist *document `json:"playlist"`
}

func writeJSPF(w io.Writer, p playlists.Playlist, page string) error {
	d := documentOf(p, page)
	d.JSON = extensionJSON(playlistExtensionURI, d.ext)
	for i := range d.Tracks {
		d.Tracks[i].JSON = extensionJSON(trackExtensionURI, d.Tracks[i].ext)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(jspf{&d})
}

// extensionJSON returns the extensions of a document or a track, nil when ext is empty.
func extensionJSON(uri string, ext any) map[string]json.RawMessage {
	if isZero(ext) {
		return nil
	}
	raw, err := json.Marshal(ext)
	if err != nil {
		return nil // not reached: structs of texts and numbers always marshal
	}
	return map[string]json.RawMessage{uri: raw}
}

func readJSPF(data []byte) (playlists.Playlist, error) {
	var file jspf
	if err := json.Unmarshal(data, &file); err != nil {
		return playlists.Playlist{}, invalid(err, "The file looks like a JSPF playlist but is damaged. Download it again.")
	}
	if file.Playlist == nil {
		return playlists.Playlist{}, invalid(nil, "The file is JSON, but not a JSPF playlist: it has no \"playlist\" in it.")
	}
	d := file.Playlist
	readExtension(d.JSON[playlistExtensionURI], &d.ext)
	for i := range d.Tracks {
		readExtension(d.Tracks[i].JSON[trackExtensionURI], &d.Tracks[i].ext)
	}
	return d.playlist(), nil
}

// readExtension fills ext from raw. Extensions are free-form, so one of a shape that we do not know is left out.
func readExtension[T any](raw json.RawMessage, ext *T) {
	var v T
	if len(raw) > 0 && json.Unmarshal(raw, &v) == nil {
		*ext = v
	}
}
