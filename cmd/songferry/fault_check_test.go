package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// estate is a bridge as it lies there when nothing more is to be done: its database, and the music server of each account, by
// the account's name. The checks below hold of every estate, whatever befell it before. Each finding is a sentence.
type estate struct {
	name  string
	db    *sql.DB
	music map[string]*subsonictest.Server
}

// checkEstates fails the test for whatever is wrong with the estates, or between any two of them.
func checkEstates(t testing.TB, all ...estate) {
	t.Helper()
	for _, e := range all {
		findings, err := e.wrong(t.Context())
		for _, other := range all {
			more, err2 := notCarried(t.Context(), other, e)
			findings, err = append(findings, more...), errors.Join(err, err2)
		}
		if err != nil {
			t.Error(err)
		}
		for _, f := range findings {
			t.Error(f)
		}
	}
}

// estate is the person's bridge with its one account.
func (p *person) estate() estate {
	return estate{p.account.Handle, p.db, map[string]*subsonictest.Server{p.account.Handle: p.music}}
}

// wrong returns what is wrong with the estate by itself.
func (e estate) wrong(ctx context.Context) (findings []string, err error) {
	orphans, err := e.orphans(ctx)
	if err != nil {
		return nil, err
	}
	copies, err := e.copies(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		findings = append(findings, c.wrong(e.music[c.account])...)
	}
	for account, server := range e.music {
		findings = append(findings, strays(account, server, copies)...)
	}
	for i, f := range findings {
		findings[i] = e.name + ": " + f
	}
	return append(orphans, findings...), nil
}

// copyOnServer is a list that a row says is on a music server.
type copyOnServer struct {
	account, mark, state, id, name, comment string
	songs                                   []string
	linked                                  bool // the row still answers for it
}

// copies reads what the mirrors' rows say. A list that its person deleted, or that is the person's own now, is none.
func (e estate) copies(ctx context.Context) ([]copyOnServer, error) {
	return playlists.Collect(ctx, e.db, func(row playlists.Scanner) (c copyOnServer, err error) {
		var written []byte
		if err := row.Scan(&c.account, &c.mark, &c.state, &c.id, &c.name, &c.comment, &written); err != nil {
			return c, err
		}
		var entries []struct{ ID string }
		if err := json.Unmarshal(written, &entries); err != nil {
			return c, err
		}
		for _, entry := range entries {
			c.songs = append(c.songs, entry.ID)
		}
		c.linked = c.id != "" && c.state != "no longer linked" && c.state != "deleted here"
		return c, nil
	}, `SELECT a.handle, m.mark, m.state, m.server_id, m.name, m.comment, m.written FROM subsonic_mirrors m JOIN accounts a ON a.id = m.account_id ORDER BY m.want_id`)
}

// wrong compares a row with the list.
func (c copyOnServer) wrong(server *subsonictest.Server) []string {
	if !c.linked || server == nil {
		return nil
	}
	list, ok := server.Playlist(c.id)
	switch {
	case !ok:
		return []string{fmt.Sprintf("%s's copy %q (%s) is not on the music server", c.account, c.name, c.state)}
	case list.Name != c.name || list.Comment != c.comment && list.Comment != "" || // some servers keep none
		!slices.Equal(list.Songs, c.songs):
		return []string{fmt.Sprintf("%s's music server has %q (%q) with %v, the row says %q (%q) with %v", c.account, list.Name, list.Comment, list.Songs, c.name, c.comment, c.songs)}
	}
	return nil
}

// strays finds lists of ours on a music server that no row, or more than one, answers for.
func strays(account string, server *subsonictest.Server, copies []copyOnServer) (findings []string) {
	for _, list := range server.Playlists() {
		if strings.HasPrefix(list.Name, "Songferry is writing ") {
			findings = append(findings, fmt.Sprintf("%s's music server has the unfinished list %q", account, list.Name))
			continue
		}
		n := 0
		for _, c := range copies {
			if c.account == account && c.linked && c.id == list.ID {
				n++
			}
		}
		if ours := strings.Contains(list.Comment, "Songferry copy"); ours && n != 1 || n > 1 {
			findings = append(findings, fmt.Sprintf("%s's music server has %q, for which %d rows answer", account, list.Name, n))
		}
	}
	return findings
}

// edition is what a revision says, as far as it travels.
type edition struct {
	name   string
	titles string
}

// history reads the versions that an estate keeps of one playlist, the oldest first.
func (e estate) history(ctx context.Context, playlist string) ([]edition, error) {
	return playlists.Collect(ctx, e.db, func(row playlists.Scanner) (v edition, err error) {
		var tracks []byte
		if err := row.Scan(&v.name, &tracks); err != nil {
			return v, err
		}
		var all []playlists.Track
		err = json.Unmarshal(tracks, &all)
		for _, t := range all {
			v.titles += t.Title + " by " + t.Artist + "; "
		}
		return v, err
	}, `SELECT name, tracks FROM revisions WHERE playlist_id = $1 ORDER BY revision`, playlist)
}

// notCarried returns what has not come from one estate to another: of each of its published playlist that is followed there the newest version
// must be the origin's newest, and the versions before must be versions of the origin's in the same order.
func notCarried(ctx context.Context, from, to estate) (findings []string, err error) {
	type link struct{ collection, playlist string }
	links, err := playlists.Collect(ctx, to.db, func(row playlists.Scanner) (l link, err error) {
		return l, row.Scan(&l.collection, &l.playlist)
	}, `SELECT collection, playlist_id FROM sources ORDER BY playlist_id`)
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		var origin string
		err := from.db.QueryRowContext(ctx, `SELECT playlist_id FROM publications WHERE public_id = $1 AND retired = 0`, path.Base(l.collection)).Scan(&origin)
		if errors.Is(err, sql.ErrNoRows) {
			continue // another's
		}
		if err != nil {
			return nil, err
		}
		sent, err := from.history(ctx, origin)
		if err != nil {
			return nil, err
		}
		came, err := to.history(ctx, l.playlist)
		if err != nil {
			return nil, err
		}
		if f := lacking(sent, came); f != "" {
			findings = append(findings, fmt.Sprintf("from %s to %s: %s", from.name, to.name, f))
		}
	}
	return findings, nil
}

// lacking says in what came differs from what was sent, "" when it is right: the same end, nothing out of order, nothing invented.
func lacking(sent, came []edition) string {
	if len(sent) == 0 || len(came) == 0 || came[len(came)-1] != sent[len(sent)-1] {
		return fmt.Sprintf("the newest of %d versions is not the newest of %d: %v, want %v", len(came), len(sent), last(came), last(sent))
	}
	if len(sent) >= playlists.KeepRevisions { // the origin no longer has the oldest
		came = came[max(0, slices.IndexFunc(came, func(v edition) bool { return slices.Contains(sent, v) })):]
	}
	at := 0
	for n, v := range came {
		for at < len(sent) && sent[at] != v {
			at++
		}
		if at == len(sent) {
			return fmt.Sprintf("version %d is older than one that came before it, or nobody's: %v", n+1, v)
		}
		at++
	}
	return ""
}

func last(all []edition) edition {
	if len(all) == 0 {
		return edition{}
	}
	return all[len(all)-1]
}
