package missing_test

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
)

const mbid = "0e8a1d3c-5b9a-4f0e-9d53-3a3d1a7c0001"

func TestLinksLeadToTheTrackWhereItsIdIsKnownAndElseSearch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		track playlists.Track
		want  missing.Links
	}{
		{playlists.Track{Title: "Jóga", Artist: "Björk"}, missing.Links{
			"https://musicbrainz.org/search?type=recording&method=indexed&query=Bj%C3%B6rk+J%C3%B3ga",
			"https://bandcamp.com/search?q=Bj%C3%B6rk+J%C3%B3ga&item_type=t",
			"https://www.qobuz.com/us-en/search/tracks/Bj%C3%B6rk%20J%C3%B3ga"}},
		{playlists.Track{Title: "One", MBID: strings.ToUpper(mbid), ISRC: []string{"GBAYE9700001"}}, missing.Links{
			"https://musicbrainz.org/recording/" + mbid, "https://bandcamp.com/search?q=One&item_type=t", "https://www.qobuz.com/us-en/search/tracks/One"}},
		{playlists.Track{Title: "One", MBID: "../../evil", ISRC: []string{"?", "gb-aye-97-00001"}}, missing.Links{
			"https://musicbrainz.org/isrc/GBAYE9700001", "https://bandcamp.com/search?q=One&item_type=t", "https://www.qobuz.com/us-en/search/tracks/One"}},
		{playlists.Track{Title: "Thunder/struck", Artist: "AC/DC"}, missing.Links{
			"https://musicbrainz.org/search?type=recording&method=indexed&query=AC%2FDC+Thunder%2Fstruck",
			"https://bandcamp.com/search?q=AC%2FDC+Thunder%2Fstruck&item_type=t",
			"https://www.qobuz.com/us-en/search/tracks/AC%20DC%20Thunder%20struck"}},
		{playlists.Track{}, missing.Links{}},
	} {
		if got := (missing.Track{Track: c.track}).Links(); got != c.want {
			t.Errorf("%+v:\n got %+v\nwant %+v", c.track, got, c.want)
		}
	}
}

func TestAnAlbumIsLookedForAsAnAlbum(t *testing.T) {
	t.Parallel()
	lone := missing.Track{Track: playlists.Track{Title: "Jóga", Artist: "Björk"}}
	for _, c := range []struct {
		album missing.Album
		want  missing.Links
	}{
		{missing.Album{Name: "Post", Artist: "Björk"}, missing.Links{
			"https://musicbrainz.org/search?type=release&method=indexed&query=Bj%C3%B6rk+Post",
			"https://bandcamp.com/search?q=Bj%C3%B6rk+Post&item_type=a",
			"https://www.qobuz.com/us-en/search/albums/Bj%C3%B6rk%20Post"}},
		{missing.Album{Name: "Post", Release: mbid}, missing.Links{
			"https://musicbrainz.org/release/" + mbid, "https://bandcamp.com/search?q=Post&item_type=a", "https://www.qobuz.com/us-en/search/albums/Post"}},
		{missing.Album{Tracks: []missing.Track{lone}}, lone.Links()},
	} {
		if got := c.album.Links(); got != c.want {
			t.Errorf("%+v:\n got %+v\nwant %+v", c.album, got, c.want)
		}
	}
}

// hostile are texts that would break out of an address, a table or a terminal if they could.
var hostile = []string{
	`"><script>alert(1)</script>`, "javascript:alert(1)//", "x&item_type=b&q=y#z", "../../../login?next=//evil.example", "..", ".", "/", `\\evil.example\x`,
	"%2e%2e/%00", "@evil.example:80", "=cmd|' /C calc'!A0", "a\r\nSet-Cookie: x=1", "\x1b[31mred\x07", "\u202egnp.exe", "\xff\xfe", "+1-2", strings.Repeat("长", 5_000), " ", "🎵?",
}

func TestHostileTextStaysTextInAnAddress(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		for _, l := range []missing.Links{
			(missing.Track{Track: playlists.Track{Title: text, Artist: text, MBID: text, ISRC: []string{text}}}).Links(),
			(missing.Album{Name: text, Artist: text, Release: text}).Links(),
		} {
			leadsTo(t, text, l.MusicBrainz, "musicbrainz.org", "/search")
			leadsTo(t, text, l.Bandcamp, "bandcamp.com", "/search")
			leadsTo(t, text, l.Qobuz, "www.qobuz.com", "/us-en/search/")
		}
	}
}

// leadsTo checks where a browser goes that is given an address made of text.
func leadsTo(t *testing.T, text, address, host, folder string) {
	t.Helper()
	if address == "" && strings.Trim(playlists.CleanText(text, 10), " ") == "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host != host || u.Fragment != "" || len(address) > 4_000 {
		t.Errorf("%.40q: %.200q, %v", text, address, err)
		return
	}
	if at := path.Clean("/" + u.EscapedPath()); !strings.HasPrefix(at+"/", folder) || strings.Count(u.EscapedPath(), "/") > 4 {
		t.Errorf("%.40q leads to %.200q", text, at)
	}
	if strings.ContainsAny(address, "\"'<>\\ \r\n\t\x1b") {
		t.Errorf("%.40q is not escaped in %.200q", text, address)
	}
	if q := u.Query(); u.RawQuery != "" && (len(q["type"])+len(q["item_type"]) != 1 || len(q["query"])+len(q["q"]) != 1) {
		t.Errorf("%.40q adds to the query: %v", text, q)
	}
}
