package web

import (
	"net/url"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// headOf is the page of a playlist with what its head tells programs: previews, search engines, feed readers, servers.
func (s *site) headOf(words words, view *playlistView) page {
	p := page{Title: words.say("%s · a playlist by %s", view.Playlist.Name, view.Curator.Name), Description: view.description(words), Kind: "music.playlist",
		Address: view.Address, ActivityPub: view.Address, Files: view.Files, Content: view}
	switch {
	case view.Personal:
		p.Address, p.ActivityPub = "", ""
	case view.Locked:
		p.ActivityPub = "" // programs cannot give its password
	case !view.Secret:
		p.ActivityPub, p.Creator = s.actor(view.PublicID), s.fediverseHandle(view.Curator.Handle)
	}
	if view.Cover.Address != "" && view.Address != "" {
		preview := view.Cover
		preview.Address = view.Address + strings.TrimPrefix(preview.Address, view.path())
		p.Image = &preview
	}
	if view.Share != nil {
		p.Files = append(p.Files, file{words.say("Changes"), view.Share.Feed, feedType})
		p.Properties = s.propertiesOf(view)
		p.Linked = s.linkedOf(view, p)
	}
	if view.Share != nil && view.Audience.Open() {
		p.Frame = s.absolute("/oembed") + "?" + url.Values{"url": {view.Address}, "format": {"json"}}.Encode()
	}
	return p
}

// propertiesOf are those that OpenGraph has for playlists (ogp.me). A song there is the address of a page about it.
func (s *site) propertiesOf(view *playlistView) []property {
	const songs = 5
	var out []property
	if !view.Secret {
		out = append(out, property{"music:creator", s.absolute("@" + view.Curator.Handle)})
	}
	for _, t := range view.Playlist.Tracks {
		if t.MBID != "" && len(out) <= songs {
			out = append(out, property{"music:song", recordingPage(t)})
		}
	}
	return out
}

// recordingPage is where MusicBrainz describes a recording, "" when its id is unknown.
func recordingPage(t playlists.Track) string {
	if t.MBID == "" {
		return ""
	}
	return "https://musicbrainz.org/recording/" + t.MBID
}
