package federation

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// readAll plays the reader of a playlist: the head, then every page.
func readAll(t *testing.T, p playlists.Playlist, pub playlists.Publication) (RemoteCollection, playlists.Playlist) {
	t.Helper()
	a := testAddresses(t)
	c, err := decodeCollection(encode(t, collectionDocument(p, pub, a)))
	if err != nil {
		t.Fatal(err)
	}
	tracks, next := c.Items, c.Next
	for n := 1; next != ""; n++ {
		d, ok := collectionPage(p, pub, a, n)
		if !ok || d.ID != next {
			t.Fatalf("page %d is %q, asked for %q", n, d.ID, next)
		}
		var items []playlists.Track
		if items, next, err = decodePage(encode(t, d)); err != nil {
			t.Fatal(err)
		}
		tracks = append(tracks, items...)
	}
	return c, c.Playlist(tracks)
}

func encode(t testing.TB, d any) []byte {
	t.Helper()
	doc, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestWhatTheCuratorWroteCrosses(t *testing.T) {
	t.Parallel()
	p := roadTrip()
	p.Summary, p.Language = "For *Nina*:\n\n- [her page](https://nina.example)\n- <b>no</b> tags", "fr-CA"
	p.Tracks[1].Note = "à cause de la mer\n– et d'*elle*"
	head := collectionDocument(p, roadTripPublication(playlists.Public), testAddresses(t))
	if want := `<p>For <em>Nina</em>:</p><ul><li><a href="https://nina.example" rel="nofollow noreferrer">her page</a></li><li>&lt;b&gt;no&lt;/b&gt; tags</li></ul>`; head.Summary != want {
		t.Errorf("sent %s", head.Summary)
	}
	_, got := readAll(t, p, roadTripPublication(playlists.Public))
	if got.Summary != "For Nina:\n\nher page\n<b>no</b> tags" || got.Language != p.Language || got.Tracks[1].Note != p.Tracks[1].Note {
		t.Errorf("read %q in %q, note %q", got.Summary, got.Language, got.Tracks[1].Note)
	}
	for _, names := range []string{`{}`, `{"en":"a","fr":"b"}`, `{"<b>":"a"}`, `"fr"`, `[]`} {
		c, err := decodeCollection([]byte(`{"id":"https://m.example/1","type":"OrderedCollection","attributedTo":"https://m.example/2","name":"a","nameMap":` + names + `}`))
		if err != nil || c.Language != "" {
			t.Errorf("%s: %q, %v", names, c.Language, err)
		}
	}
}

func TestAPlaylistCrossesUnchanged(t *testing.T) {
	t.Parallel()
	p := roadTrip()
	for _, audience := range []playlists.Audience{playlists.Public, playlists.Unlisted, playlists.Followers, playlists.Link} {
		c, got := readAll(t, p, roadTripPublication(audience))
		if got.Name != p.Name || got.Summary != p.Summary || !reflect.DeepEqual(got.Tracks, p.Tracks) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", audience, got, p)
		}
		if got.Origin != playlists.Remote || got.Source != c.ID || got.Page == "" {
			t.Errorf("%s: origin %q, source %q, page %q", audience, got.Origin, got.Source, got.Page)
		}
		want := audience
		if audience == playlists.Link {
			want = "" // a shared link is addressed to nobody
		}
		if c.Audience != want {
			t.Errorf("audience %q is guessed as %q", audience, c.Audience)
		}
	}
}

func TestF99ALongPlaylistCrossesInOrderWithItsDuplicates(t *testing.T) {
	t.Parallel()
	p := playlists.Playlist{Name: "Long"}
	for i := range 250 {
		p.Tracks = append(p.Tracks, playlists.Track{Item: fmt.Sprintf("row%d", i), Title: fmt.Sprintf("Song %d", i%40), Artist: "Somebody"})
	}
	if _, got := readAll(t, p, roadTripPublication(playlists.Public)); !reflect.DeepEqual(got.Tracks, p.Tracks) {
		t.Errorf("%d tracks came back, first %+v", len(got.Tracks), got.Tracks[0])
	}
	if _, got := readAll(t, playlists.Playlist{Name: "Empty"}, roadTripPublication(playlists.Public)); len(got.Tracks) != 0 {
		t.Errorf("an empty playlist came back with %d tracks", len(got.Tracks))
	}
}

func TestCollectionsOfOtherServersAreRead(t *testing.T) {
	t.Parallel()
	clip := time.Date(2024, 1, 2, 3, 4, 5, 678e6, time.UTC)
	for name, want := range map[string]RemoteCollection{
		"peertube_playlist": {
			ID: "https://pt.example/video-playlists/9", Name: "Clips", AttributedTo: "https://pt.example/video-channels/ch", Total: 2,
			First: "https://pt.example/video-playlists/9?page=1", Next: "https://pt.example/video-playlists/9?page=1",
			Published: clip, Updated: clip, Audience: playlists.Public,
		},
		"embedded_page": {
			ID: "https://em.example/lists/1", Name: "List", Summary: "One\ntwo\n\nthree", AttributedTo: "https://em.example/u/eve", Total: 3,
			Items: []playlists.Track{{Item: "a91f2681a44bf73a7d70", Title: "Spoofed", Duration: 62}}, Next: "https://em.example/lists/1?p=2",
			Page: "https://em.example/@eve/1", Audience: playlists.Unlisted,
		},
	} {
		got, err := decodeCollection(remote(t, name))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, want)
		}
	}
}

func TestThePlaylistsOfAnAccountAreListed(t *testing.T) {
	t.Parallel()
	a := testAddresses(t)
	c, err := decodeCollection(encode(t, accountPlaylists(aliceAccount(), []string{"one", "two"}, a)))
	if err != nil || !reflect.DeepEqual(c.Refs, []string{a.Actor("one"), a.Actor("two")}) || c.AttributedTo != a.Actor("alicepublicid") {
		t.Errorf("%v, got %+v", err, c)
	}
}

func TestAPageInFunkwhalesWordsIsRead(t *testing.T) {
	t.Parallel()
	items, next, err := decodePage(remote(t, "funkwhale_page"))
	if err != nil {
		t.Fatal(err)
	}
	if next != "https://fw.example/federation/music/libraries/1?page=2" {
		t.Errorf("next is %q", next)
	}
	for i := range items {
		if len(items[i].Item) != 20 {
			t.Errorf("row %d is called %q", i, items[i].Item)
		}
		items[i].Item = ""
	}
	want := []playlists.Track{
		{
			Title: "Jóga", Artist: "Björk & Friends", Album: "Homogenic", AlbumBy: "Björk", AlbumID: "e8f70201-8899-3f0c-9e07-5d6495bc8046",
			Artists:  []playlists.Artist{{Name: "Björk", MBID: "87c5dedd-371d-4a53-9f7f-80522fb7f3cb"}, {Name: "Some Friends"}},
			Duration: 305, Number: 2, Disc: 1, Year: 1997, MBID: "771ab043-e821-421c-8a4b-72c54fa86afc",
		},
		{Title: "Hunter", Artist: "Björk, Mark Bell", Artists: []playlists.Artist{{Name: "Björk"}, {Name: "Mark Bell"}}, Album: "Homogenic", AlbumBy: "Björk"},
		{Title: "Unravel", ISRC: []string{"GBAAA9700123"}},
	}
	if !reflect.DeepEqual(items, want) {
		t.Errorf("got\n%+v\nwant\n%+v", items, want)
	}
}

// collectionWith is a collection at m.example with members added.
func collectionWith(members string) []byte {
	return []byte(`{"@context":"https://www.w3.org/ns/activitystreams","id":"https://m.example/c","type":"OrderedCollection",` + members + `}`)
}

func TestF94APlaylistHasOneOwnerOnItsHost(t *testing.T) {
	t.Parallel()
	for _, owner := range []string{`"https://x.example/u"`, `["https://m.example/u","https://m.example/v"]`, `null`, `[]`, `""`, `7`, `"https://m.example:8443/u"`,
		`{"type":"Person"}`, `{"type":"Person","id":"https://x.example/u"}`} {
		if _, err := decodeCollection(collectionWith(`"attributedTo":` + owner)); playlists.CodeOf(err) != playlists.Invalid || playlists.Say(err) == "" {
			t.Errorf("owner %s: %v", owner, err)
		}
	}
	if _, err := decodeCollection(collectionWith(`"name":"x"`)); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("no owner: %v", err)
	}
}

func TestF88APlaylistGoesOnAtItsOwnHost(t *testing.T) {
	t.Parallel()
	const owner = `"attributedTo":"https://m.example/u",`
	for _, first := range []string{`"https://x.example/p"`, `"http://m.example/p"`, `{"type":"Link","href":"https://x.example/p"}`, `"file:///etc/passwd"`,
		`{"type":"OrderedCollectionPage","next":"https://x.example/p"}`} {
		if _, err := decodeCollection(collectionWith(owner + `"first":` + first)); playlists.CodeOf(err) != playlists.Invalid {
			t.Errorf("first %s: %v", first, err)
		}
	}
	_, _, err := decodePage([]byte(`{"id":"https://m.example/c?page=1","type":"OrderedCollectionPage","next":"https://x.example/p"}`))
	if playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("next: %v", err)
	}
}

func TestAWithdrawnPlaylistIsGone(t *testing.T) {
	t.Parallel()
	if _, err := decodeCollection(encode(t, newTombstone("https://m.example/c", "OrderedCollection", time.Time{}))); playlists.CodeOf(err) != playlists.Gone {
		t.Errorf("got %v", err)
	}
}

func TestC58C60OddDatesAndCountsDoNoHarm(t *testing.T) {
	t.Parallel()
	for _, members := range []string{
		`"published":"0000-01-01T00:00:00Z","updated":"9999999-01-01T00:00:00Z"`, `"published":-5,"updated":{}`, `"published":"yesterday","updated":["x"]`,
		`"totalItems":-1`, `"totalItems":1.5`, `"totalItems":"12"`, `"totalItems":9223372036854775808`, `"totalItems":1e300`, `"totalItems":{}`,
	} {
		c, err := decodeCollection(collectionWith(`"attributedTo":"https://m.example/u",` + members))
		if err != nil || !c.Published.IsZero() || !c.Updated.IsZero() || c.Total != 0 {
			t.Errorf("%s: %v, %v to %v, %d items", members, err, c.Published, c.Updated, c.Total)
		}
	}
}

func TestF91BadItemsAreLeftOut(t *testing.T) {
	t.Parallel()
	items, next, err := decodePage([]byte(`{"type":"OrderedCollectionPage","next":7,"orderedItems":[
		"https://m.example/1",null,7,true,[],[[{"type":"Audio","name":"nested"}]],{},{"type":"Audio"},{"type":"Audio","name":""},{"type":"Audio","name":7},
		{"type":"Note","name":"not music"},{"type":"OrderedCollection","orderedItems":[{"type":"Audio","name":"inner"}]},
		{"type":"Audio","name":"good","track":7}]}`))
	if err != nil || next != "" || len(items) != 1 || items[0].Title != "good" {
		t.Errorf("%v, next %q, items %+v", err, next, items)
	}
}

func TestF91TooMuchIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	page := func(n int, item string) []byte {
		return []byte(`{"type":"OrderedCollectionPage","orderedItems":[` + strings.Repeat(item+",", n-1) + item + `]}`)
	}
	if _, _, err := decodePage(page(1_000_000, `{}`)); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("a million items: %v", err)
	}
	items, _, err := decodePage(page(playlists.MaxTracks+5, `{"type":"Audio","name":"x"}`))
	if err != nil || len(items) <= playlists.MaxTracks {
		t.Errorf("more items than a playlist may have must not be cut to what it may have: %d, %v", len(items), err)
	}
}

func TestF99RowsThatRepeatAnObjectKeepDistinctNames(t *testing.T) {
	t.Parallel()
	p := RemoteCollection{ID: "https://m.example/c"}.Playlist([]playlists.Track{{Item: "a"}, {Item: "b"}, {Item: "a"}, {Item: "a"}, {}, {}})
	var got []string
	for _, tr := range p.Tracks {
		got = append(got, tr.Item)
	}
	if want := []string{"a", "b", "a~2", "a~3", "", ""}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
