package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/songferry/songferry/playlists"
)

//go:embed words
var catalogues embed.FS

// words writes the sentences of the pages in one language. A sentence is named by its English text, with the verbs of
// package fmt; where it holds HTML, so does its translation.
type words struct {
	language string            // as HTML's lang wants it
	says     map[string]string // English → this language; nil for English itself

	// templates returns those of all pages. They are read when the first page in this language is shown, which takes some
	// milliseconds, and never change: a bridge that nobody looks at does without them.
	templates func() *template.Template
}

// english is what the code and the templates are written in.
const english = "en"

// languages are those that there are, the first one for everybody who wants none of them.
var languages = []language.Tag{language.English, language.French}

// allWords returns the words of every language. They are read once in a process, and never change.
var allWords = sync.OnceValue(readWords)

// readWords reads the catalogues. It panics if one that is part of the program cannot be read.
func readWords() map[string]words {
	all := map[string]words{}
	for _, tag := range languages {
		w := words{language: tag.String()}
		if w.language != english {
			w.says = readCatalogue(w.language)
		}
		w.templates = sync.OnceValue(func() *template.Template { return readTemplates(w) })
		all[w.language] = w
	}
	return all
}

func readCatalogue(language string) map[string]string {
	says := map[string]string{}
	for _, of := range []string{"", "-problems"} { // the pages' own; those of errors and of what is kept about copies
		text, err := catalogues.ReadFile("words/" + language + of + ".json")
		if err == nil {
			err = json.Unmarshal(text, &says)
		}
		if err != nil {
			panic(fmt.Sprintf("the words of language %s: %v", language, err))
		}
	}
	return says
}

// words are those that a visitor reads best: of their account's language, else of what their browser asks for.
func (s *site) words(r *http.Request) words {
	if v, ok := visitorOf(r.Context()); ok {
		if w, ok := s.catalogue[v.Language]; ok {
			return w
		}
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return s.catalogue[english] // whatever a browser sends, it gets a page
	}
	_, i, _ := s.matcher.Match(wanted...)
	return s.catalogue[languages[i].String()]
}

// say writes a sentence.
func (w words) say(text string, args ...any) string {
	if translated, ok := w.says[text]; ok {
		text = translated
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// rich writes a sentence that holds HTML of ours; what it is given is text.
func (w words) rich(text string, args ...any) template.HTML {
	escaped := make([]any, len(args))
	for i, a := range args {
		if safe, ok := a.(template.HTML); ok {
			escaped[i] = string(safe)
		} else {
			escaped[i] = template.HTMLEscapeString(fmt.Sprint(a))
		}
	}
	return template.HTML(w.say(strings.ReplaceAll(text, "\n", " "), escaped...))
}

// count writes a number of things by one of two sentences, in each of which %d is the number.
func (w words) count(n int, one, many string) string {
	if n == 1 || n == 0 && w.language == "fr" {
		many = one
	}
	return strings.ReplaceAll(w.say(many), "%d", fmt.Sprint(n))
}

// problem is the sentence of an error, "" when it has none that a person may read.
func (w words) problem(err error) string {
	return playlists.SentenceOf(err).In(w.say)
}

// SaidIn says a sentence in a language (BCP 47) that there is a catalogue of; ok is false when there is none, or when it
// lacks the sentence or one within it.
func SaidIn(tag string, s playlists.Sentence) (text string, ok bool) {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	w, ok := allWords()[primary]
	said := 0
	text = s.In(func(format string, args ...any) string {
		said++
		_, known := w.says[format]
		ok = ok && (known || w.language == english)
		return w.say(format, args...)
	})
	return text, ok && said > 0
}
