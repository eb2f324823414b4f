package subsonicbridge

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/songferry/songferry/playlists"
)

// knownPlaylist is a playlist that an account owns on its server, as last seen there.
type knownPlaylist struct {
	ID       playlists.ID
	Account  playlists.ID
	ServerID string // "" when unknown
	Name     string
	Content  string // contentOf its songs
	Listing  string // listing when it was last fetched
	Missing  time.Time

	read string // Listing as it was when this was read from the database
}

func (b *Bridge) knownPlaylists(ctx context.Context, account playlists.ID) ([]*knownPlaylist, error) {
	return playlists.Collect(ctx, b.db, scanKnown, `SELECT playlist_id, account_id, server_id, name, content, listing, missing_since
		FROM subsonic_playlists WHERE account_id = $1 ORDER BY playlist_id`, account)
}

func scanKnown(row playlists.Scanner) (*knownPlaylist, error) {
	var k knownPlaylist
	var missing int64
	err := row.Scan(&k.ID, &k.Account, &k.ServerID, &k.Name, &k.Content, &k.Listing, &missing)
	k.Missing, k.read = playlists.FromMillis(missing), k.Listing
	return &k, err
}

// keepKnown keeps k, and takes its server id from whichever playlist had it before. When another poll fetched the
// playlist meanwhile nobody knows which of the two recorded the newer content: then the next poll fetches it again.
func (b *Bridge) keepKnown(ctx context.Context, k knownPlaylist) error {
	return playlists.InTx(ctx, b.db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE subsonic_playlists SET server_id = '' WHERE account_id = $1 AND server_id = $2 AND playlist_id <> $3`,
			k.Account, k.ServerID, k.ID)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE subsonic_playlists SET server_id = $1, name = $2, content = $3,
			listing = CASE WHEN listing = $4 THEN $5 ELSE '' END, missing_since = $6 WHERE playlist_id = $7`,
			k.ServerID, k.Name, k.Content, k.read, k.Listing, playlists.Millis(k.Missing), k.ID)
		return err
	})
}

// claim returns the known playlist that the server's sp is, nil when it is a new one. An id alone is not believed when
// name and content are both those of another known playlist: a server that renumbered may have given the id to that
// one, and a private playlist must not appear at another's public address.
func (p *poll) claim(sp ServerPlaylist, content string) *knownPlaylist {
	k := p.byID[sp.ID]
	if k != nil && p.seen[k] {
		k = nil // found under another id in this poll
	}
	if k != nil && (k.Content == "" || k.Name == sp.Name || k.Content == content) {
		return k
	}
	for _, twin := range p.known {
		if !p.seen[twin] && twin.Name == sp.Name && twin.Content == content {
			return twin
		}
	}
	return k
}

// addKnown chooses the playlist's ID and keeps it, before anything is recorded under it: after a crash the next poll
// goes on with the same ID. Of two polls at once, the first one chooses.
func (b *Bridge) addKnown(ctx context.Context, account playlists.ID, sp ServerPlaylist) (*knownPlaylist, error) {
	return scanKnown(b.db.QueryRowContext(ctx, `INSERT INTO subsonic_playlists
		(playlist_id, account_id, server_id, name, content, listing, missing_since) VALUES ($1, $2, $3, $4, '', '', 0)
		ON CONFLICT (account_id, server_id) WHERE server_id <> '' DO UPDATE SET name = excluded.name
		RETURNING playlist_id, account_id, server_id, name, content, listing, missing_since`,
		playlists.NewID(), account, sp.ID, sp.Name))
}

// listing is everything that a server's list says of a playlist and that changes when the playlist does.
func listing(sp ServerPlaylist) string {
	// Encoding plain values cannot fail.
	text, _ := json.Marshal([]any{sp.Changed, sp.SongCount, sp.Duration, sp.Name, sp.Comment})
	return string(text)
}

// contentOf is equal for two lists of the same songs in the same order, whatever their ids.
func contentOf(songs []Song) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, s := range songs {
		// Encoding strings into a hash cannot fail.
		_ = enc.Encode([]string{s.Artist, s.Title, s.Album})
	}
	return hex.EncodeToString(h.Sum(nil))
}
