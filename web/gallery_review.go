package web

import (
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
	"github.com/songferry/songferry/playlists/missing"
	"github.com/songferry/songferry/subsonicbridge"
)

func reviewStates() []state {
	track := playlists.Track{Title: "Harbour Lights", Artist: "The Lanterns", Album: "Low Water", Duration: 214}
	song := func(id, album string, year, seconds int, why ...match.Reason) subsonicbridge.ReviewCandidate {
		return subsonicbridge.ReviewCandidate{Why: why, Song: subsonicbridge.Song{ID: id, Track: playlists.Track{Title: "Harbour Lights (Live)", Artist: "The Lanterns", Album: album, Year: year, Duration: seconds}}}
	}
	same := match.Reason{Field: "artist", What: match.Same}
	live := match.Reason{Field: "version", What: match.Differs, Local: "live", Note: "live"}
	doubt := subsonicbridge.ReviewRow{Key: "aa", Track: track, Decided: subsonicbridge.ByMatch, Class: match.Review, Playlists: []string{"Road trip · Alice", "Sunday · Bob"},
		Candidates: []subsonicbridge.ReviewCandidate{song("1", "Live at the Pier", 1998, 251, same, live), song("2", "Bootleg", 0, 240, same, live, match.Reason{Field: "duration", Delta: 26})}}
	chosen := doubt
	chosen.Key, chosen.Decided, chosen.Class, chosen.Song = "bb", subsonicbridge.ByPerson, match.Exact, &doubt.Candidates[0].Song
	gone := subsonicbridge.ReviewRow{Key: "cc", Track: playlists.Track{Title: "A very long title that goes on and on until it no longer fits on the line of a telephone", Artist: "Ida Thorne"},
		Decided: subsonicbridge.Lost, Class: match.Review, Playlists: []string{"Road trip · Alice"}}
	w := words{language: english}
	return []state{
		{"review", "review", own(page{Title: "Review", Content: reviewView{Rows: []reviewRow{w.reviewRow(doubt), w.reviewRow(gone)}, Total: 42, Other: "/review?all=1", Pages: pages{After: "/review?page=2"}}})},
		{"review-undo", "review", own(page{Title: "Review", News: "“Kitchen Radio” is found from now on, in every playlist.", Content: reviewView{Rows: []reviewRow{w.reviewRow(chosen)}, Total: 1, All: true,
			Of: "Road trip · Alice", Other: "/review", Undo: &undoView{Key: "dd", Title: "Kitchen Radio"}}})},
		{"review-none", "review", own(page{Title: "Review", Content: reviewView{Other: "/review?all=1"}})},
		{"review-track", "review_track", own(page{Title: "Harbour Lights", Content: trackView{Row: w.reviewRow(doubt), Search: "The Lanterns Harbour", Found: w.reviewRow(chosen).Songs}})},
		{"review-track-none", "review_track", own(page{Title: "Harbour Lights", Content: trackView{Row: w.reviewRow(gone), Search: "zzz", Empty: true}})},
		{"wishes", "missing", own(page{Title: "Wish list", Content: missingView{Shops: true, Tracks: 3, Wanting: 2, ToCheck: 1, Unread: 1, Albums: wishes(w), Pages: pages{After: "/missing?page=2"}}})},
		{"wishes-of-a-child", "missing", own(page{Title: "Wish list", Content: missingView{Tracks: 3, Wanting: 2, Albums: wishes(w)}})},
		{"wishes-none", "missing", own(page{Title: "Wish list", Content: missingView{Shops: true}})},
		{"wishes-of-nobody", "missing", own(page{Title: "Wish list", Content: missingView{Nothing: true, Shops: true}})},
	}
}

func wishes(w words) (out []albumView) {
	row := func(title, album, list string, why missing.Kind) missing.Row {
		return missing.Row{Track: playlists.Track{Title: title, Artist: "Ida Thorne", Album: album}, Playlist: missing.Playlist{ID: playlists.ID(list), Name: list}, Why: missing.Reason{Kind: why}}
	}
	list := missing.Group([]missing.Row{row("Kitchen Radio", "Household", "Road trip · Alice", missing.NoArtist), row("Kettle", "Household", "Sunday · Bob", missing.NoArtist), row("Alone", "", "Sunday · Bob", missing.NoSong)})
	for _, a := range list.Get {
		out = append(out, w.albumView(a))
	}
	return out
}
