package federation

import (
	"net/url"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// One small world for the documents: Alice's bridge b.example, and her playlist Road trip. Every row has an oddity.

func testAddresses(t testing.TB) Addresses {
	t.Helper()
	base, err := url.Parse("https://b.example")
	if err != nil {
		t.Fatal(err)
	}
	return NewAddresses(base)
}

func aliceAccount() playlists.Account {
	return playlists.Account{
		ID: "internal-account", Handle: "alice", PublicID: "alicepublicid", Name: "Alice & <Co>", Language: "en",
		MaxAudience: playlists.Public, Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
	}
}

func roadTrip() playlists.Playlist {
	return playlists.Playlist{
		ID: "internal-playlist", Owner: "internal-account", Origin: playlists.Local, Revision: 7,
		Curator: playlists.Curator{Name: "Alice"},
		Name:    "Road trip: 2026", Summary: "Driving songs.\nLoud.\n\nFor <long> nights & days.",
		Updated: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC),
		Tracks: []playlists.Track{
			{ // everything that a row can hold
				Item: "k3f8", Title: "For Whom the Bell Tolls", Artist: "Metallica", Artists: []playlists.Artist{{Name: "Metallica", MBID: "65f4f0c5-ef9e-490c-aee3-909e7ae6b2ab"}},
				Album: "Ride the Lightning", AlbumBy: "Metallica", AlbumID: "e8f70201-8899-3f0c-9e07-5d6495bc8046", Duration: 309, Number: 3, Disc: 1, Year: 1984,
				MBID: "771ab043-e821-421c-8a4b-72c54fa86afc", ISRC: []string{"USEE19900112", "USEE10001992"}, Note: "because Alice <3 bells\nand & ropes",
			},
			// a title that looks like an address
			{Item: "aaaa", Title: "Re: Stacks", Artist: "Bon Iver", Duration: 401},
			// several artists, whose names spell the credit
			{Item: "bbbb", Title: "Under Pressure", Artist: "Queen feat. David Bowie (live)", Artists: []playlists.Artist{{Name: "Queen"}, {Name: "David Bowie"}}, Year: 1981},
			// artists whose names do not spell the credit
			{Item: "cccc", Title: "Jóga", Artist: "Björk", Artists: []playlists.Artist{{Name: "Bjork", MBID: "87c5dedd-371d-4a53-9f7f-80522fb7f3cb"}, {Name: "Mark Bell"}}, Album: "Homogenic", Duration: 3600},
			// the first row once more
			{Item: "dddd", Title: "For Whom the Bell Tolls", Artist: "Metallica", Duration: 309},
		},
	}
}

func roadTripPublication(a playlists.Audience) playlists.Publication {
	pub := playlists.Publication{
		PublicID: "roadtrippublicid", Playlist: "internal-playlist", Handle: "alice_road_trip", Audience: a,
		Since: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Changed: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC),
	}
	if a == playlists.Link {
		pub.Handle, pub.Token = "", "secrettoken"
	}
	return pub
}

const testPEM = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"

func shownKey(publicID string, a Addresses) publicKey {
	return publicKey{ID: a.Key(publicID, firstKey), Owner: a.Actor(publicID), PEM: testPEM}
}

// withCover is pub once it has a cover.
func withCover(pub playlists.Publication) playlists.Publication {
	pub.Cover, pub.CoverChanged = "c0ffee", time.Date(2026, 5, 7, 0, 0, 0, 0, time.UTC)
	return pub
}
