//go:build chromium

package browsertest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestEachStateOfAGalleryIsLookedAt(t *testing.T) {
	t.Parallel()
	gallery := pages{"/": `<p><a href="/good">Good</a></p><p><a href="/pale">Pale</a></p><p><a href="/gone">Gone</a></p><p><a href="http://other.example/">Out</a></p>`,
		"/good": `<p>Good</p>`, "/pale": `<link rel="stylesheet" href="/pale.css"><p>Pale</p>`,
		"/pale.css": `@media (prefers-color-scheme: dark) and (min-width: 1000px) { p { color: #777; background: #888 } }`}
	said := complaints(t, func(tb testing.TB) { EachState(tb, gallery) })
	for _, want := range []string{"/pale: serious, color-contrast", "/gone: status 404, not 200"} {
		if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("said %q, not %q", said, want)
		}
	}
	if len(said) != 2 {
		t.Errorf("said %q", said)
	}
	if said := complaints(t, func(tb testing.TB) { EachState(tb, http.NotFoundHandler()) }); !strings.Contains(strings.Join(said, "\n"), "links to no state") {
		t.Errorf("an empty gallery: %q", said)
	}
}
