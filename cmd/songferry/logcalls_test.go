package main

import (
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
)

// levels are the methods of slog.Logger that the program logs by; With gives what follows its keys.
var levels = []string{"Debug", "Info", "Warn", "Error", "DebugContext", "InfoContext", "WarnContext", "ErrorContext", "With"}

// calls are what the program's source says that it logs.
type calls struct {
	t        testing.TB
	messages map[string]bool
	keys     map[string]bool
}

// Every message is a literal and every key a documented one, so that whoever watches a log can rely on them, and nothing
// about a person can stand where nobody looks.
func TestWhatIsLoggedIsConstantAndDocumented(t *testing.T) {
	t.Parallel()
	c := readCalls(t)
	if len(c.messages) < 50 {
		t.Errorf("only %d messages were found", len(c.messages))
	}
	documented := documentedKeys(t)
	for key := range c.keys {
		if !documented[key] {
			t.Errorf("INSTALL.md does not tell of the key %q", key)
		}
	}
	for key := range documented {
		if !c.keys[key] && !slices.Contains([]string{"time", "level", "msg"}, key) {
			t.Errorf("INSTALL.md tells of the key %q, which nothing has", key)
		}
	}
}

// documentedKeys are those in the table of INSTALL.md.
func documentedKeys(t testing.TB) map[string]bool {
	t.Helper()
	manual, err := os.ReadFile("../../INSTALL.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(manual), "## Read the log\n")
	if !found {
		t.Fatal("INSTALL.md does not tell of the log")
	}
	section, _, _ := strings.Cut(rest, "\n## ")
	keys := map[string]bool{}
	for row := range strings.Lines(section) {
		if cells := strings.Split(row, "|"); len(cells) > 2 {
			for _, m := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(cells[1], -1) {
				keys[m[1]] = true
			}
		}
	}
	return keys
}

func readCalls(t testing.TB) calls {
	t.Helper()
	c := calls{t, map[string]bool{}, map[string]bool{}}
	for _, pkg := range packages(t) {
		if strings.HasSuffix(pkg.ImportPath, "test") {
			continue // serves tests
		}
		for _, name := range pkg.GoFiles {
			c.readFile(filepath.Join(pkg.Dir, name))
		}
	}
	return c
}

func (c calls) readFile(path string) {
	c.t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	complain := func(n ast.Node, what string) { c.t.Errorf("%s: %s", set.Position(n.Pos()), what) }
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			if isLogger(n.Type) && slices.ContainsFunc(n.Names, func(name *ast.Ident) bool { return !strings.EqualFold(name.Name, "log") }) {
				complain(n, "a logger is called log or Log, so that this test finds what it is told")
			}
		case *ast.CallExpr:
			if method, ok := n.Fun.(*ast.SelectorExpr); ok {
				c.readCall(n, method, complain)
			}
		}
		return true
	})
}

// isLogger reports whether a type is *slog.Logger.
func isLogger(t ast.Expr) bool {
	star, ok := t.(*ast.StarExpr)
	if !ok {
		return false
	}
	s, ok := star.X.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Logger" && lastName(s.X) == "slog"
}

// lastName is the last name of an expression: log of b.log.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func (c calls) readCall(call *ast.CallExpr, method *ast.SelectorExpr, complain func(ast.Node, string)) {
	on, name := lastName(method.X), method.Sel.Name
	if on == "slog" && slices.Contains(levels, name) {
		complain(call, "the program has a logger of its own")
	}
	if !strings.EqualFold(on, "log") {
		return
	}
	args := call.Args
	switch {
	case name == "Log" || name == "LogAttrs":
		complain(call, "log by one of "+strings.Join(levels, ", "))
		return
	case !slices.Contains(levels, name):
		return // Handler, or a function of package log
	case strings.HasSuffix(name, "Context"):
		args = args[1:]
	}
	if name != "With" {
		c.note(args[0], c.messages, "a message", complain)
		args = args[1:]
	}
	c.readKeys(args, complain)
}

// readKeys reads keys with values, and attributes: slog.String("key", …).
func (c calls) readKeys(args []ast.Expr, complain func(ast.Node, string)) {
	for len(args) > 0 {
		key, attribute := args[0], false
		if call, ok := key.(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && lastName(f.X) == "slog" && len(call.Args) > 0 {
				key, attribute = call.Args[0], true
			}
		}
		c.note(key, c.keys, "a key", complain)
		if args = args[1:]; !attribute && len(args) > 0 {
			args = args[1:]
		}
	}
}

func (c calls) note(e ast.Expr, in map[string]bool, what string, complain func(ast.Node, string)) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		complain(e, what+" must be a literal")
		return
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		c.t.Fatal(err)
	}
	in[text] = true
}
