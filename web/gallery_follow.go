package web

import (
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// galleryRows are wanted tracks that stand in every way.
var galleryRows = []trackRow{
	{Track: playlists.Track{Title: "Harbour Lights", Artist: "The Lanterns", Album: "Low Tide", Duration: 224}, Standing: isHere,
		Song: playlists.Track{Title: "Harbour Lights (2018 Remaster)", Artist: "Lanterns, The"}},
	{Track: playlists.Track{Title: "Long Way Down", Artist: "Copper Kites", Album: "Weathervane", Duration: 301}, Standing: isCheck},
	{Track: playlists.Track{Title: "夜の駅", Artist: "Salt Choir", Duration: 187}, Standing: isHere},
	{Track: playlists.Track{Title: "An unusually long title that goes on over more than one line of a telephone", Artist: "Ida Thorne & the Kitchen Radio Orchestra", Duration: 400}, Standing: isNew},
}

func uncheckedRows() (rows []trackRow) {
	for _, r := range galleryRows {
		rows = append(rows, trackRow{Track: r.Track, Standing: isUnchecked})
	}
	return rows
}

func galleryLookup() lookupView {
	tracks := make([]playlists.Track, 24)
	return lookupView{ID: "a", Target: "@alice_road_trip@music.example", Host: "music.example", Seconds: 5520, Here: 18, Check: 2, Strange: 4, Enough: 6, Rows: galleryRows, More: 20,
		Playlist: playlists.Playlist{Name: "Road trip", Summary: "Driving songs.\n\nFor May.", Curator: playlists.Curator{Name: "Alice", Handle: "@alice@music.example"}, Tracks: tracks},
		Choice:   takeChoice{Mode: playlists.Sync, OnWithdraw: playlists.Keep}}
}

func galleryCopy() copyView {
	return copyView{copyCard: copyCard{ID: "a", Name: "Road trip · Alice", Target: "@alice_road_trip@music.example", Found: 18, Total: 24, State: "kept in sync", Changed: galleryTime},
		By: playlists.Curator{Name: "Alice"}, Page: "https://music.example/@alice_road_trip", Listed: true, Check: 2, Strange: 4, Rows: galleryRows, More: 20,
		History: []change{{At: galleryTime, Added: 7, Removed: 1, Names: []string{"Harbour Lights", "Paper Boats", "夜の駅", "Kitchen Radio", "Fields of Grain"}}, {At: galleryTime, Moved: 3}, {At: galleryTime, Renamed: true}}}
}

func followStates() []state {
	lookup := func(name string, change func(*lookupView)) state {
		v := galleryLookup()
		change(&v)
		return state{name, "follow_lookup", own(page{Title: "Road trip", Content: v})}
	}
	copied := func(name string, change func(*copyView)) state {
		v := galleryCopy()
		change(&v)
		return state{name, "following_copy", own(page{Title: "Road trip · Alice", Content: v})}
	}
	form := func(name string, v followView) state {
		return state{name, "follow", own(page{Title: "Follow or import a playlist", Content: v})}
	}
	card := galleryCopy().copyCard
	asking, wish, broken := card, card, card
	asking.Asks, asking.State = true, "has a question for you"
	wish.Name, wish.Found, wish.State = "Kitchen radio · Bob", 2, "a wish list for now"
	broken.Name, broken.Error = "Sunday · Carol", "The server sunday.example does not answer. It will be tried again."
	return []state{
		form("follow", followView{}),
		form("follow-shared", followView{Target: "https://music.example/@alice_road_trip"}),
		form("follow-refused", followView{Target: "alice", Problem: "That is neither an address nor a handle. A handle looks like @alice@music.example, an address begins with https://."}),
		lookup("lookup-busy", func(v *lookupView) {
			*v = lookupView{ID: "a", Target: v.Target, Busy: true, Step: stepView{Events: "/none", Done: 12_000, Total: 48_000, Say: "12000 of 48000"}}
		}),
		lookup("lookup-begins", func(v *lookupView) {
			*v = lookupView{ID: "a", Target: v.Target, Busy: true, Step: stepView{Events: "/none", Say: "It begins in a moment."}}
		}),
		lookup("lookup-failed", func(v *lookupView) {
			*v = lookupView{ID: "a", Target: v.Target, Problem: "The server music.example does not answer. Try again later."}
		}),
		lookup("lookup", func(*lookupView) {}),
		lookup("lookup-few", func(v *lookupView) { v.Here, v.Check, v.Strange, v.Few = 2, 0, 22, true }),
		lookup("lookup-old", func(v *lookupView) {
			v.Silent, v.Read = "The music server at navidrome.example does not answer in time. It may be busy, or switched off.", galleryTime
		}),
		lookup("lookup-unchecked", func(v *lookupView) {
			v.Silent, v.Unchecked, v.Rows = "The music server at navidrome.example does not answer in time. It may be busy, or switched off.", true, uncheckedRows()
		}),
		lookup("lookup-file", func(v *lookupView) {
			v.File, v.Host, v.Target, v.Choice.Mode = true, "", "Road trip.csv", playlists.Once
		}),
		lookup("lookup-closed", func(v *lookupView) { v.Closed, v.Rows, v.More, v.Playlist.Summary = true, nil, 0, "" }),
		lookup("lookup-person", func(v *lookupView) {
			*v = lookupView{ID: "a", Target: "@alice@music.example", Person: "Alice", Handle: "@alice@music.example", Count: 23, Lists: []personList{
				{Target: "a", Name: "Road trip", Total: 24, Here: 18}, {Target: "b", Name: "Friends", Closed: true}, {Target: "https://music.example/ap/actors/c", Problem: playlists.Sentencef("That playlist was withdrawn.")}}}
		}),
		{"following", "following", own(page{Title: "Following", Content: followingView{Alone: []copyCard{wish, broken},
			Persons: []followedPerson{{ID: "p", Name: "Alice", Target: "@alice@music.example", Copies: []copyCard{card, asking}}}}})},
		{"following-none", "following", own(page{Title: "Following", News: "You no longer follow Alice. The lists stay on your music server.", Content: followingView{}})},
		copied("copy", func(*copyView) {}),
		copied("copy-busy", func(v *copyView) {
			v.Busy, v.Step, v.State = true, stepView{Events: "/none", Done: 500, Total: 1200, Say: "500 of 1200"}, "on its way"
		}),
		copied("copy-shrinks", func(v *copyView) {
			v.Asks, v.State, v.Question, v.Note = true, "has a question for you", "shrinks", "The playlist went from 24 tracks to 2 at once. Your list stays as it is until you agree."
		}),
		copied("copy-order", func(v *copyView) {
			v.Asks, v.State, v.Question, v.Note = true, "has a question for you", "order", "You put this list in another order. It stays in yours until you say whether to keep it or to follow the original order."
			v.Refused = []subsonicbridge.RefusedSong{{Key: "k", Track: playlists.Track{Title: "Paper Boats", Artist: "The Lanterns"}}, {Key: "l"}}
		}),
		copied("copy-few", func(v *copyView) {
			v.State, v.Question, v.Note = "a wish list for now", "few", "Only 2 of its 24 tracks are in your library, so no list was made yet. It is made by itself once 6 are."
		}),
		copied("copy-paused", func(v *copyView) {
			v.Paused, v.State, v.Note = true, "paused", "You paused this. The list stays as it is until you go on."
		}),
		copied("copy-over", func(v *copyView) {
			v.Over, v.State, v.Note = true, "over", "You stopped this. The list is an ordinary playlist now."
		}),
		{"import-stranger", "interaction", page{Title: "Import a playlist", Content: interactionView{Import: true, Target: "https://music.example/@alice_road_trip", SignIn: "/signin"}}},
		{"import-own", "interaction", own(page{Title: "Import a playlist", Content: interactionView{Import: true, Target: "@alice_road_trip@music.example", SignedIn: "Alice"}})},
	}
}
