package web_test

import (
	"net/http"
	"net/http/httptest"
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
	for _, state := range states {
		for _, language := range []string{"en", "fr"} {
			if a := show(attr(state, "href"), language); a.StatusCode != http.StatusOK || len(a.all("h1")) != 1 {
				t.Errorf("%s in %s: %d", attr(state, "href"), language, a.StatusCode)
			}
		}
	}
}
