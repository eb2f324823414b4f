package web

import (
	"fmt"
	"net/url"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/missing"
)

// publicTracks are invented, with what makes a list hard to set.
func publicTracks() []playlists.Track {
	tracks := galleryTracks()
	tracks[0].Note = "Because the ferry leaves at dusk, and this is how it sounds."
	return append(tracks, playlists.Track{Title: "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen, Teil II: Die Rückkehr", Artist: "Orchester der vereinigten Binnenschiffer", Album: "Fluss", Duration: 4210},
		playlists.Track{Title: "في الطريق", Artist: "ليلى", Album: "صوت", Duration: 244})
}

func galleryPlaylist(a playlists.Audience) *playlistView {
	s := &site{Config: galleryConfig()}
	sh := shared{Curator: playlists.Account{Handle: "alice", Name: "Alice"},
		Publication: playlists.Publication{PublicID: "a", Audience: a, Handle: "alice_road_trip", Changed: galleryTime},
		Playlist: playlists.Playlist{Name: "Road trip", Language: "en", Updated: galleryTime, Tracks: publicTracks(),
			Summary: "Songs for the *coast road*, windows down.\n\n- start at dusk\n- no skipping\n\nMore at https://alice.example/road."}}
	if a == playlists.Link {
		sh.Publication.Handle, sh.Publication.Token = "", "k3v7qe2mzx5ahb4t6wnrdyu1cp"
	}
	if a == playlists.Followers {
		sh.Playlist = playlists.Playlist{Name: "Road trip"}
	}
	return s.viewOf(words{language: english}, sh)
}

func publicStates() []state {
	moved, empty, child := galleryPlaylist(playlists.Public), galleryPlaylist(playlists.Public), galleryPlaylist(playlists.Link)
	moved.MovedTo = federation.NewHome{Handle: "@alice_road_trip@new.example", Address: "https://new.example/@alice_road_trip"}
	empty.Playlist.Tracks, empty.Rows, empty.Seconds, empty.Liner = nil, "", 0, ""
	locked := galleryPlaylist(playlists.Link)
	locked.Locked, locked.Remote, locked.Expires = true, nil, galleryTime.AddDate(0, 0, 7)
	child.Shops = false
	listed := []playlists.Listed{{Name: "Road trip", Tracks: 5, Seconds: totalSeconds(publicTracks()), Updated: galleryTime, Publication: moved.Publication}}
	title := "Road trip"
	states := []state{
		{"landing", "landing", page{Title: "Songferry: playlists for friends"}},
		{"account", "account", page{Title: "Playlists by %s", Content: accountView{Name: "Alice", Handle: "@alice@music.example", Playlists: listed}}},
		{"account-moved", "account", page{Title: "Playlists by %s", Content: accountView{Name: "Alice", Handle: "@alice@music.example", MovedTo: moved.MovedTo}}},
		{"playlist", "playlist", page{Title: title, Content: galleryPlaylist(playlists.Public)}},
		{"playlist-link", "playlist", page{Title: title, Content: galleryPlaylist(playlists.Link)}},
		{"playlist-followers", "playlist", page{Title: title, Content: galleryPlaylist(playlists.Followers)}},
		{"playlist-moved", "playlist", page{Title: title, Content: moved}},
		{"playlist-empty", "playlist", page{Title: title, Content: empty}},
		{"playlist-password", "playlist", page{Title: title, Content: locked}},
		{"locked", "playlist_password", page{Title: "This playlist has a password", Content: lockedView{}}},
		{"locked-refused", "playlist_password", page{Title: "This playlist has a password", Content: lockedView{"That is not the password. Ask whoever gave you the link."}}},
		{"playlist-child", "playlist", page{Title: title, Content: child}},
		{"playlist-track", "playlist_track", page{Title: title, Content: galleryFound(publicTracks()[0], true)}},
		{"playlist-track-child", "playlist_track", page{Title: title, Content: galleryFound(publicTracks()[0], false)}},
		{"playlist-track-unknown", "playlist_track", page{Title: title, Content: galleryFound(playlists.Track{Album: "Fluss"}, true)}},
		{"embed", "playlist_embed", page{Title: title, Content: embedOf(galleryPlaylist(playlists.Public).shared)}},
	}
	return append(states, append(remoteStates(), errorStates()...)...)
}

// galleryFound is where a track is found.
func galleryFound(t playlists.Track, shops bool) foundView {
	return foundView{t, "/gallery/playlist", placesOf(missing.Track{Track: t}.Links(), shops)}
}

// remoteStates are what a visitor is told who wants to go on at their own server.
func remoteStates() (all []state) {
	form := *galleryPlaylist(playlists.Public).Remote
	for _, st := range []struct {
		name   string
		change func(*remoteForm)
	}{
		{"follow", func(f *remoteForm) {
			f.To = federation.Destination{Host: "m.example", Address: "https://m.example/authorize_interaction?uri=" + url.QueryEscape(f.Object)}
		}},
		{"import", func(f *remoteForm) {
			f.Import, f.To = true, federation.Destination{Host: "bob.example", Address: "https://bob.example/import?url=" + url.QueryEscape(f.Object)}
		}},
		{"foreign", func(f *remoteForm) {
			f.To = federation.Destination{Host: "other.example", Address: "https://other.example/?uri=x", Foreign: true}
		}},
		{"cannot", func(f *remoteForm) { f.Import, f.To.Host = true, "m.example" }},
		{"none", func(f *remoteForm) { f.To.Host = "gts.example" }},
		{"refused", func(f *remoteForm) {
			f.Visitor, f.Sentence = "@bob@m", "There is no server called m. Check the spelling."
		}},
	} {
		f := form
		st.change(&f)
		all = append(all, state{"remote-" + st.name, "remote", page{Title: "Follow %s", Content: f}})
	}
	return all
}

func errorStates() (all []state) {
	w := words{language: english}
	for _, status := range []int{404, 410, 400, 403, 429, 503, 500} {
		all = append(all, state{fmt.Sprint("error-", status), "error", page{Title: w.errorOf(status).Title, Content: w.errorOf(status)}})
	}
	return all
}
