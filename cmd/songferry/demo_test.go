package main

import (
	"strings"
	"testing"
)

// The whole daemon, twice, in this process: under -race all its jobs are watched.
func TestTheDemoCarriesAPlaylist(t *testing.T) {
	t.Parallel()
	out := runCommand(t, 0, "demo", "--once")
	for _, part := range []string{
		"found    The Lanterns – Harbour Lights", "to check Copper Kites – Long Way Down", "missing  Ida Thorne – Kitchen Radio",
		`"Road trip · Alice" with 6 of 8 tracks`, "it stands first of 7 in Bob's",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("the demo does not say %q:\n%s", part, out)
		}
	}
}
