package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"For scripts."`
}

func (doctorCommand) Help() string {
	return "Looks at settings, keys, database, disk, backups, the way from outside to this bridge, its clock, and at everybody's music server, and says what to do about what is wrong. It changes nothing. The exit code is 1 if something is wrong."
}

// finding is what one examination found.
type finding struct {
	About string `json:"about"` // what was looked at
	State health `json:"state"`
	Says  string `json:"says"`
}

// health is how something is.
type health string

const (
	well    health = "well"
	unsure  health = "unsure" // not wrong yet, or not to be seen from here
	notWell health = "wrong"
)

var errUnwell = errors.New("something is wrong")

// Run examines everything, one thing after the other, and prints what it found.
func (c doctorCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	var found []finding
	note := func(about string, state health, format string, args ...any) {
		f := finding{about, state, fmt.Sprintf(format, args...)}
		found = append(found, f)
		if !c.JSON {
			f.print(t.Out)
		}
	}
	s.examine(ctx, note)
	if c.JSON {
		if err := printJSON(t.Out, found); err != nil {
			return err
		}
	}
	for _, f := range found {
		if f.State == notWell {
			return playlists.Problemf(playlists.Unavailable, errUnwell, "Something is wrong; see above what to do.")
		}
	}
	return nil
}

func (f finding) print(w io.Writer) {
	mark := map[health]string{well: "ok", unsure: "??", notWell: "NO"}[f.State]
	fmt.Fprintf(w, "%s  %-12s %s\n", mark, f.About, f.Says)
}

// noter takes what an examination found.
type noter func(about string, state health, format string, args ...any)

// problem notes what is wrong in an error's words.
func (note noter) problem(about string, err error) {
	say := playlists.Say(explainTrouble(err))
	if say == "" {
		say = err.Error()
	}
	note(about, notWell, "%s", say)
}

// examine looks at the machine, then at the bridge on it, if it can be opened.
func (s *Settings) examine(ctx context.Context, note noter) {
	if err := s.missBridge(); err != nil {
		note.problem("bridge", err)
		return
	}
	s.examineFiles(ctx, note)
	quiet := *s
	quiet.LogLevel = "error"
	b, err := openBridge(ctx, *s, migrations.Refuse, quiet.logger(io.Discard))
	if err != nil {
		note.problem("bridge", err)
		return
	}
	defer b.Close()
	b.examineDaemon(ctx, note)
	b.examineAddress(ctx, note)
	b.examinePeople(ctx, note)
	b.examineOthers(ctx, note)
}
