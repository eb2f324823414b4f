package subsonicbridge

import "github.com/songferry/songferry/playlists"

// ServerPlaylist is a playlist as the server shows it to the signed-in user. That is not always theirs: compare Owner.
type ServerPlaylist struct {
	ID        string
	Name      string
	Owner     string // login name
	Comment   string
	Public    bool   // visible to the other users of that server, not to the world
	ReadOnly  bool   // the server says that it refuses changes: smart, synchronised from a file, or somebody else's
	SongCount int    // as the server says; not always len(Songs)
	Duration  int    // seconds; gonic's list says 0 for every playlist
	Changed   string // as the server wrote it, "" when it has none (supysonic). Compare for equality only
	Songs     []Song // nil unless read by Client.Playlist; a song that the server has no id for has ID ""

	covers coverIDs // set with Songs
}

func (p playlistAnswer) serverPlaylist() ServerPlaylist {
	return ServerPlaylist{
		ID:        string(p.ID),
		Name:      string(p.Name), // not shortened: it is compared with what was written
		Owner:     string(p.Owner),
		Comment:   playlists.CleanLines(string(p.Comment), playlists.MaxSummary),
		Public:    bool(p.Public),
		ReadOnly:  bool(p.ReadOnly),
		SongCount: max(0, int(p.SongCount)),
		Duration:  max(0, int(p.Duration)),
		Changed:   string(p.Changed),
	}
}
