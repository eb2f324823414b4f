package federation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/songferry/songferry/playlists"
)

// pinned begins the last part of the id of the post that is pinned to an actor; the actor's follows (see pinID). It is made
// anew from the playlist each time it is asked for; in the table stand only those that were taken back.
const pinned = "pinned-"

// post is a Note that a playlist's actor has published.
type post struct {
	ID        string // last part of the Note's id
	Actor     string // the playlist's, by its last part
	Account   playlists.ID
	Announced string // the account's actor, when it announced the post; else ""
	Items     []string
	Note      noteDocument
	Inbox     string // of the account that it mentions, "" when there is none
	Published time.Time
	Updated   time.Time
	Deleted   time.Time
	due       int64 // when to correct it; unix milliseconds
}

const postColumns = `id, actor, account_id, announced, items, note, inbox, published, updated, deleted, due`

func scanPost(row playlists.Scanner) (p post, err error) {
	var items, note string
	var published, updated, deleted int64
	if err := row.Scan(&p.ID, &p.Actor, &p.Account, &p.Announced, &items, &note, &p.Inbox, &published, &updated, &deleted, &p.due); err != nil {
		return p, err
	}
	p.Published, p.Updated, p.Deleted = playlists.FromMillis(published), playlists.FromMillis(updated), playlists.FromMillis(deleted)
	if err = json.Unmarshal([]byte(items), &p.Items); err == nil && note != "" {
		err = json.Unmarshal([]byte(note), &p.Note)
	}
	return p, err
}

func insertPost(ctx context.Context, tx *sql.Tx, p post) error {
	items, note, err := p.encode()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO posts (`+postColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`,
		p.ID, p.Actor, p.Account, p.Announced, items, note, p.Inbox, playlists.Millis(p.Published), playlists.Millis(p.Updated))
	return err
}

func (p post) encode() (items, note string, err error) {
	i, err := json.Marshal(append([]string{}, p.Items...))
	if err != nil {
		return "", "", err
	}
	n, err := json.Marshal(p.Note)
	return string(i), string(n), err
}

// posts looks posts up, the newest first; where is never text from outside.
func (f *Federation) posts(ctx context.Context, q playlists.Querier, where string, args ...any) ([]post, error) {
	return playlists.Collect(ctx, q, scanPost, `SELECT `+postColumns+` FROM posts WHERE `+where, args...)
}

// postByID returns a post, deleted or not; sql.ErrNoRows when there is none.
func (f *Federation) postByID(ctx context.Context, id string) (post, error) {
	return scanPost(f.db.QueryRowContext(ctx, `SELECT `+postColumns+` FROM posts WHERE id = $1`, id))
}

// note answers for a post.
func (f *Federation) note(r *http.Request) (document, error) {
	return f.noteByID(r, chi.URLParam(r, "id"))
}

func (f *Federation) noteByID(r *http.Request, id string) (document, error) {
	p, err := f.postByID(r.Context(), id)
	if errors.Is(err, sql.ErrNoRows) {
		return f.pinnedByID(r, id)
	}
	if err != nil {
		return document{}, err
	}
	if !p.Deleted.IsZero() {
		return document{}, gone() // who knows its id was told of it once
	}
	pub, err := f.federated(r.Context(), p.Actor)
	if err != nil {
		return document{}, err
	}
	if err := f.mayFetch(r, pub); err != nil {
		return document{}, err
	}
	p.Note.Context = raw(noteContext)
	return document{body: p.Note, modified: p.Updated}, nil
}

// pinnedByID answers for the post that is pinned to an actor now.
func (f *Federation) pinnedByID(r *http.Request, id string) (document, error) {
	actor, ok := strings.CutPrefix(id, pinned)
	if !ok {
		return document{}, notHere()
	}
	actor, _, _ = strings.Cut(actor, "-")
	n, err := f.pinnedOf(r, actor)
	if err == nil && n.ID != f.addr().Note(id) {
		err = notHere()
	}
	n.Context = raw(noteContext)
	return document{body: n}, err
}

// pinnedOf returns the pinned post of a playlist's actor, if the client may read the playlist.
func (f *Federation) pinnedOf(r *http.Request, actor string) (noteDocument, error) {
	pub, err := f.federated(r.Context(), actor)
	if err != nil {
		return noteDocument{}, err
	}
	if err := f.mayFetch(r, pub); err != nil {
		return noteDocument{}, err
	}
	revision, _, err := f.store.Newest(r.Context(), pub.Playlist)
	if err != nil {
		return noteDocument{}, err
	}
	p, err := f.version(r.Context(), pub.Playlist, revision)
	if err != nil {
		return noteDocument{}, err
	}
	owner, err := f.store.Account(r.Context(), p.Owner)
	if err != nil {
		return noteDocument{}, err
	}
	id, err := pinID(r.Context(), f.db, actor)
	n := pinnedNote(owner, p, pub, f.addr())
	n.ID = f.addr().Note(id)
	return n, err
}
