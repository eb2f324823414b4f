package federation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// reads makes a followed playlist due and reads it.
func (w *world) reads(id playlists.ID) {
	w.t.Helper()
	w.clock.forward(time.Hour)
	w.exec(`UPDATE sources SET due = 1 WHERE playlist_id = $1`, id)
	if n, err := w.RefreshOnce(w.t.Context()); n != 1 || err != nil {
		w.t.Fatalf("read %d, %v", n, err)
	}
}

func (w *world) sourceError(id playlists.ID) string {
	said, err := w.SourceTrouble(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return said.String()
}

func TestF92APlaylistIsReadFromItsOwnHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One", "Two")
	want := w.wants(w.alice, "@mix@"+other.Host())
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One", "Two"}) {
		t.Fatalf("at first %v", got)
	}

	// An item's id is a claim of this list, wherever it points: nothing is fetched from there.
	victim := w.instance()
	doc := mix.document("Two", "Three")
	doc["orderedItems"].([]any)[0].(map[string]any)["id"] = victim.URL + "/famous"
	mix.Put(mix.path(), doc)
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"Two", "Three"}) || len(victim.Requests("")) != 0 {
		t.Errorf("after an edit %v, asked elsewhere %v", got, victim.Requests(""))
	}

	// Emptied is a version like any other here; whoever writes it to a music server guards against it.
	mix.set()
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); len(got) != 0 {
		t.Errorf("after it was emptied %v", got)
	}

	// Pages.
	pages := mix.document()
	delete(pages, "orderedItems")
	pages["first"] = mix.id + "?page=1"
	mix.Put(mix.path(), pages)
	for n := 1; n <= 3; n++ {
		page := map[string]any{"id": fmt.Sprintf("%s?page=%d", mix.id, n), "type": "OrderedCollectionPage", "partOf": mix.id,
			"orderedItems": []any{map[string]any{"id": fmt.Sprintf("%s/items/p%d", mix.id, n), "type": "Audio", "name": fmt.Sprint("Page ", n)}}}
		if n < 3 {
			page["next"] = fmt.Sprintf("%s?page=%d", mix.id, n+1)
		}
		mix.Put(fmt.Sprintf("%s?page=%d", mix.path(), n), page)
	}
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"Page 1", "Page 2", "Page 3"}) {
		t.Errorf("over three pages %v", got)
	}
	if n := w.count(`SELECT COUNT(*) FROM journal WHERE kind = 'content' AND playlist_id = $1`, want.Playlist); n != 4 {
		t.Errorf("%d versions", n)
	}
}

func TestF101AnUnchangedPlaylistCostsOneRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	doc := string(text(t, mix.document("One", "Two")))
	other.Fail(mix.path(), func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"v2"`)
		rw.Header().Set("Last-Modified", "Sat, 01 Aug 2026 12:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"v2"` && r.Header.Get("If-Modified-Since") != "" {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		federationtest.Answer(activityJSON, doc)(rw, r)
	})
	w.reads(want.Playlist)
	before := len(other.Requests(""))
	w.reads(want.Playlist)
	if n := len(other.Requests("")) - before; n != 1 {
		t.Errorf("%d requests", n)
	}
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One", "Two"}) {
		t.Errorf("got %v", got)
	}
}

func TestF88F89F94AFailureKeepsWhatThereIsAndIsToldInASentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, victim := w.instance(), w.instance()
	mix := w.list(other, "mix", "One")
	neighbour := other.AddActor("neighbour", nil)
	want := w.wants(w.alice, mix.actor.ID)
	put := func(change func(map[string]any)) func() {
		return func() {
			doc := mix.document("Forged")
			change(doc)
			other.Put(mix.path(), doc)
		}
	}
	fail := func(h http.HandlerFunc) func() { return func() { other.Fail(mix.path(), h) } }
	endless := func() {
		put(func(d map[string]any) { d["first"] = mix.id + "?page=1"; delete(d, "orderedItems") })()
		for n := range maxPages + 5 {
			other.Put(fmt.Sprintf("%s?page=%d", mix.path(), n+1), map[string]any{"id": fmt.Sprintf("%s?page=%d", mix.id, n+1),
				"type": "OrderedCollectionPage", "next": fmt.Sprintf("%s?page=%d", mix.id, n+2)})
		}
	}
	page := func(next string) func() {
		return func() {
			put(func(d map[string]any) { d["first"] = mix.id + "?page=1"; delete(d, "orderedItems") })()
			other.Put(mix.path()+"?page=1", map[string]any{"id": mix.id + "?page=1", "type": "OrderedCollectionPage", "next": next})
		}
	}
	for name, break_ := range map[string]func(){
		"404":                        fail(federationtest.Status(404)),
		"500":                        fail(federationtest.Status(500)),
		"a page for people":          fail(federationtest.Answer("text/html", "<p>hello</p>")),
		"plain JSON":                 fail(federationtest.Answer("application/json", string(text(t, mix.document("Forged"))))),
		"10 MB":                      fail(federationtest.Endless()),
		"slow":                       func() { w.client.config.Timeout = 100 * time.Millisecond; other.Fail(mix.path(), other.HangInBody()) },
		"redirect to a private host": fail(federationtest.Redirect("https://10.0.0.1/list", 302)),
		"redirect to another host": func() {
			victim.Put("/x", mix.document("Forged"))
			fail(federationtest.Redirect(victim.URL+"/x", 302))()
		},
		"pages without end":            endless,
		"pages in a circle":            page(mix.id + "?page=1"),
		"a page on another host":       page(victim.URL + "/page"),
		"a page in a private network":  page("https://192.168.1.1/page"),
		"an owner on another host":     put(func(d map[string]any) { d["attributedTo"] = victim.URL + "/users/x" }),
		"an owner who does not own it": put(func(d map[string]any) { d["attributedTo"] = neighbour.ID }),
		"two owners":                   put(func(d map[string]any) { d["attributedTo"] = []any{mix.actor.ID, neighbour.ID} }),
		"no owner":                     put(func(d map[string]any) { d["attributedTo"] = nil }),
		"another id":                   put(func(d map[string]any) { d["id"] = victim.URL + "/lists/mix" }),
		"another type":                 put(func(d map[string]any) { d["type"] = "Note" }),
		"colliding keys":               put(func(d map[string]any) { d["OrderedItems"] = []any{} }),
		"a list of playlists":          put(func(d map[string]any) { d["orderedItems"] = []any{mix.actor.ID} }),
		"its actor is no more what it was": func() {
			mix.set("Forged")
			other.Change(mix.actor, map[string]any{"streams": []string{mix.id + "x"}})
		},
		"an instance that claims it": func() {
			app := other.AddActor("app", map[string]any{"type": "Application"})
			put(func(d map[string]any) { d["attributedTo"] = app.ID })()
		},
	} {
		break_()
		w.reads(want.Playlist)
		if got := w.has(want.Playlist); !slices.Equal(got, []string{"One"}) {
			t.Errorf("%s: %v", name, got)
		}
		said := w.sourceError(want.Playlist)
		if said == "" || strings.Contains(said, "/lists/") || strings.Contains(said, "%!") {
			t.Errorf("%s: says %q", name, said)
		}
		t.Logf("%s: %s", name, said)

		w.client.config.Timeout = maxFetchTime
		other.Heal(mix.path())
		other.Change(mix.actor, map[string]any{"streams": []string{mix.id}})
		mix.set("One")
		w.clock.forward(time.Hour)
		w.step(w.RefreshOnce)
		if said := w.sourceError(want.Playlist); said != "" {
			t.Fatalf("%s: not read again by itself: %s", name, said)
		}
	}
	if got := victim.Requests("/page"); len(got) != 0 {
		t.Error("a page on another host was fetched")
	}
}

func TestAWithdrawnPlaylistIsWithdrawnHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	first, second := w.wants(w.alice, one.actor.ID), w.wants(w.alice, two.actor.ID)
	other.Fail(one.path(), federationtest.Status(410))
	other.Put(two.path(), map[string]any{"id": two.id, "type": "Tombstone"})
	for _, id := range []playlists.ID{first.Playlist, second.Playlist} {
		w.reads(id)
		p, err := w.store.Get(t.Context(), id)
		if err != nil || p.Withdrawn.IsZero() || len(p.Tracks) != 1 {
			t.Errorf("%+v, %v", p, err)
		}
	}
	w.steps()
	if n := w.count(`SELECT (SELECT COUNT(*) FROM sources) + (SELECT COUNT(*) FROM subscriptions)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestNewsDuringAReadingAreNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	old := string(text(t, mix.document("One")))
	other.Fail(mix.path(), func(rw http.ResponseWriter, r *http.Request) {
		// The list changes while its old version is on the way; the news arrive within the same millisecond.
		mix.set("One", "Two")
		if err := w.refreshSoon(t.Context(), mix.actor.ID); err != nil {
			t.Error(err)
		}
		federationtest.Answer(activityJSON, old)(rw, r)
	})
	w.exec(`UPDATE sources SET due = $1`, w.clock.now().Add(time.Hour).UnixMilli())
	w.clock.forward(time.Hour)
	if n, err := w.RefreshOnce(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	other.Heal(mix.path())
	w.clock.forward(2 * time.Second)
	w.step(w.RefreshOnce)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One", "Two"}) {
		t.Errorf("got %v", got)
	}
}

func TestManyFollowersReadOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	for _, a := range []playlists.Account{w.alice, w.account("bob"), w.account("carol")} {
		w.wants(a, mix.actor.ID)
	}
	w.steps()
	w.clock.forward(24 * time.Hour)
	before := len(other.Requests(mix.path()))
	w.step(w.RefreshOnce)
	if n := len(other.Requests(mix.path())) - before; n != 1 {
		t.Errorf("read %d times", n)
	}
	if n, follows := w.count(`SELECT COUNT(*) FROM sources`), len(sent(t, other, "Follow")); n != 1 || follows != 3 {
		t.Errorf("%d sources, %d Follows", n, follows)
	}
}

func TestALookupThatWasOvertakenDoesNotStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	bob := w.account("bob")
	want := w.wants(w.alice, mix.actor.ID)
	late, err := w.Lookup(t.Context(), bob.ID, mix.actor.ID)
	w.ok(err)
	other.Fail(mix.path(), func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"v2"`)
		if r.Header.Get("If-None-Match") == `"v2"` {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		federationtest.Answer(activityJSON, string(text(t, mix.document("One", "Two"))))(rw, r)
	})
	w.reads(want.Playlist)
	_, err = w.Subscribe(t.Context(), bob.ID, late, mix.actor.ID, playlists.Once, playlists.Keep)
	w.ok(err)
	w.clock.forward(time.Second)
	w.step(w.RefreshOnce)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One", "Two"}) {
		t.Errorf("the older version stays: %v", got)
	}
}

func TestACuratorWhoCannotBeReadKeepsTheirName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	carol := other.AddActor("carol", map[string]any{"name": "Carol"})
	other.Change(mix.actor, map[string]any{"attributedTo": carol.ID})
	want := w.wants(w.alice, mix.actor.ID)
	other.Fail("/users/carol", federationtest.Status(500))
	w.clock.forward(2 * actorFresh)
	w.reads(want.Playlist)
	p, err := w.store.Get(t.Context(), want.Playlist)
	if err != nil || p.Curator.Name != "Carol" || p.Revision != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestABlockReachesWhatIsFollowedAlready(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	mix.set("Two")
	w.blockActor(mix.actor.ID)
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One"}) {
		t.Errorf("read from a blocked actor: %v", got)
	}
	_, err := w.Lookup(t.Context(), w.alice.ID, mix.actor.ID)
	problem(t, "lookup of a blocked actor", err, playlists.Forbidden)
}

// A process that was stopped in the middle of a reading goes on when another has read what is newer.
func TestWhoReadTooSlowlyKeepsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mix := w.list(w.instance(), "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	mix.Fail(mix.path(), func(res http.ResponseWriter, r *http.Request) {
		mix.Heal(mix.path())
		mix.set("One", "Two")
		w.clock.forward(refreshLease + time.Second)
		if n, err := w.RefreshOnce(t.Context()); n != 1 || err != nil {
			t.Errorf("the other process read %d, %v", n, err)
		}
		res.Header().Set("Content-Type", activityJSON)
		if err := json.NewEncoder(res).Encode(mix.document("One")); err != nil {
			t.Error(err)
		}
	})
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One", "Two"}) {
		t.Errorf("kept: %v", got)
	}
}
