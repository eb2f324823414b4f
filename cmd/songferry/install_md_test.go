package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

// chapter returns what stands in INSTALL.md under a heading.
func chapter(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../../INSTALL.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("INSTALL.md has no chapter %q", heading)
	}
	chapter, _, _ := strings.Cut(rest, "\n## ")
	return chapter
}

func TestTheDocumentationSaysOfEveryNoticeWhoIsTold(t *testing.T) {
	t.Parallel()
	text := chapter(t, "Who is told what")
	kinds := noticeKinds(t)
	if len(kinds) < 10 {
		t.Fatalf("only %q", kinds)
	}
	for _, kind := range kinds {
		if !strings.Contains(text, "\n| `"+strings.ReplaceAll(kind, " ", "-")+"` |") {
			t.Errorf("no row says who is told of %q", kind)
		}
	}
	if rows := strings.Count(text, "\n| `"); rows != len(kinds) {
		t.Errorf("%d rows for %d kinds", rows, len(kinds))
	}
}

// noticeKinds are the constants of type NoticeKind.
func noticeKinds(t *testing.T) (kinds []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../playlists/notices.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typed, ok := spec.Type.(*ast.Ident); !ok || typed.Name != "NoticeKind" {
			return false
		}
		kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, kind)
		return false
	})
	return kinds
}

// TestTheDocumentationSaysOfEveryTableHowLongItsRowsLive reads the migrations, so that no new table is forgotten.
func TestTheDocumentationSaysOfEveryTableHowLongItsRowsLive(t *testing.T) {
	t.Parallel()
	rows := tableRows(t)
	made := tablesMade(t)
	if len(made) < 50 {
		t.Fatalf("only %q", made)
	}
	for _, table := range made {
		if rows[table] == "" {
			t.Errorf("nothing says how long the rows of %s live", table)
		}
	}
	for table := range rows {
		if !slices.Contains(made, table) {
			t.Errorf("there is no table %s", table)
		}
	}
	for table, kept := range map[string]time.Duration{"journal": playlists.KeepJournal, "notices": playlists.KeepNotices, "wants": playlists.KeepEnded,
		"playlists": playlists.KeepEnded, "inbox": federation.KeepInbox, "activities": federation.KeepActivities, "remote_actors": federation.KeepActors,
		"reactions": federation.KeepReactions, "requests": federation.KeepRequests, "proofs": codes.Kept, "reports": federation.KeepReports,
		"email_codes": codes.Kept} {
		if days := fmt.Sprintf("%d days", kept/(24*time.Hour)); !strings.Contains(rows[table], days) {
			t.Errorf("%s are kept for %s, which is not in %q", table, days, rows[table])
		}
	}
	if !strings.Contains(rows["revisions"], fmt.Sprint("newest ", playlists.KeepRevisions)) {
		t.Errorf("%q", rows["revisions"])
	}
}

// tableRows are the rows of the chapter, by each table that they name.
func tableRows(t *testing.T) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for line := range strings.Lines(chapter(t, "What is kept, and for how long")) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for _, m := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(line, -1) {
			rows[m[1]] = line
		}
	}
	return rows
}

// tablesMade are the tables that the migrations make.
func tablesMade(t *testing.T) (tables []string) {
	t.Helper()
	files, err := filepath.Glob("../../migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`CREATE TABLE (\w+)`).FindAllStringSubmatch(string(text), -1) {
			tables = append(tables, m[1])
		}
	}
	return tables
}
