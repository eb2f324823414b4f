package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// naming are the columns of all packages' tables whose name says that they hold an account, by its ID or its public id.
var naming = []string{"account_id", "account", "owner", "invited_by", "guardian", "recipient"}

// byPublicID are the tables whose column of that kind holds the public id.
var byPublicID = []string{"requests", "former_playlists"}

// unfilled are the tables in which an invented row would be no row: departures would say that she is gone already, an account
// that has her for a guardian is made elsewhere (as is what follows of a person), and remote_keys are of other servers.
var unfilled = []string{"departures", "accounts", "person_wants", "remote_keys"}

// staying is where an account that was deleted is still named, and why.
var staying = map[string]string{
	"departures.account_id":   "that it was here, so that nothing of it comes back",
	"departures.public_id":    "its address says that it is gone",
	"handles.account_id":      "its name is not given to another",
	"handles.public_id":       "its name is not given to another",
	"journal.playlist_id":     "that it left, for a month",
	"journal.public_id":       "that it left, for a month",
	"playlists.owner":         "empty shells, which copies elsewhere refer to",
	"person_wants.account_id": "that it followed somebody, for a month",
	"signing_keys.actor":      "a day, until others have been told",
	"activities.actor":        "what others are told, for two weeks",
	"activities.id":           "what others are told, for two weeks",
	"activities.body":         "what others are told, for two weeks",
}

// columns returns the tables of a database and their columns.
func (p *person) columns() map[string][]string {
	p.t.Helper()
	out := map[string][]string{}
	for _, c := range migrationstest.Columns(p.t, p.db) {
		out[c.Table] = append(out[c.Table], c.Name)
	}
	return out
}

// named counts the rows in which a column holds a text.
func (p *person) named(table, column, text string) (n int) {
	p.t.Helper()
	if err := p.db.QueryRowContext(p.t.Context(), `SELECT COUNT(*) FROM "`+table+`" WHERE CAST("`+column+`" AS TEXT) LIKE $1`, "%"+text+"%").Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// fill puts a row that names the account into each table that could name one and does not yet.
func (p *person) fill() {
	p.t.Helper()
	for table, columns := range p.columns() {
		for _, column := range columns {
			if !slices.Contains(naming, column) || slices.Contains(unfilled, table) || p.named(table, column, string(p.account.ID))+p.named(table, column, p.account.PublicID) > 0 {
				continue
			}
			name := string(p.account.ID)
			if slices.Contains(byPublicID, table) {
				name = p.account.PublicID
			}
			values := make([]string, len(columns))
			for i, c := range columns {
				if values[i] = `'0'`; c == column {
					values[i] = `'` + name + `'`
				}
			}
			if _, err := p.db.ExecContext(p.t.Context(), `INSERT INTO "`+table+`" ("`+strings.Join(columns, `", "`)+`") VALUES (`+strings.Join(values, `, `)+`)`); err != nil {
				p.t.Fatal(table, err)
			}
		}
	}
}

func TestNothingStaysOfAnAccountThatACommandDeletes(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights")...)
	bob.music.AddPlaylist("bob", "Evening", bob.ids("Harbour Lights")...)
	_, hers := alice.publish("Road trip", playlists.Public)
	_, his := bob.publish("Evening", playlists.Public)
	bob.follow(hers, playlists.Sync, playlists.Keep)
	alice.follow(his, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	alice.fill()

	alice.says(accountDelete{Name: "alice", Sure: true})
	for table, column := range map[string]string{"sessions": "account_id", "known_browsers": "account_id", "sign_outs": "account_id", "lookups": "account_id", "invitations": "invited_by"} {
		if alice.named(table, column, string(alice.account.ID)) > 0 {
			t.Errorf("%s waits for the daemon to tidy", table)
		}
	}
	settle(alice, bob)
	if err := alice.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	tables := alice.columns()
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		for _, column := range tables[table] {
			n := alice.named(table, column, string(alice.account.ID)) + alice.named(table, column, alice.account.PublicID)
			if n > 0 && staying[table+"."+column] == "" {
				t.Errorf("%d rows of %s name her in %s", n, table, column)
			}
		}
	}
}
