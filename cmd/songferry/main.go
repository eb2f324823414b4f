// Songferry carries playlists from one person's music server to another's: it reads them over the Subsonic API,
// publishes them over ActivityPub, and imports what others publish, each track resolved against the importer's own
// files.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/songferry/songferry/playlists"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// terminal is where a command reads and writes.
type terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

// run executes one command and returns the exit code: 0 done, 1 failed, 2 not understood.
func run(ctx context.Context, args []string, t terminal) int {
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("songferry"), kong.UsageOnError(),
		kong.Description("Share playlists between people who run their own music servers."),
		kong.Writers(t.Out, t.Err), kong.Exit(func(n int) { code = n }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Configuration(readTOML), kong.Bind(t), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(t.Err, "songferry:", err)
		return 2
	}
	parsed, err := parser.Parse(meant(args))
	if code >= 0 {
		return code
	}
	if err != nil {
		fmt.Fprintf(t.Err, "songferry: %s\nRun `%s --help` to see what it can do.\n", ended(inSettings(err, parser.Model.Flags)), chosen(err))
		return 2
	}
	err = parsed.Run(&c.Settings)
	if err == nil || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return 0
	}
	explain(t.Err, err, c.Settings.LogLevel == "debug")
	return 1
}

// meant are the arguments of somebody who types nothing, or what other programs understand.
func meant(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case args[0] == "--version":
		return []string{"version"}
	}
	return args
}

// chosen is the command, as far as it was understood, of arguments that were not.
func chosen(err error) string {
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil && wrong.Context.Selected() != nil {
		return wrong.Context.Selected().FullPath()
	}
	return "songferry"
}

// inSettings words an error of the parser with the names of settings: nobody has seen the flags that they are inside.
func inSettings(err error, flags []*kong.Flag) string {
	text := err.Error()
	var file *fs.PathError
	switch {
	case errors.As(err, &file) && errors.Is(err, fs.ErrNotExist):
		return "there is no settings file " + file.Path
	case errors.As(err, &file):
		return "the settings file " + file.Path + " cannot be read"
	}
	for _, f := range flags {
		if len(f.Envs) > 0 {
			flag, name := "--"+f.Name, f.Envs[0]
			text = strings.NewReplacer(flag+" ", name+" ", flag+":", name+":", "envar "+name, "the environment, "+name).Replace(text)
		}
	}
	text = notBoolean.ReplaceAllString(text, " must be true or false")
	text = notNumber.ReplaceAllString(text, " must be a whole number, not $1")
	text = notThere.ReplaceAllString(text, "what is missing: $1")
	text = strings.Replace(text, "--account=NAME", "--account=NAME (or set "+accountName+")", 1)
	text = strings.Replace(text, `must be one of "",`, "must be one of ", 1)
	return notGiven.ReplaceAllString(text, "$1 is missing")
}

// ended puts a full stop where a sentence has no end.
func ended(s string) string {
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// What the parser says in a programmer's words.
var (
	notBoolean = regexp.MustCompile(`: (?:expected bool|bool value must be) .*`)
	notNumber  = regexp.MustCompile(`: expected (?:a valid \d+ bit int|int value) but got ("[^"]*").*`)
	notThere   = regexp.MustCompile(`^(?:missing flags?: |expected (one of ))`)
	notGiven   = regexp.MustCompile(`^expected "?(<[^>]*>[^"]*)"?$`)
)

// explain prints the sentence of an error that is meant for people, and its cause where that helps the operator.
func explain(w io.Writer, err error, details bool) {
	say := playlists.Say(explainTrouble(err))
	if say == "" {
		fmt.Fprintln(w, "songferry:", err)
		return
	}
	fmt.Fprintln(w, "songferry:", say)
	if details {
		fmt.Fprintln(w, "details:", err)
	}
}
