package web_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/songferry/songferry/web"
)

func TestEveryStateOfTheGalleryIsAPageInEveryLanguage(t *testing.T) {
	t.Parallel()
	gallery := web.Gallery()
	show := func(path, language string) answer {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		gallery.ServeHTTP(w, r)
		return answer{w.Result(), t, w.Body.String()}
	}
	states := show("/", "en").all("main a")
	if len(states) < 10 {
		t.Fatalf("the gallery has %d states", len(states))
	}
	own := classesOf(show("/static/own.css", "en").text)
	maps.DeleteFunc(own, func(class string, _ bool) bool { return classesOf(show("/static/style.css", "en").text)[class] })
	for _, state := range states {
		for _, language := range []string{"en", "fr"} {
			if a := show(attr(state, "href"), language); a.StatusCode != http.StatusOK || len(a.all("h1")) != 1 {
				t.Errorf("%s in %s: %d", attr(state, "href"), language, a.StatusCode)
			}
		}
		a := show(attr(state, "href"), "en")
		if len(a.all(`link[href*="/own.css"]`)) > 0 {
			continue
		}
		for _, n := range a.all("[class]") {
			for class := range strings.FieldsSeq(attr(n, "class")) {
				if own[class] {
					t.Errorf("%s is dressed by own.css, which it does not load: %s", attr(state, "href"), class)
				}
			}
		}
	}
}

// classesOf returns the classes that a style sheet speaks of.
func classesOf(sheet string) map[string]bool {
	all := map[string]bool{}
	for _, m := range regexp.MustCompile(`\.([a-z][a-z-]*)`).FindAllStringSubmatch(sheet, -1) {
		all[m[1]] = true
	}
	return all
}
