package subsonicbridge

import (
	"context"

	"github.com/songferry/songferry/playlists"
)

// ownLists are the lists on an account's server that are ours: they are never read as the person's playlists.
type ownLists struct {
	states map[string]State  // by the server's id
	names  map[string]string // the server's id of our list, by the list's name
}

func (b *Bridge) ownLists(ctx context.Context, account playlists.ID) (ownLists, error) {
	rows, err := b.db.QueryContext(ctx, `SELECT server_id, retired_id, name, state FROM subsonic_mirrors WHERE account_id = $1`, account)
	if err != nil {
		return ownLists{}, err
	}
	defer rows.Close()
	own := ownLists{states: map[string]State{}, names: map[string]string{}}
	for rows.Next() {
		var id, retired, name string
		var state State
		if err := rows.Scan(&id, &retired, &name, &state); err != nil {
			return ownLists{}, err
		}
		own.states[id], own.states[retired] = state, state
		if id != "" && name != "" && state != Deleted {
			own.names[name] = id
		}
	}
	delete(own.states, "")
	return own, rows.Err()
}

// among returns the ids of those lists that are ours, or another Songferry's: by their id, their comment or temporary
// name; else by their name when the list of ours that has it is not there under its id (LMS keeps no comments).
func (own ownLists) among(lists []ServerPlaylist) map[string]bool {
	listed := make(map[string]bool, len(lists))
	for _, p := range lists {
		listed[p.ID] = true
	}
	ours := map[string]bool{}
	for _, p := range lists {
		_, known := own.states[p.ID]
		id := own.names[p.Name]
		if known || markIn(p.Comment) != "" || isTempName(p.Name) || id != "" && !listed[id] {
			ours[p.ID] = true
		}
	}
	return ours
}

// reviveMirrors takes up again the lists that seemed deleted and that the server shows once more (a restored backup).
func (b *Bridge) reviveMirrors(ctx context.Context, account playlists.ID, own ownLists, lists []ServerPlaylist) error {
	for _, p := range lists {
		if own.states[p.ID] != Deleted {
			continue
		}
		_, err := b.db.ExecContext(ctx, `UPDATE subsonic_mirrors SET state = '', note = '', due = $1 WHERE account_id = $2 AND server_id = $3 AND state = $4`,
			playlists.Millis(b.now()), account, p.ID, Deleted)
		if err != nil {
			return err
		}
	}
	return nil
}
