package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/seal"
	"github.com/songferry/songferry/subsonicbridge"
)

// forbidden is what must stand in no log.
type forbidden struct {
	secrets []string // in whatever surroundings
	names   []string // of people, playlists and songs: as words of their own
}

// shortest is how long a text must be, in characters, to be looked for; what is shorter stands anywhere by chance.
const shortest = 4

// in returns what of it a text holds, "" for nothing.
func (h forbidden) in(text string) string {
	for _, s := range h.secrets {
		if utf8.RuneCountInString(s) >= shortest && strings.Contains(text, s) {
			return s
		}
	}
	for _, n := range h.names {
		if utf8.RuneCountInString(n) >= shortest && hasWord(text, n) {
			return n
		}
	}
	return ""
}

// hasWord reports whether a word, or several, stand in a text, and not within longer ones.
func hasWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		begin, end := from+at, from+at+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = end
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// setupCodes are the codes by which first persons come in.
var setupCodes = regexp.MustCompile(`\b[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\b`)

func (forbidden) codes(log string) []string {
	return slices.Compact(slices.Sorted(slices.Values(setupCodes.FindAllString(log, -1))))
}

// secretsIn are the values of those settings ("NAME=value") that nobody must read.
func secretsIn(settings []string) (secrets []string) {
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		if strings.HasSuffix(name, "_PASSWORD") || strings.HasSuffix(name, "_CODE") || strings.HasSuffix(name, "_EMAIL") || strings.HasSuffix(name, "_TOKEN") {
			secrets = append(secrets, value)
		}
	}
	return secrets
}

// nameColumns are the columns with what people are called, and call their playlists and themselves.
var nameColumns = []string{
	"accounts.handle", "accounts.name", "handles.handle", "revisions.name", "revisions.summary", "revisions.curator_name", "revisions.curator_handle",
	"subsonic_connections.username", "subsonic_playlists.name", "subsonic_mirrors.name", "subsonic_mirrors.comment", "overlays.title", "overlays.liner",
	"remote_actors.name", "remote_actors.handle", "person_wants.name", "former_playlists.name", "proven.handle", "invitations.for_whom",
}

// songColumns are the columns with tracks, as JSON.
var songColumns = []string{"revisions.tracks", "subsonic_songs.track"}

// forbiddenIn reads a database, and opens what is sealed there with the key in the data folder.
func forbiddenIn(t testing.TB, database, data string) (h forbidden) {
	t.Helper()
	if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) && !migrations.IsPostgres(database) {
		return h
	}
	db, err := openBeside(database)
	if err != nil {
		t.Error(err)
		return h
	}
	defer db.Close()
	v := vault{t, db}
	for _, column := range nameColumns {
		h.names = append(h.names, v.column(column)...)
	}
	for _, column := range songColumns {
		h.names = append(h.names, titlesIn(v.column(column))...)
	}
	h.secrets = append(v.column("publications.token"), v.column("personal_links.token")...)
	key, err := seal.LoadKey(filepath.Join(data, "songferry.key"))
	if err != nil {
		t.Error(err)
		return h
	}
	h.secrets = append(h.secrets, v.logins(key)...)
	h.secrets = append(h.secrets, v.keys(key)...)
	return h
}

// vault is the database of a bridge that a test looks into.
type vault struct {
	t  testing.TB
	db *sql.DB
}

// column returns the texts of a column, "table.column", each once.
func (v vault) column(name string) []string {
	v.t.Helper()
	table, column, _ := strings.Cut(name, ".")
	texts, err := playlists.Collect(context.Background(), v.db, func(row playlists.Scanner) (s string, err error) { return s, row.Scan(&s) },
		"SELECT DISTINCT "+column+" FROM "+table+" WHERE "+column+" <> ''")
	if err != nil {
		v.t.Errorf("%s: %v", name, err)
	}
	return texts
}

// sealed opens a sealed column. Its label is a word before the row's name.
func (v vault) sealed(key *seal.Key, table, name, column, label string, take func(plain []byte)) {
	v.t.Helper()
	rows, err := playlists.Collect(context.Background(), v.db, func(row playlists.Scanner) (none struct{}, err error) {
		var id string
		var content []byte
		if err := row.Scan(&id, &content); err != nil {
			return none, err
		}
		plain, err := key.Open(content, label+id)
		if err == nil {
			take(plain)
		}
		return none, err
	}, "SELECT "+name+", "+column+" FROM "+table)
	if err != nil {
		v.t.Errorf("%s, %d rows: %v", table, len(rows), err)
	}
}

// logins are the secrets of the music servers, and where those are.
func (v vault) logins(key *seal.Key) (secrets []string) {
	v.sealed(key, "subsonic_connections", "account_id", "login", "subsonic:", func(plain []byte) {
		var l subsonicbridge.Login
		if err := json.Unmarshal(plain, &l); err != nil {
			v.t.Error(err)
		}
		if u, err := url.Parse(l.URL); err == nil {
			secrets = append(secrets, u.Host)
		}
		secrets = append(secrets, l.Token, l.Salt, l.APIKey, l.Password, hex.EncodeToString([]byte(l.Password)))
	})
	return secrets
}

// keys are the private keys, as far as one has to know them to know whose they are, in hexadecimal and base64.
func (v vault) keys(key *seal.Key) (secrets []string) {
	v.sealed(key, "signing_keys", "actor", "sealed", "federation:", func(der []byte) {
		const in = 300 // of PKCS #8; the public half comes first
		part := der[min(in, len(der)):]
		part = part[:min(24, len(part))]
		secrets = append(secrets, hex.EncodeToString(part), base64.StdEncoding.EncodeToString(part))
	})
	return secrets
}

// titlesIn are the words of tracks that somebody could recognise.
func titlesIn(lists []string) (titles []string) {
	for _, text := range lists {
		for _, m := range regexp.MustCompile(`"(?:title|artist|album)":"((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(text, -1) {
			titles = append(titles, m[1])
		}
	}
	return titles
}
