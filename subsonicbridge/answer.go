package subsonicbridge

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// answer is a server's reply. It has only the fields that Songferry uses: paths, play counts, ratings and the like are
// never read, so they cannot leak.
type answer struct {
	XMLName       xml.Name                 `json:"-" xml:"subsonic-response"`
	Status        text                     `json:"status" xml:"status,attr"`
	Version       text                     `json:"version" xml:"version,attr"`
	Type          text                     `json:"type" xml:"type,attr"`
	ServerVersion text                     `json:"serverVersion" xml:"serverVersion,attr"`
	OpenSubsonic  flag                     `json:"openSubsonic" xml:"openSubsonic,attr"`
	Error         element[errorAnswer]     `json:"error" xml:"error"`
	Playlists     element[playlistsAnswer] `json:"playlists" xml:"playlists"`
	Playlist      element[playlistAnswer]  `json:"playlist" xml:"playlist"`
	Search        element[songsAnswer]     `json:"searchResult3" xml:"searchResult3"`
	Albums        element[albumsAnswer]    `json:"albumList2" xml:"albumList2"`
	Album         element[songsAnswer]     `json:"album" xml:"album"`
	Song          element[songAnswer]      `json:"song" xml:"song"`
	Shares        element[sharesAnswer]    `json:"shares" xml:"shares"`
	Scan          element[scanAnswer]      `json:"scanStatus" xml:"scanStatus"`
}

type errorAnswer struct {
	Code    number `json:"code" xml:"code,attr"`
	Message text   `json:"message" xml:"message,attr"`
}

type playlistsAnswer struct {
	Playlist list[playlistAnswer] `json:"playlist" xml:"playlist"`
}

type playlistAnswer struct {
	ID        text             `json:"id" xml:"id,attr"`
	Name      text             `json:"name" xml:"name,attr"`
	Owner     text             `json:"owner" xml:"owner,attr"`
	Comment   text             `json:"comment" xml:"comment,attr"`
	Public    flag             `json:"public" xml:"public,attr"`
	ReadOnly  flag             `json:"readonly" xml:"readonly,attr"`
	SongCount number           `json:"songCount" xml:"songCount,attr"`
	Duration  number           `json:"duration" xml:"duration,attr"`
	Changed   text             `json:"changed" xml:"changed,attr"`
	CoverArt  text             `json:"coverArt" xml:"coverArt,attr"`
	Entry     list[songAnswer] `json:"entry" xml:"entry"`
}

type songsAnswer struct {
	Song list[songAnswer] `json:"song" xml:"song"`
}

type albumsAnswer struct {
	Album list[struct {
		ID text `json:"id" xml:"id,attr"`
	}] `json:"album" xml:"album"`
}

type scanAnswer struct {
	Scanning flag   `json:"scanning" xml:"scanning,attr"`
	Count    number `json:"count" xml:"count,attr"`
	LastScan text   `json:"lastScan" xml:"lastScan,attr"` // Navidrome
}

var errNotSubsonic = errors.New("the answer is not one of the Subsonic API")

// decode reads an answer in JSON, or in XML: servers send XML in spite of f=json when they did not get as far as
// reading f (Navidrome and gonic above 10,000 parameters).
func decode(body []byte) (*answer, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	switch {
	case len(body) == 0:
		return nil, fmt.Errorf("%w: it is empty", errNotSubsonic)
	case body[0] == '{':
		return decodeJSON(body)
	case body[0] == '<' && bytes.Contains(body[:min(len(body), 1024)], []byte("<subsonic-response")):
		return decodeXML(body)
	case body[0] == '<':
		return nil, fmt.Errorf("%w: it is an HTML page", errNotSubsonic)
	}
	return nil, fmt.Errorf("%w: it is neither JSON nor XML", errNotSubsonic)
}

func decodeJSON(body []byte) (*answer, error) {
	var doc struct {
		Answer *answer `json:"subsonic-response"`
	}
	if err := json.Unmarshal(blankControls(body), &doc); err != nil {
		return nil, fmt.Errorf("unreadable JSON: %w", err)
	}
	if doc.Answer == nil {
		return nil, errNotSubsonic
	}
	return doc.Answer, nil
}

func decodeXML(body []byte) (*answer, error) {
	body = blankControls(bytes.ToValidUTF8(body, []byte("\ufffd")))
	d := xml.NewDecoder(bytes.NewReader(charReference.ReplaceAllFunc(body, legalReference)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var a answer
	if err := d.Decode(&a); err != nil {
		return nil, fmt.Errorf("unreadable XML: %w", err)
	}
	return &a, nil
}

// blankControls replaces control characters by spaces. Tags contain them, some servers pass them on raw, and a single
// one would make the whole answer unreadable.
func blankControls(body []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < 0x20 || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, body)
}

var charReference = regexp.MustCompile(`&#[xX]?[0-9a-fA-F]{1,8};`)

// legalReference keeps a character reference that XML 1.0 allows, and blanks any other.
func legalReference(ref []byte) []byte {
	var r rune
	format := "&#%d;"
	if s := strings.ToLower(string(ref)); strings.HasPrefix(s, "&#x") {
		format, ref = "&#x%x;", []byte(s)
	}
	if _, err := fmt.Sscanf(string(ref), format, &r); err != nil {
		return []byte(" ")
	}
	if !utf8.ValidRune(r) || r < 0x20 && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
		return []byte(" ")
	}
	return ref
}
