package subsonicbridge

import "github.com/songferry/songferry/playlists"

// Song is a track that the server has a file for.
type Song struct {
	ID string // the server's; it may change whenever the server is upgraded
	playlists.Track
}

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
	Songs     []Song // nil unless asked for by Client.Playlist
}
