package formats

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/songferry/songferry/playlists"
)

// xspf is the root element of an XSPF file (https://xspf.org/spec). The namespace is an ordinary attribute here, so
// that files which forget it can be read.
type xspf struct {
	XMLName   xml.Name `xml:"playlist"`
	Version   string   `xml:"version,attr"`
	Namespace string   `xml:"xmlns,attr"`
	document
}

type xmlPlaylistExtension struct {
	Application string `xml:"application,attr"`
	playlistExtension
}

type xmlTrackExtension struct {
	Application string `xml:"application,attr"`
	trackExtension
}

func writeXSPF(w io.Writer, p playlists.Playlist, page string) error {
	d := documentOf(p, page)
	if !isZero(d.ext) {
		d.XML = []xmlPlaylistExtension{{playlistExtensionURI, d.ext}}
	}
	for i := range d.Tracks {
		if e := &d.Tracks[i]; !isZero(e.ext) {
			e.XML = []xmlTrackExtension{{trackExtensionURI, e.ext}}
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", " ")
	return out.Encode(xspf{Version: "1", Namespace: "http://xspf.org/ns/0/", document: d})
}

func readXSPF(data []byte) (playlists.Playlist, error) {
	var file xspf
	in := xml.NewDecoder(bytes.NewReader(data))
	in.CharsetReader = charsetReader
	if err := in.Decode(&file); err != nil {
		return playlists.Playlist{}, invalid(err, "The file looks like an XSPF playlist but is damaged, or is another kind of XML.")
	}
	d := file.document
	for _, x := range d.XML {
		if x.Application == playlistExtensionURI {
			d.ext = x.playlistExtension
		}
	}
	for i, e := range d.Tracks {
		for _, x := range e.XML {
			if x.Application == trackExtensionURI {
				d.Tracks[i].ext = x.trackExtension
			}
		}
	}
	return d.playlist(), nil
}

// charsetReader decodes a document whose declaration names another encoding than UTF-8.
func charsetReader(label string, in io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return in, nil // Read has decoded it by its byte order mark
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(in), nil
}
