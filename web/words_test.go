package web

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"time"
)

// sayers are the functions whose sentences the catalogues translate, and how many of their first arguments are such.
var sayers = map[string]struct{ from, to int }{"say": {0, 1}, "rich": {0, 1}, "count": {1, 3}}

func TestEverySentenceOfThePagesIsInEveryCatalogueAndNoOther(t *testing.T) {
	t.Parallel()
	said := sentences(t)
	if len(said) < 20 {
		t.Fatalf("only %d sentences found", len(said))
	}
	compare(t, "", said)
}

// compare finds what a part of every language's catalogue lacks of the sentences that are said, and has too many.
func compare(t *testing.T, part string, said map[string]string) {
	t.Helper()
	for _, tag := range languages[1:] {
		text, err := catalogues.ReadFile("words/" + tag.String() + part + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]string
		if err := json.Unmarshal(text, &catalogue); err != nil {
			t.Fatal(err)
		}
		for _, sentence := range slices.Sorted(maps.Keys(said)) {
			if catalogue[sentence] == "" {
				t.Errorf("%s lacks %q (%s)", tag, sentence, said[sentence])
			}
		}
		for sentence, translated := range catalogue {
			if said[sentence] == "" {
				t.Errorf("%s translates %q, which nobody says", tag, sentence)
			}
			if a, b := places(sentence), places(translated); !slices.Equal(a, b) {
				t.Errorf("%s: %q has %v, %q has %v", tag, sentence, a, translated, b)
			}
			if regexp.MustCompile(`[^ ]'|\.\.\.`).MatchString(translated) && !strings.Contains(translated, "<") {
				t.Errorf("%s: %q has a typewriter's apostrophe or dots", tag, translated)
			}
		}
	}
}

func TestWhatIsLessThanAMinutePastIsJustNow(t *testing.T) {
	t.Parallel()
	for _, w := range allWords() {
		for past, want := range map[time.Duration][2]string{
			-time.Second: {"just now", "à l’instant"}, 59 * time.Second: {"just now", "à l’instant"},
			time.Minute: {"1 minute ago", "il y a 1 minute"}, 3 * time.Hour: {"3 hours ago", "il y a 3 heures"},
		} {
			if got := w.ago(past); !slices.Contains(want[:], got) || (got == want[0]) != (w.language == "en") {
				t.Errorf("%s: %s is %q", w.language, past, got)
			}
		}
	}
}

// jargon are words of ours that mean nothing, or something else, to the people whom the pages are for.
var jargon = regexp.MustCompile(`(?i)\b(actors?|collections?|resolv\w*|forks?|instances?|federat\w*|activit(y|ies)|endpoints?|mirrors?|payloads?|tokens? (?:is|was)|acteurs?|fédér\w*|résolu\w*)\b`)

func TestNoSentenceHasJargon(t *testing.T) {
	t.Parallel()
	for _, w := range allWords() {
		for sentence := range sentences(t) {
			if found := jargon.FindString(w.say(sentence)); found != "" {
				t.Errorf("%s: %q stands in %q", w.language, found, w.say(sentence))
			}
		}
	}
}

// places are what a sentence has in it beside words, in any order: verbs, each with the argument that it shows, and the
// tags of HTML.
func places(sentence string) []string {
	all := regexp.MustCompile(`</?[a-z]+`).FindAllString(sentence, -1)
	next := 1
	for _, verb := range regexp.MustCompile(`%(?:\[(\d)\])?([a-z%])`).FindAllStringSubmatch(sentence, -1) {
		if n, err := strconv.Atoi(verb[1]); err == nil {
			next = n
		}
		all = append(all, strconv.Itoa(next)+verb[2])
		next++
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// sentences are those of the templates and the code of the pages, and where each stands.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, w := range allWords() {
		for _, t := range parseTemplates(w).Templates() {
			if t.Tree != nil {
				inTemplate(t.Tree.Root, func(sentence string) { said[sentence] = "the template " + t.Name() })
			}
		}
		break // the same sentences stand in every language's templates
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "gallery") {
			continue
		}
		inCode(t, name, func(sentence string) { said[sentence] = name })
	}
	for _, name := range []string{"../playlists/match/reason.go", "../playlists/missing/words.go"} { // they say it in any language
		inCode(t, name, func(sentence string) { said[sentence] = name })
	}
	return said
}

func inTemplate(n parse.Node, found func(string)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				inTemplate(child, found)
			}
		}
	case *parse.ActionNode:
		inTemplate(n.Pipe, found)
	case *parse.TemplateNode:
		inTemplate(n.Pipe, found)
	case *parse.IfNode:
		inBranch(&n.BranchNode, found)
	case *parse.RangeNode:
		inBranch(&n.BranchNode, found)
	case *parse.WithNode:
		inBranch(&n.BranchNode, found)
	case *parse.PipeNode:
		if n != nil {
			for _, command := range n.Cmds {
				inCommand(command, found)
			}
		}
	}
}

func inBranch(n *parse.BranchNode, found func(string)) {
	inTemplate(n.Pipe, found)
	inTemplate(n.List, found)
	inTemplate(n.ElseList, found)
}

func inCommand(n *parse.CommandNode, found func(string)) {
	if name, ok := n.Args[0].(*parse.IdentifierNode); ok {
		if s, ok := sayers[name.Ident]; ok {
			for _, arg := range n.Args[min(1+s.from, len(n.Args)):min(1+s.to, len(n.Args))] {
				if text, ok := arg.(*parse.StringNode); ok {
					found(text.Text)
				}
			}
		}
	}
	for _, arg := range n.Args {
		if pipe, ok := arg.(*parse.PipeNode); ok {
			inTemplate(pipe, found)
		}
	}
}

func inCode(t *testing.T, name string, found func(string)) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if s, ok := sayers[calledName(call)]; ok {
			for _, arg := range call.Args[min(s.from, len(call.Args)):min(s.to, len(call.Args))] {
				if text, ok := arg.(*ast.BasicLit); ok && text.Kind == token.STRING {
					sentence, err := strconv.Unquote(text.Value)
					if err != nil {
						t.Fatal(err)
					}
					found(sentence)
				}
			}
		}
		return true
	})
}

func TestEveryTemplateIsDeclared(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range names {
		name := strings.TrimSuffix(filepath.Base(path), ".html")
		if !slices.Contains([]string{"layout", "menu", "parts"}, name) && !slices.Contains(pageNames, name) {
			t.Errorf("%s is no page that can be shown: name it in pageNames", path)
		}
	}
}

// In one set of templates the last definition of a name would silently win.
func TestTemplatesAreDefinedOnce(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	defined, in := regexp.MustCompile(`{{-? *define "([^"]+)"`), map[string]string{}
	for _, path := range names {
		text, err := files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range defined.FindAllSubmatch(text, -1) {
			if other := in[string(m[1])]; other != "" && string(m[1]) != "content" {
				t.Errorf("%s and %s define %q", other, path, m[1])
			}
			in[string(m[1])] = path
		}
	}
	if len(in) < 20 {
		t.Errorf("only %d definitions were found", len(in))
	}
}

// calledName is the name of what a call calls.
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
