package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
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
