package web

import (
	"fmt"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

func listStates() []state {
	title := "My playlists"
	return []state{
		{"lists", "lists", own(page{Title: title, Waiting: 2, Content: galleryLists()})},
		{"lists-first", "lists", own(page{Title: title, Content: listsView{First: true, Music: musicServer{Read: "1 minute ago"}, Playlists: []listsRow{
			{Listed: playlists.Listed{ID: "a", Name: "Road trip", Tracks: 24, Seconds: 5520}}, {Listed: playlists.Listed{ID: "b", Name: "Quiet evening", Tracks: 1, Seconds: 200}}}}})},
		{"lists-asked", "lists", own(page{Title: title, Content: galleryListsAsked()})},
		{"lists-none", "lists", own(page{Title: title, News: "Your music server was read just now.", Content: listsView{First: true, Music: musicServer{Read: "1 minute ago"}}})},
		{"lists-trouble", "lists", own(page{Title: title, Content: galleryTrouble()})},
		{"list-link", "list", own(page{Title: "Road trip", News: "Here is the link. Whoever has it can see the playlist.", Content: galleryLink()})},
		{"list-private", "list", own(page{Title: "Road trip", Content: galleryPrivate()})},
		{"list-public", "list", own(page{Title: "Road trip", Waiting: 2, Content: galleryPublic(galleryNews())})},
		{"list-quiet", "list", own(page{Title: "Road trip", Content: galleryPublic(&newsView{Next: federation.NextNews{Settings: federation.NewsSettings{Mode: federation.NewsAuto, PerDay: 1}}})})},
		{"list-asked", "list", own(page{Title: "Road trip", Content: galleryAsked()})},
		{"list-ask-refused", "list", own(page{Title: "Road trip", Content: galleryAskRefused()})},
		{"list-refused", "list", own(page{Title: "Road trip", Content: galleryRefused()})},
		{"list-losing", "list", own(page{Title: "Road trip", Content: galleryLosing()})},
		{"list-first", "list_first", own(page{Title: "Before others can follow you", Content: galleryFirst()})},
		{"address", "address", own(page{Title: "The public address of this bridge", Content: addressView{Form: addressForm{Address: "https://music.example"}}})},
		{"list-link-home", "list", own(page{Title: "Road trip", Content: galleryAtHome()})},
		{"list-first-unsure", "list_first", own(page{Title: "Before others can follow you", Content: galleryUnsure()})},
		{"list-first-admin", "list_first", own(page{Title: "Before others can follow you", Content: firstView{ID: "a", Name: "Road trip", Audience: playlists.Public, Admins: []string{"Alice"}}})},
		{"list-edit", "list_edit", own(page{Title: "Edit Road trip", Content: galleryEdit(12)})},
		{"list-edit-long", "list_edit", own(page{Title: "Edit Road trip", Content: galleryEdit(rowsShown)})},
		{"list-preview", "playlist", own(page{Title: "Road trip", Content: galleryPreview()})},
		{"list-followers", "followers", own(page{Title: "Followers", Waiting: 2, Content: galleryFollowers()})},
		{"list-followers-none", "followers", own(page{Title: "Followers", Content: followersView{}})},
		{"list-followers-of", "followers", own(page{Title: "Followers", Content: galleryFollowersOf()})},
	}
}

func galleryTracks() []playlists.Track {
	return []playlists.Track{
		{Title: "Harbour Lights", Artist: "The Lanterns", Album: "Low Tide", Duration: 201, Note: "because it was raining when we left"},
		{Title: "Long Way Down", Artist: "Copper Kites", Album: "Kites", Duration: 188},
		{Title: "Track 07", Duration: 240},
		{Title: "夜の駅", Artist: "Mori", Album: "駅", Duration: 305},
	}
}

func galleryLists() listsView {
	row := func(id, name string, tracks int, pub playlists.Publication, s federation.Standing) listsRow {
		return listsRow{Listed: playlists.Listed{ID: playlists.ID(id), Name: name, Tracks: tracks, Seconds: tracks * 230, Publication: pub}, Standing: s}
	}
	return listsView{Music: musicServer{Read: "1 minute ago"}, Playlists: []listsRow{
		row("a", "Road trip", 24, playlists.Publication{PublicID: "a", Audience: playlists.Public, Handle: "alice_road_trip"}, federation.Standing{Followers: 3, LastNews: galleryTime}),
		row("b", "For friends only, with a name that is longer than any screen of a telephone is wide", 120, playlists.Publication{PublicID: "b", Audience: playlists.Followers}, federation.Standing{Followers: 1, Waiting: 2}),
		row("c", "Mixtape for Mum", 12, playlists.Publication{PublicID: "c", Audience: playlists.Link, Token: "t", Visits: 4, Locked: true}, federation.Standing{}),
		row("d", "Quiet evening", 1, playlists.Publication{Audience: playlists.Private}, federation.Standing{}),
	}}
}

func galleryTrouble() listsView {
	view := galleryLists()
	view.Music.Trouble, view.Music.Read = "navidrome.example does not answer. Is it running, and can this machine reach it?", "3 hours ago"
	view.Music.Missing = []subsonicbridge.MissingPlaylist{{ID: "e", Name: "Old times", Since: galleryTime}}
	return view
}

func galleryList(pub playlists.Publication) *listView {
	tracks := galleryTracks()
	return &listView{Playlist: playlists.Playlist{ID: "a", Name: "Road trip", Tracks: tracks}, Pub: pub, Cover: tile("a"), Seconds: totalSeconds(tracks),
		Who: whoView{Audience: pub.Audience, Max: playlists.Public}}
}

func galleryLink() *listView {
	view := galleryList(playlists.Publication{Audience: playlists.Link, Token: "t", Visits: 4, Locked: true, Expires: galleryTime.AddDate(0, 1, 0)})
	view.Link = "https://music.example/s/k3jf9a8s7d6f5g4h3j2k1l0z9x"
	view.Listen = subsonicbridge.Listen{Address: "https://navidrome.example/share/x", Expires: galleryTime.AddDate(0, 3, 0)}
	return view
}

func galleryPrivate() *listView {
	view := galleryList(playlists.Publication{Audience: playlists.Private})
	view.NoArtist, view.Playlist.Smart = 1, true
	view.Who.Max, view.Who.Raise = playlists.Link, []string{"Bob", "Carol"}
	return view
}

func galleryAsked() *listView {
	view := galleryPrivate()
	view.Asked = playlists.Ask{ID: "k", Playlist: "a", At: galleryTime}
	return view
}

func galleryAskRefused() *listView {
	view := galleryAsked()
	view.Asked.Refused = galleryTime
	return view
}

func galleryAtHome() *listView {
	view := galleryList(playlists.Publication{Audience: playlists.Link})
	view.Link, view.Reach = "http://127.0.0.1:8080/s/ABCDEFGHIJKLMNOPQRSTUVWXYZ", linkReach{Home: true, MaySet: true}
	return view
}

func galleryListsAsked() listsView {
	view := galleryLists()
	view.Playlists[3].Asked = playlists.Ask{ID: "k", Playlist: "d", At: galleryTime}
	return view
}

func galleryPublic(news *newsView) *listView {
	view := galleryList(playlists.Publication{PublicID: "a", Audience: playlists.Public, Handle: "alice_road_trip"})
	view.Link, view.Handle = "https://music.example/@alice_road_trip", "@alice_road_trip@music.example"
	view.Standing, view.News = federation.Standing{Followers: 3, Waiting: 2}, news
	return view
}

func galleryNews() *newsView {
	text := "2 tracks added to Road trip:\n\nThe Lanterns – Harbour Lights\nCopper Kites – Long Way Down"
	return &newsView{In: "20 minutes", Next: federation.NextNews{Text: text, Due: galleryTime.Add(20 * time.Minute), Settings: federation.NewsSettings{Mode: federation.NewsAuto, PerDay: 1}},
		Sent: []federation.SentNews{{ID: "n", Text: text, Published: galleryTime, Reactions: federation.Reactions{Likes: 2, Replies: 1}}, {ID: "m", Published: galleryTime, Deleted: galleryTime}}}
}

func galleryRefused() *listView {
	view := galleryPrivate()
	view.Missing, view.Problem = galleryTime, "Your account may not share as widely as that. An administrator can allow it."
	return view
}

func galleryLosing() *listView {
	view := galleryPublic(nil)
	view.Who.Audience, view.Who.Losing = playlists.Private, 3
	view.Problem = "3 people follow this playlist. If you go on they lose it, and its address is gone for good."
	return view
}

func galleryFirst() firstView {
	return firstView{ID: "a", Name: "Road trip", Audience: playlists.Public, AskHandle: true, Handle: "alice_music", AskAddress: true, Place: addressForm{Address: "https://music.example"}}
}

func galleryUnsure() firstView {
	view := galleryFirst()
	view.Place.Unsure = true
	view.Problem = "At music.example something else answers than this bridge. Does the name lead to this machine?"
	return view
}

func galleryEdit(n int) editView {
	view := editView{ID: "a", Name: "Road trip", Comment: "Driving songs", Total: n, Overlay: playlists.Overlay{Title: "Road trip 2026", Liner: "For *Nina*.\n\nLoud."}}
	tracks := galleryTracks()
	for i := range n {
		t := tracks[i%len(tracks)]
		row := playlists.ServerRow{Track: t, Key: fmt.Sprintf("%020x", i), Note: t.Note, LeftOut: i%5 == 3}
		view.Rows = append(view.Rows, editRow{row, i + 1})
	}
	if n == rowsShown {
		view.Total, view.Pages = 2*n, pages{After: "?page=2"}
	}
	return view
}

func galleryPreview() *playlistView {
	view := previewOf(playlists.Playlist{ID: "a", Name: "Road trip", Summary: "For Nina.", Tracks: galleryTracks(), Updated: galleryTime},
		playlists.Publication{Audience: playlists.Private}, galleryVisitor.Account, words{language: english})
	return &view
}

func galleryFollowers() followersView {
	friends := followed{PublicID: "b", Name: "For friends only", Standing: federation.Standing{Followers: 1, Waiting: 2}}
	return followersView{MayBlock: true, Followed: []followed{{PublicID: "p", Name: "Alice", Self: true, Standing: federation.Standing{Followers: 3}}, friends},
		Waiting: []followerRow{
			{Follower: federation.Follower{Actor: "b", ID: "https://mastodon.example/users/carol"}, Of: friends, Name: "@carol@mastodon.example"},
			{Follower: federation.Follower{Actor: "b", ID: "bob"}, Of: friends, Name: "Bob", Here: true},
		}}
}

func galleryFollowersOf() followersView {
	view := galleryFollowers()
	view.Of = &view.Followed[1]
	view.Approved = []followerRow{{Follower: federation.Follower{Actor: "b", ID: "https://mastodon.example/users/dave", Approved: true, Page: true}, Of: *view.Of, Name: "@dave@mastodon.example"}}
	return view
}
