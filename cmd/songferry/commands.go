package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// commands is the command line.
type commands struct {
	Settings

	Demo        demoCommand        `cmd:"" help:"See it work: two bridges, two invented music libraries, one playlist that crosses."`
	Serve       serveCommand       `cmd:"" help:"Run the daemon: HTTP server and background jobs."`
	Account     accountCommands    `cmd:"" help:"Add, change, move and list the accounts of this bridge, and prove who they are elsewhere."`
	Playlist    playlistCommands   `cmd:"" help:"List playlists, choose who may see them, and edit what others see."`
	Follower    followerCommands   `cmd:"" help:"List, approve and remove followers."`
	News        newsCommands       `cmd:"" help:"Read, hold or drop the posts about your playlists, and set their limits."`
	Follow      followCommand      `cmd:"" help:"Keep a copy of somebody's playlist in step on your music server."`
	Following   followingCommands  `cmd:"" help:"List the copies that you follow or imported, how they stand, and answer what they ask."`
	Missing     missingCommand     `cmd:"" help:"List the tracks that your library lacks for your copies, by album, and where to buy them."`
	Unfollow    unfollowCommand    `cmd:"" help:"Stop keeping a copy in step, or forget one made once. The list stays on your music server, unless --remove deletes it."`
	Review      reviewCommands     `cmd:"" help:"See which song of yours stands for which track, and correct it."`
	Import      importCommand      `cmd:"" help:"Copy a playlist once, from a handle, an address or a file."`
	Export      exportCommand      `cmd:"" help:"Write a playlist to a JSPF, XSPF, M3U8 or CSV file."`
	Domain      domainCommands     `cmd:"" help:"Block, limit and allow other servers; import and export such lists."`
	Report      reportCommands     `cmd:"" help:"List and resolve what others complain about."`
	Match       matchCommand       `cmd:"" help:"Resolve tracks against a library, both given as JSON Lines."`
	Backup      backupCommand      `cmd:"" help:"Write all of this bridge into one file, with its keys."`
	Restore     restoreCommand     `cmd:"" help:"Make this bridge what a backup says it was."`
	Doctor      doctorCommand      `cmd:"" help:"Examine this bridge and its surroundings, and say what to do about what is wrong."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask the running daemon whether it is well; for containers."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database of an older version up to date."`
	Version     versionCommand     `cmd:"" help:"Print the version, and the licences of what is in the program."`
}

// settingsHelp lists the settings with their defaults, from the one struct that declares them.
func settingsHelp() string {
	var b strings.Builder
	b.WriteString("Settings (environment variables, or lines of the same name in the file given by --config; several values are\nseparated by commas):\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for f := range fieldsOf(Settings{}) {
		if name := f.Tag.Get("env"); name != "" {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", name, f.Tag.Get("default"), f.Tag.Get("help"))
		}
	}
	// A strings.Builder cannot fail.
	_ = w.Flush()
	return b.String()
}

func fieldsOf(v any) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range reflect.TypeOf(v).NumField() {
			if !yield(reflect.TypeOf(v).Field(i)) {
				return
			}
		}
	}
}

// withBridge runs a command on the bridge's database, beside a running daemon or without one. There must be a bridge.
func withBridge(ctx context.Context, s *Settings, t terminal, fn func(*bridge) error) error {
	if err := s.missBridge(); err != nil {
		return err
	}
	return withAnyBridge(ctx, s, t, fn)
}

// withAnyBridge is withBridge for a command that may be the first of a bridge.
func withAnyBridge(ctx context.Context, s *Settings, t terminal, fn func(*bridge) error) error {
	quiet := *s
	if quiet.LogLevel == "info" {
		quiet.LogLevel = "error" // a command answers in sentences; its log is for those who ask
	}
	b, err := openBridge(ctx, *s, migrations.Refuse, quiet.logger(t.Err))
	if err != nil {
		return err
	}
	return errors.Join(fn(b), b.Close())
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type healthcheckCommand struct{}

// Run exits with 0 when the daemon at SONGFERRY_LISTEN is ready.
func (healthcheckCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	if err := askReady(ctx, *s); err != nil {
		return err
	}
	fmt.Fprintln(t.Out, "ready")
	return nil
}

// askReady fails when the daemon at SONGFERRY_LISTEN is not ready.
func askReady(ctx context.Context, s Settings) error {
	address, err := s.localURL()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "Songferry does not answer at %s. Is `songferry serve` running there?", s.Listen)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return playlists.Problemf(playlists.Unavailable, nil, "Songferry is not ready: %s", strings.TrimSpace(string(text)))
	}
	return nil
}

type matchCommand struct {
	Library string `required:"" placeholder:"FILE" help:"JSON Lines, one track of the library each."`
	Wanted  string `required:"" placeholder:"FILE" help:"JSON Lines, one wanted track each."`
	Policy  string `enum:"release,recording,any" default:"recording" help:"What a file may be: the same recording on the album asked for (release) or on any (recording), or also another take or edit of the song (any)."`
}

// Run resolves without any server or database.
func (c matchCommand) Run(t terminal) error {
	library, err := openInput(c.Library)
	if err != nil {
		return err
	}
	defer library.Close()
	wanted, err := openInput(c.Wanted)
	if err != nil {
		return err
	}
	defer wanted.Close()
	return runMatch(library, wanted, match.Policy(c.Policy), t.Out, t.Err)
}

func openInput(path string) (*os.File, error) {
	if path == "" {
		return nil, playlists.Problemf(playlists.Invalid, nil, "The name of the file is missing.")
	}
	f, err := os.Open(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, playlists.Problemf(playlists.Invalid, err, "There is no file %s.", path)
	}
	if err != nil {
		return nil, playlists.Problemf(playlists.Invalid, err, "The file %s cannot be read.", path)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(playlists.Problemf(playlists.Invalid, nil, "%s is a folder, not a file.", path), f.Close())
	}
	return f, nil
}
