package web

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// formatters are the functions that make sentences which a page may show, and which of their arguments is the format.
var formatters = map[string]int{"Sentencef": 0, "Problemf": 2, "badList": 1, "invalid": 1}

// problems are the formats of all sentences of errors and of what is kept about copies, and where each stands.
func problems(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, pattern := range []string{"../playlists/*.go", "../playlists/*/*.go", "../subsonicbridge/*.go", "../federation/*.go", "*.go",
		"../cmd/songferry/origin.go", "../cmd/songferry/backups.go"} { // pages show what those say
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") && name != filepath.FromSlash("../playlists/sentence.go") {
				formatsIn(t, name, func(format string) { said[format] = name })
			}
		}
	}
	return said
}

func formatsIn(t *testing.T, name string, found func(string)) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, declared := range file.Decls {
		if f, ok := declared.(*ast.FuncDecl); ok && inFormatters(f.Name.Name) {
			continue // it hands on a format that it was given
		}
		ast.Inspect(declared, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !inFormatters(calledName(call)) {
				return true
			}
			format, ok := literal(call.Args[formatters[calledName(call)]])
			if !ok {
				t.Errorf("%s: the format of a %s is no constant, so nobody can tell whether it is translated", name, calledName(call))
			}
			if regexp.MustCompile(`\pL`).MatchString(regexp.MustCompile(`%[a-z]`).ReplaceAllString(format, "")) {
				found(format)
			}
			return true
		})
	}
}

func inFormatters(name string) bool { _, ok := formatters[name]; return ok }

// literal is the text of an expression that is one, or a sum of such.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, ok2 := literal(e.Y)
		return a + b, ok && ok2
	}
	return "", false
}

func TestEverySentenceOfAProblemIsInEveryCatalogueAndNoOther(t *testing.T) {
	t.Parallel()
	said := problems(t)
	if len(said) < 200 {
		t.Fatalf("only %d sentences found", len(said))
	}
	for sentence := range sentences(t) {
		delete(said, sentence) // a page says the same
	}
	compare(t, "-problems", said)
}

// Typesetting of French: a space that does not break stands before : ; ! ? and within « ».
func TestFrenchIsTypeset(t *testing.T) {
	t.Parallel()
	for english, french := range allWords()["fr"].says {
		french = regexp.MustCompile(`[a-z]+://\S*|https?:|<[^>]*>|%\[\d\]|:$`).ReplaceAllString(french, "")
		if wrong := regexp.MustCompile(`[^\x{a0}][:;!?»]|«[^\x{a0}]`).FindString(french); wrong != "" {
			t.Errorf("%q in the French of %q", wrong, english)
		}
	}
}

func TestSentenceThatHoldsAnotherIsTranslatedWhole(t *testing.T) {
	t.Parallel()
	french := words{language: "fr", says: map[string]string{"Line %d: %s": "Ligne %d : %s", "%q is not a domain.": "%q n’est pas un nom de serveur."}}
	inner := playlists.Problemf(playlists.Invalid, errors.New("secret"), "%q is not a domain.", "x y")
	outer := playlists.Problemf(playlists.Invalid, inner, "Line %d: %s", 3, playlists.SentenceOf(inner))
	if got := french.problem(outer); got != `Ligne 3 : "x y" n’est pas un nom de serveur.` {
		t.Errorf("got %q", got)
	}
	if got := playlists.Say(outer); got != `Line 3: "x y" is not a domain.` {
		t.Errorf("in English %q", got)
	}
}
