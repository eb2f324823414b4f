package main

import "github.com/songferry/songferry/playlists"

// song makes an invented track.
func song(artist, title, album string, seconds, year int) playlists.Track {
	return playlists.Track{Title: title, Artist: artist, Artists: []playlists.Artist{{Name: artist}}, Album: album, AlbumBy: artist, Duration: seconds, Year: year}
}

// aliceSongs is her library. The last one is not in her playlist at first.
func aliceSongs() []playlists.Track {
	return []playlists.Track{
		song("The Lanterns", "Harbour Lights", "Nightfall", 214, 1998),
		song("Björn Ágústsson", "Sólarupprás", "Norður", 187, 2011),
		song("Marisol & The Tides", "Don't Wait Up", "Low Water", 242, 2016),
		song("The Lanterns", "Paper Boats", "Nightfall", 263, 1998),
		song("青い電車", "夜の駅", "終電", 305, 2007),
		song("Copper Kites", "Summer Static", "Signal", 199, 2020),
		song("Copper Kites", "Long Way Down", "Signal", 276, 2020),
		song("Ida Thorne", "Kitchen Radio", "Small Rooms", 231, 2019),
		song("The Lanterns", "Morning Ferry", "Nightfall", 228, 1998),
	}
}

// bobSongs is his: the same recordings under other tags, a remaster, a live take, another song of the same name, and
// one that he does not have at all ("Kitchen Radio").
func bobSongs() []playlists.Track {
	return []playlists.Track{
		song("Lanterns, The", "Harbour Lights (2018 Remaster)", "Nightfall (Deluxe Edition)", 215, 2018),
		song("Bjorn Agustsson", "Solarupprás", "Norður", 187, 2011),
		song("Marisol and the Tides", "Don’t Wait Up", "Low Water", 241, 2016),
		song("The Lanterns", "Paper Boats", "Nightfall", 263, 1998),
		song("The Lanterns", "Paper Boats (Live at the Pier)", "On Deck", 301, 2003),
		song("青い電車", "夜の駅", "終電", 305, 2007),
		song("Copper Kites feat. June Vale", "Summer Static", "Signal", 199, 2020),
		song("Copper Kites", "Long Way Down (Acoustic)", "Unplugged EP", 251, 2021),
		song("The Lanterns", "Morning Ferry", "Nightfall", 228, 1998),
		song("Radio Kitchen", "Thorne", "Wires", 180, 2014),
	}
}
