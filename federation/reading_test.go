package federation

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
)

// paged puts a version of a list whose tracks are on pages of one track.
func (l remoteList) paged(titles ...string) {
	head := l.document()
	delete(head, "orderedItems")
	head["first"], head["totalItems"], head["name"] = l.id+"?page=1", len(titles), "List from "+titles[0]
	l.Put(l.path(), head)
	for n := range titles {
		page := map[string]any{"id": fmt.Sprintf("%s?page=%d", l.id, n+1), "type": "OrderedCollectionPage", "partOf": l.id,
			"orderedItems": []any{map[string]any{"id": fmt.Sprintf("%s/items/%s", l.id, titles[n]), "type": "Audio", "name": titles[n]}}}
		if n+1 < len(titles) {
			page["next"] = fmt.Sprintf("%s?page=%d", l.id, n+2)
		}
		l.Put(fmt.Sprintf("%s?page=%d", l.path(), n+1), page)
	}
}

func TestAPlaylistThatChangesBetweenItsPagesIsReadAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	mix.paged("One", "Two", "Three")
	second := mix.path() + "?page=2"
	old := federationtest.Answer(activityJSON, string(text(t, map[string]any{"id": mix.id + "?page=2", "type": "OrderedCollectionPage", "partOf": mix.id,
		"orderedItems": []any{map[string]any{"id": mix.id + "/items/Two", "type": "Audio", "name": "Two"}}, "next": mix.id + "?page=3"})))
	other.Fail(second, func(rw http.ResponseWriter, r *http.Request) {
		other.Heal(second)
		mix.paged("Two", "Three", "Four") // while the old second page is on its way
		old(rw, r)
	})

	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"Two", "Three", "Four"}) {
		t.Errorf("read %v", got)
	}
	if n := w.count(`SELECT COUNT(*) FROM revisions WHERE playlist_id = $1 AND name LIKE 'List from%'`, want.Playlist); n != 1 {
		t.Errorf("%d versions, of which one was there", n)
	}
}

func TestAPlaylistThatNeverStandsStillIsLeftForLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	n := 0
	other.Fail(mix.path()+"?page=1", func(rw http.ResponseWriter, r *http.Request) {
		n++
		federationtest.Answer(activityJSON, string(text(t, map[string]any{"id": mix.id + "?page=1", "type": "OrderedCollectionPage", "partOf": mix.id,
			"orderedItems": []any{map[string]any{"id": mix.id + "/items/1", "type": "Audio", "name": "Some"}}})))(rw, r)
		mix.paged(fmt.Sprint("Version ", n))
	})
	mix.paged("Version 0")

	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One"}) || n != readTries || w.sourceError(want.Playlist) == "" {
		t.Errorf("has %v after %d tries, says %q", got, n, w.sourceError(want.Playlist))
	}
}
