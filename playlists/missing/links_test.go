package missing_test

import (
	"net/url"
	"path"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
)

const mbid = "0e8a1d3c-5b9a-4f0e-9d53-3a3d1a7c0001"

func TestLinksLeadToTheTrackWhereItsIdIsKnownAndElseSearch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		track                        playlists.Track
		musicBrainz, bandcamp, qobuz string
	}{
		{playlists.Track{Title: "Jóga", Artist: "Björk"},
			"https://musicbrainz.org/search?type=recording&method=indexed&query=Bj%C3%B6rk+J%C3%B3ga",
			"https://bandcamp.com/search?item_type=t&q=Bj%C3%B6rk+J%C3%B3ga",
			"https://www.qobuz.com/us-en/search/tracks/Bj%C3%B6rk%20J%C3%B3ga"},
		{playlists.Track{Title: "One", MBID: strings.ToUpper(mbid), ISRC: []string{"GBAYE9700001"}},
			"https://musicbrainz.org/recording/" + mbid, "https://bandcamp.com/search?item_type=t&q=One", "https://www.qobuz.com/us-en/search/tracks/One"},
		{playlists.Track{Title: "One", MBID: "../../evil", ISRC: []string{"?", "gb-aye-97-00001"}},
			"https://musicbrainz.org/isrc/GBAYE9700001", "https://bandcamp.com/search?item_type=t&q=One", "https://www.qobuz.com/us-en/search/tracks/One"},
		{playlists.Track{Title: "Thunder/struck", Artist: "AC/DC"},
			"https://musicbrainz.org/search?type=recording&method=indexed&query=AC%2FDC+Thunder%2Fstruck",
			"https://bandcamp.com/search?item_type=t&q=AC%2FDC+Thunder%2Fstruck",
			"https://www.qobuz.com/us-en/search/tracks/AC%20DC%20Thunder%20struck"},
		{playlists.Track{}, "", "", ""},
	} {
		leads(t, missing.Track{Track: c.track}.Links(), c.musicBrainz, c.bandcamp, c.qobuz)
	}
}

func leads(t *testing.T, got missing.Links, musicBrainz, bandcamp, qobuz string) {
	t.Helper()
	if got.MusicBrainz != musicBrainz || got.At("Bandcamp") != bandcamp || got.At("Qobuz") != qobuz {
		t.Errorf("got %+v\nwant %s, %s, %s", got, musicBrainz, bandcamp, qobuz)
	}
}

func TestAnAlbumIsLookedForAsAnAlbum(t *testing.T) {
	t.Parallel()
	lone := missing.Track{Track: playlists.Track{Title: "Jóga", Artist: "Björk"}}
	leads(t, missing.Album{Name: "Post", Artist: "Björk"}.Links(),
		"https://musicbrainz.org/search?type=release&method=indexed&query=Bj%C3%B6rk+Post",
		"https://bandcamp.com/search?item_type=a&q=Bj%C3%B6rk+Post",
		"https://www.qobuz.com/us-en/search/albums/Bj%C3%B6rk%20Post")
	leads(t, missing.Album{Name: "Post", Release: mbid}.Links(),
		"https://musicbrainz.org/release/"+mbid, "https://bandcamp.com/search?item_type=a&q=Post", "https://www.qobuz.com/us-en/search/albums/Post")
	if got := (missing.Album{Tracks: []missing.Track{lone}}).Links(); !reflect.DeepEqual(got, lone.Links()) {
		t.Errorf("a track without album: %+v", got)
	}
}

func TestEveryShopIsSearchedForTheTextAndWithoutPunctuationWhereThatIsSyntax(t *testing.T) {
	t.Parallel()
	links := missing.Track{Track: playlists.Track{Title: `Jóga: "live" (2)`, Artist: "Björk"}}.Links()
	for _, l := range links.Shops {
		want := `Björk Jóga: "live" (2)`
		if l.Name == "Internet Archive" {
			want = "Björk Jóga live 2"
		}
		if text, err := url.QueryUnescape(l.Address); err != nil || !strings.HasSuffix(text, want) {
			t.Errorf("%s: %s", l.Name, l.Address)
		}
	}
	if len(links.Shops) < 5 {
		t.Errorf("%+v", links.Shops)
	}
	if l := (missing.Track{Track: playlists.Track{Artist: "!!!", Title: "?"}}).Links(); !strings.HasSuffix(l.At("Internet Archive"), "?query=%21%21%21+%3F") {
		t.Errorf("names of punctuation alone: %s", l.At("Internet Archive"))
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
			for shop, at := range map[string][2]string{"Bandcamp": {"bandcamp.com", "/search"}, "Qobuz": {"www.qobuz.com", "/us-en/search/"},
				"Deezer": {"www.deezer.com", "/search/"}, "Apple Music": {"music.apple.com", "/us/search"}, "YouTube": {"www.youtube.com", "/results"}} {
				leadsTo(t, text, l.At(shop), at[0], at[1])
			}
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
	if q := u.Query(); u.RawQuery != "" && (len(q["type"])+len(q["item_type"]) > 1 || len(q["query"])+len(q["q"])+len(q["term"])+len(q["search_query"]) != 1) {
		t.Errorf("%.40q adds to the query: %v", text, q)
	}
}
