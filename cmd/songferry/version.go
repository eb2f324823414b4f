package main

import (
	_ "embed"
	"fmt"
	"io"
	"runtime/debug"
)

// licences are the terms of everything that is linked into the program; `make licences` writes them.
//
//go:embed licences.txt
var licences string

type versionCommand struct {
	Licences bool `help:"Print the licences instead."`
}

func (c versionCommand) Run(t terminal) error {
	if c.Licences {
		_, err := io.WriteString(t.Out, licences)
		return err
	}
	fmt.Fprintln(t.Out, "songferry", version())
	return nil
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel-" + s.Value[:min(len(s.Value), 12)]
		}
	}
	return "devel"
}
