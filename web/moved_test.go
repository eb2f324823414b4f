package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

func TestPagesOfWhatMovedLeadThere(t *testing.T) {
	t.Parallel()
	moved := map[string]web.NewHome{}
	w := setup(t, func(c *web.Config) {
		c.MovedTo = func(_ context.Context, publicID string) (web.NewHome, error) { return moved[publicID], nil }
	})
	moved[w.alice.PublicID] = web.NewHome{Handle: "@ally@new.example", Address: "https://new.example/@ally"}
	moved[w.published[playlists.Public].PublicID] = web.NewHome{Handle: "@ally_trip@new.example", Address: "https://new.example/@ally_trip"}
	for path, where := range map[string]string{"/@alice": "@ally@new.example", "/@alice_road_trip": "@ally_trip@new.example"} {
		page := w.get(path)
		host, name := "https://new.example/", strings.TrimSuffix(where, "@new.example")
		if link := page.all(`.notice a[href="` + host + name + `"]`); len(link) != 1 || textOf(link[0]) != where {
			t.Errorf("%s does not lead to %s:\n%s", path, where, page.text)
		}
		if strings.Contains(page.text, "follow this handle") || page.Header.Get("Last-Modified") != "" {
			t.Errorf("%s offers to follow what has moved, or has a date that is not its own: %v\n%s", path, page.Header, page.text)
		}
	}
	if page := w.get("/@alice_quiet"); strings.Contains(page.text, "moved") || !strings.Contains(page.text, "follow this handle") {
		t.Errorf("what has not moved shows\n%s", page.text)
	}
}
