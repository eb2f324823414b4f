package formats

import (
	"bytes"
	"encoding/xml"
	"errors"
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

func writeXSPF(w io.Writer, p playlists.Playlist, at Place) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", " ")
	return out.Encode(xspf{Version: "1", Namespace: "http://xspf.org/ns/0/", document: documentOf(p, at)})
}

func readXSPF(data []byte) (playlists.Playlist, error) {
	var file xspf
	in := newBoundedXML(data)
	if err := xml.NewTokenDecoder(in).Decode(&file); err != nil {
		return playlists.Playlist{}, in.problem(err)
	}
	return file.playlist(), nil
}

// maxXMLDepth is how deeply elements may be nested. Ours are seven deep.
const maxXMLDepth = 50

var errDeep = errors.New("elements are nested too deeply")

// boundedXML hands on the tokens of a document up to one that is nested too deeply or too long: encoding/xml keeps a
// record of each open element and of each attribute, which is many times their size in the file.
type boundedXML struct {
	*xml.Decoder
	source *portions
	depth  int
}

func newBoundedXML(data []byte) *boundedXML {
	source := &portions{in: bytes.NewReader(data)}
	b := &boundedXML{Decoder: xml.NewDecoder(source), source: source}
	b.CharsetReader = charsetReader
	return b
}

// Token returns tokens as RawToken does: the decoder that reads them matches and names the elements.
func (b *boundedXML) Token() (xml.Token, error) {
	b.source.next()
	token, err := b.RawToken()
	switch token.(type) {
	case xml.StartElement:
		if b.depth++; b.depth > maxXMLDepth {
			return nil, errDeep
		}
	case xml.EndElement:
		b.depth--
	}
	return token, err
}

func (b *boundedXML) problem(err error) error {
	if playlists.CodeOf(err) != "" {
		return err
	}
	line, character := b.InputPos()
	if _, other := errors.AsType[xml.UnmarshalError](err); other {
		return invalid(errors.Join(err, ErrUnknown), "The file is XML, but not an XSPF playlist: line %d begins something else than a playlist.", line)
	}
	return invalid(err, "The file looks like an XSPF playlist but is damaged at line %d, character %d. Download it again.", line, character)
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
