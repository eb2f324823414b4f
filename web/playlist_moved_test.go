package web_test

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestPagesOfWhatMovedLeadThere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	there, trip := federationtest.New(t), w.published[playlists.Public]
	was := func(publicID string) map[string]any {
		return map[string]any{"alsoKnownAs": []string{"https://b.example/ap/actors/" + publicID}}
	}
	_, err := w.fed.MoveAway(t.Context(), w.alice.ID, there.AddActor("ally", was(w.alice.PublicID)).ID)
	w.ok(err)
	_, err = w.fed.MovePlaylistAway(t.Context(), trip, there.AddActor("ally_trip", was(trip.PublicID)).ID)
	w.ok(err)
	for path, name := range map[string]string{"/@alice": "@ally", "/@alice_road_trip": "@ally_trip"} {
		page := w.get(path)
		if link := page.all(`.notice a[href="` + there.URL + "/" + name + `"]`); len(link) != 1 || textOf(link[0]) != name+"@"+there.Host() {
			t.Errorf("%s does not lead to %s:\n%s", path, name, page.text)
		}
		if strings.Contains(page.text, "follow this handle") || page.Header.Get("Last-Modified") != "" {
			t.Errorf("%s offers to follow what has moved, or has a date that is not its own: %v\n%s", path, page.Header, page.text)
		}
	}
	if page := w.get("/@alice_quiet"); strings.Contains(page.text, "moved") || !strings.Contains(page.text, "follow this handle") {
		t.Errorf("what has not moved shows\n%s", page.text)
	}
}
