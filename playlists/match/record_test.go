package match

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func TestTheIndexKeepsSongsWhole(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", chunkSize/4)
	songs := []Song{
		{ID: "0d0c9b0e-5b9a-4f0e-9d53-3a3d1a7c0001", Track: playlists.Track{Title: "UUID", Artist: "A", MBID: mbid, Duration: 200, Number: 3, Disc: 2, Year: 1997}},
		{ID: "0d0c9b0e5b9a4f0e9d533a3d1a7c0001", Track: playlists.Track{Title: "32 digits", Artist: "A", Album: "B", AlbumBy: "C", AlbumID: mbid}},
		{ID: "0D0C9B0E5B9A4F0E9D533A3D1A7C0001", Track: playlists.Track{Title: "capitals", Artist: "A", Album: "B", AlbumBy: "C", AlbumID: mbid}},
		{ID: "0d0c9b0e-5b9a-4f0e-9d53-3a3d1a7c000-", Track: playlists.Track{Title: "nearly a UUID", MBID: "m1"}},
		{ID: "", Track: playlists.Track{Title: "no id", Artists: []playlists.Artist{{Name: "X", MBID: mbid}, {Name: "Y"}}}},
		{ID: "tr-1", Track: playlists.Track{Title: "codes", ISRC: []string{"GBAYE0601498", "gb-aye-06-01499"}, Duration: -7, Number: math.MaxInt >> 22, Year: -1}},
		{ID: "tr-2", Track: playlists.Track{Title: long, Artist: long, Album: long, Duration: math.MaxInt >> 22}},
		{ID: "\xff\x00", Track: playlists.Track{Title: "\xff\x00"}},
	}
	ix := NewIndex(songs)
	for _, want := range songs {
		if got, ok := ix.Song(want.ID); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("song %q: %.200s, want %.200s", want.ID, fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
		}
	}
	if _, ok := ix.Song("tr-3"); ok || ix.Len() != len(songs) {
		t.Errorf("%d songs", ix.Len())
	}
}

func TestABuilderKeepsNothingOfWhatItWasGiven(t *testing.T) {
	t.Parallel()
	b := NewBuilder()
	s := Song{ID: "1", Track: playlists.Track{Title: "Jóga", Artists: []playlists.Artist{{Name: "Björk"}, {Name: ""}}, ISRC: []string{"GBAYE0601498"}}}
	b.Add(&s)
	s.Artists[0].Name, s.ISRC[0] = "Nobody", "X"
	s = Song{ID: "2", Track: playlists.Track{Title: "Hunter", Artist: "Björk"}}
	b.Add(&s)
	ix := b.Index()
	if got, _ := ix.Song("1"); len(got.Artists) != 1 || got.Artists[0].Name != "Björk" || got.ISRC[0] != "GBAYE0601498" {
		t.Errorf("%+v", got)
	}
}
