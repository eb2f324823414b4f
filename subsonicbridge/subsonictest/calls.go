package subsonictest

import (
	"net/url"
	"strconv"
)

// request is an authenticated call.
type request struct {
	user user
	url.Values
}

// number returns a parameter as a number, or what servers assume without it.
func (r request) number(name string, otherwise int) int {
	if n, err := strconv.Atoi(r.Get(name)); err == nil && n >= 0 {
		return n
	}
	return otherwise
}

// methods are the calls that every dialect knows.
var methods = map[string]func(*Server, request) (object, *apiError){
	"ping":                      func(*Server, request) (object, *apiError) { return nil, nil },
	"getOpenSubsonicExtensions": (*Server).getOpenSubsonicExtensions,
	"getScanStatus":             (*Server).getScanStatus,
	"getSong":                   (*Server).getSong,
	"search3":                   (*Server).search3,
	"getAlbumList2":             (*Server).getAlbumList2,
	"getAlbum":                  (*Server).getAlbum,
	"getPlaylists":              (*Server).getPlaylists,
	"getPlaylist":               (*Server).getPlaylist,
	"createPlaylist":            (*Server).createPlaylist,
	"updatePlaylist":            (*Server).updatePlaylist,
	"deletePlaylist":            (*Server).deletePlaylist,
	"createShare":               (*Server).createShare,
	"deleteShare":               (*Server).deleteShare,
}

func (s *Server) getOpenSubsonicExtensions(request) (object, *apiError) {
	extensions := []object{{{"name", "formPost"}, {"versions", []int{1}}}}
	if s.traits.apiKeys {
		extensions = append(extensions, object{{"name", "apiKeyAuthentication"}, {"versions", []int{1}}})
	}
	return object{{"openSubsonicExtensions", extensions}}, nil
}

func (s *Server) getScanStatus(request) (object, *apiError) {
	status := object{{"scanning", false}, {"count", len(s.songs)}}
	switch s.dialect {
	case Supysonic:
		return nil, fail(0, "Couldn't connect to daemon at /run/supysonic.sock")
	case Navidrome:
		at := s.clock.AddDate(-1, 0, s.scans).Truncate(24 * 60 * 60 * 1e9) // moves with Rescan only
		status = append(status, field{"folderCount", len(s.albums())}, field{"lastScan", at.Format(s.traits.timestamp)})
	}
	return object{{"scanStatus", status}}, nil
}
