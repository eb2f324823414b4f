package main

import (
	"debug/buildinfo"
	"strings"
	"testing"
)

// What is linked in is named with its version, so whoever gets the program gets the terms too.
func TestTheProgramShowsTheLicencesOfAllThatIsInIt(t *testing.T) {
	t.Parallel()
	info, err := buildinfo.ReadFile(program(t))
	if err != nil {
		t.Fatal(err)
	}
	text := runCommand(t, 0, "version", "--licences")
	if len(info.Deps) < 20 {
		t.Fatalf("it is made of %d modules", len(info.Deps))
	}
	for _, m := range info.Deps {
		if !strings.Contains(text, "\n================ "+m.Path+" "+m.Version+"\n") {
			t.Errorf("%s %s is not named: make licences", m.Path, m.Version)
		}
	}
	if !strings.Contains(text, "GNU Affero General Public License") || !strings.Contains(text, "Redistributions in binary form must reproduce") {
		t.Error("there are no terms in it")
	}
}
