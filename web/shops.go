package web

import "github.com/songferry/songferry/playlists/missing"

// placesView is where something is described and sold. Of the others a visitor's browser may remember one, which the
// script then shows among the first.
type placesView struct {
	First, Others []missing.Link
}

// placesOf offers the first shop and the encyclopedia before all others; without shops, the encyclopedia alone.
func placesOf(l missing.Links, shops bool) placesView {
	if l.MusicBrainz == "" {
		return placesView{}
	}
	encyclopedia := missing.Link{Name: "MusicBrainz", Address: l.MusicBrainz}
	if !shops {
		return placesView{First: []missing.Link{encyclopedia}}
	}
	return placesView{First: []missing.Link{l.Shops[0], encyclopedia}, Others: l.Shops[1:]}
}
