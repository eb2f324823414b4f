package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/songferry/songferry/"

// arrows says which of our top-level packages each of them may import, and why no other. Tests may import what they like.
var arrows = map[string]struct {
	may     []string
	because string
}{
	"playlists":      {nil, "both sides stand on it, so it stands on nothing"},
	"migrations":     {nil, "it opens databases whoever uses them"},
	"subsonicbridge": {[]string{"playlists"}, "a music server's side meets the fediverse only in the journal, and runs without pages"},
	"federation":     {[]string{"playlists"}, "the fediverse's side meets music servers only in the journal, and runs without pages"},
	"web":            {[]string{"playlists", "subsonicbridge", "federation"}, "pages show people both sides, and neither side knows of pages"},
	"cmd":            {[]string{"playlists", "migrations", "subsonicbridge", "federation", "web"}, "it ties the packages together"},
}

// wrappers name the files (a path.Match pattern) that may import a library which is unmaintained or needs care, so that
// its traps are handled in one place.
var wrappers = map[string]string{
	"github.com/go-fed/activity":     "federation/vocab.go",
	"github.com/go-fed/httpsig":      "federation/signature*.go", // signing, and verifying
	"github.com/yaronf/httpsign":     "federation/signature*.go", // verifying by RFC 9421
	"github.com/dunglas/httpsfv":     "federation/signature*.go", // reading its headers
	"github.com/delucks/go-subsonic": "subsonicbridge/client.go",
	"github.com/wneessen/go-mail":    "playlists/notify/mail.go", // its errors name addresses
}

type listed struct {
	ImportPath, Dir  string
	Imports, GoFiles []string
}

func TestPackagesImportOnlyAlongTheArrowsOfTheArchitecture(t *testing.T) {
	t.Parallel()
	for _, pkg := range packages(t) {
		from := top(pkg.ImportPath)
		rule, known := arrows[from]
		if !known {
			t.Errorf("%s: say in arrows what the new top-level package %s may import", pkg.ImportPath, from)
		}
		for _, imported := range pkg.Imports {
			to := top(imported)
			if to != "" && to != from && !slices.Contains(rule.may, to) {
				t.Errorf("%s imports %s, but %s must not import %s: %s", pkg.ImportPath, imported, from, to, rule.because)
			}
		}
	}
}

func TestAwkwardLibrariesAreImportedByTheirWrapperOnly(t *testing.T) {
	t.Parallel()
	for _, pkg := range packages(t) {
		for _, name := range pkg.GoFiles {
			file := path.Join(strings.TrimPrefix(pkg.ImportPath, module), name)
			for _, imported := range fileImports(t, filepath.Join(pkg.Dir, name)) {
				for library, wrapper := range wrappers {
					if within(imported, library) && !matches(t, wrapper, file) {
						t.Errorf("%s imports %s: only %s may, because it handles that library's traps", file, imported, wrapper)
					}
				}
			}
		}
	}
}

// packages lists the module's packages as they are built, without their tests.
func packages(t testing.TB) (all []listed) {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", module+"...")
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("go list: %v\n%s", err, &complaint)
	}
	for dec := json.NewDecoder(&out); ; {
		var pkg listed
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, pkg)
	}
}

func fileImports(t *testing.T, name string) (paths []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, imported)
	}
	return paths
}

// top returns the first folder of one of our packages, "" for another module's.
func top(importPath string) string {
	rest, ours := strings.CutPrefix(importPath, module)
	if !ours {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

func within(imported, library string) bool {
	return imported == library || strings.HasPrefix(imported, library+"/")
}

func matches(t *testing.T, pattern, name string) bool {
	t.Helper()
	ok, err := path.Match(pattern, name)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}
