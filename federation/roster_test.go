package federation

import (
	"context"
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

// remotePerson is somebody on another server with a list of playlists.
type remotePerson struct {
	*federationtest.Instance
	actor *federationtest.Actor
	list  string // id of the collection of their playlists
}

func (w *world) person(i *federationtest.Instance, name string, lists ...remoteList) remotePerson {
	w.t.Helper()
	p := remotePerson{Instance: i, list: i.URL + "/lists-of/" + name}
	p.actor = i.AddActor(name, map[string]any{"name": strings.ToUpper(name[:1]) + name[1:], "streams": []string{p.list}})
	p.set(lists...)
	return p
}

func (p remotePerson) path() string { return strings.TrimPrefix(p.list, p.URL) }

func (p remotePerson) set(lists ...remoteList) {
	ids := []string{}
	for _, l := range lists {
		ids = append(ids, l.actor.ID)
	}
	p.put(ids...)
}

func (p remotePerson) put(ids ...string) {
	p.Put(p.path(), p.document(ids...))
}

func (p remotePerson) document(ids ...string) map[string]any {
	return map[string]any{"id": p.list, "type": "Collection", "attributedTo": p.actor.ID, "items": ids}
}

// wantsPerson makes an account follow a person as the follow command does.
func (w *world) wantsPerson(a playlists.Account, p remotePerson) playlists.PersonWant {
	w.t.Helper()
	found, err := w.Find(context.Background(), a.ID, p.actor.ID)
	w.ok(err)
	if found.Person == nil {
		w.t.Fatalf("found %+v", found)
	}
	want, err := w.FollowPerson(context.Background(), a.ID, *found.Person, p.actor.ID, playlists.Keep)
	w.ok(err)
	w.everything()
	return want
}

// everything runs all steps, those about persons too.
func (w *world) everything() {
	w.t.Helper()
	for range 3 {
		w.steps()
		w.step(w.RosterOnce)
	}
	w.steps()
}

// copies returns the sources of what an account keeps in step.
func (w *world) copies(a playlists.Account) (out []string) {
	w.t.Helper()
	wants, err := w.store.AccountWants(context.Background(), a.ID)
	w.ok(err)
	for _, want := range wants {
		if want.Ended.IsZero() {
			out = append(out, w.text(`SELECT source FROM playlists WHERE id = $1`, want.Playlist))
		}
	}
	slices.Sort(out)
	return out
}

func sorted(s ...string) []string {
	slices.Sort(s)
	return s
}

func (w *world) rosterDue(p remotePerson) bool {
	w.t.Helper()
	return w.count(`SELECT COUNT(*) FROM rosters WHERE person = $1 AND due <= $2`, p.actor.ID, w.clock.now().Add(time.Second).UnixMilli()) == 1
}

func TestAPersonIsFollowedAndReadAgainWhenTheySaySo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two, three := w.list(other, "one", "One"), w.list(other, "two", "Two"), w.list(other, "three", "Three")
	carol := w.person(other, "carol", one, two)
	w.wantsPerson(w.alice, carol)
	if got := w.copies(w.alice); !slices.Equal(got, sorted(one.id, two.id)) {
		t.Fatalf("copies %v", got)
	}
	follows := map[string]string{}
	for _, d := range sent(t, other, "Follow") {
		follows[d.Activity["object"].(string)] = d.Path
	}
	if len(follows) != 3 || follows[carol.actor.ID] != "/users/carol/inbox" || follows[one.actor.ID] != "/users/one/inbox" {
		t.Errorf("Follows: %v", follows)
	}

	carol.set(one, two, three)
	for n, kind := range []string{"Update", "Add", "Create", "Announce", "Remove", "Delete"} {
		w.clock.forward(time.Minute)
		if w.rosterDue(carol) {
			t.Fatalf("due before %s", kind)
		}
		if status := other.Send(carol.actor, w.addr().SharedInbox(), activity(carol.actor, kind, n, map[string]any{"id": carol.list, "type": "Collection"})); status != 202 {
			t.Errorf("%s: %d", kind, status)
		}
		w.step(w.InboxOnce)
		if !w.rosterDue(carol) {
			t.Errorf("%s by the person does not make the list due", kind)
		}
		w.clock.forward(time.Second)
		w.everything()
	}
	if got := w.copies(w.alice); !slices.Equal(got, sorted(one.id, two.id, three.id)) {
		t.Errorf("copies %v", got)
	}
}

func TestALostMessageOfAPersonHealsWithTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	carol := w.person(other, "carol", one)
	w.wantsPerson(w.alice, carol)
	carol.set(one, two)
	w.clock.forward(w.slow)
	w.everything()
	if got := w.copies(w.alice); !slices.Equal(got, sorted(one.id, two.id)) {
		t.Errorf("copies %v", got)
	}
}

func TestAListOfPlaylistsComesInPagesAndAtMostSoLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	carol := w.person(other, "carol")
	other.Put(carol.path(), map[string]any{"id": carol.list, "type": "OrderedCollection", "attributedTo": carol.actor.ID, "first": carol.list + "?page=1"})
	page := func(n int, next string, ids ...string) {
		doc := map[string]any{"id": fmt.Sprintf("%s?page=%d", carol.list, n), "type": "OrderedCollectionPage", "partOf": carol.list, "orderedItems": ids}
		if next != "" {
			doc["next"] = next
		}
		other.Put(fmt.Sprintf("%s?page=%d", carol.path(), n), doc)
	}
	page(1, carol.list+"?page=2", one.actor.ID, "https://elsewhere.example/actor")
	page(2, carol.list+"?page=1", two.actor.ID, one.actor.ID) // which leads back
	found, err := w.Find(t.Context(), w.alice.ID, carol.actor.ID)
	if err != nil || !slices.Equal(found.Person.Playlists, []string{one.actor.ID, two.actor.ID}) {
		t.Fatalf("%+v, %v", found.Person, err)
	}

	var many []string
	for n := range 3 * maxRoster {
		many = append(many, fmt.Sprintf("%s/users/list%d", other.URL, n))
	}
	page(1, "", many...)
	if found, err = w.Find(t.Context(), w.alice.ID, carol.actor.ID); err != nil || len(found.Person.Playlists) != maxRoster {
		t.Errorf("%d playlists, %v", len(found.Person.Playlists), err)
	}
	page(1, "https://elsewhere.example/page", one.actor.ID)
	if _, err = w.Find(t.Context(), w.alice.ID, carol.actor.ID); err == nil {
		t.Error("a list that goes on at another server is read")
	}
	other.Put(carol.path(), map[string]any{"id": carol.list, "type": "Collection", "attributedTo": one.actor.ID, "items": []string{one.actor.ID}})
	if _, err = w.Find(t.Context(), w.alice.ID, carol.actor.ID); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("somebody else's list: %v", err)
	}
}

func TestOnlyTheirOwnPlaylistsAreFollowedWithAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	own, foreign, broken := w.list(other, "own", "One"), w.list(other, "foreign", "Two"), w.list(other, "broken", "Three")
	carol := w.person(other, "carol", foreign, broken, own)
	other.Change(own.actor, map[string]any{"attributedTo": carol.actor.ID})
	other.Change(foreign.actor, map[string]any{"attributedTo": other.AddActor("dave", nil).ID})
	other.Fail("/users/broken", federationtest.Status(500))
	w.wantsPerson(w.alice, carol)
	if got := w.copies(w.alice); !slices.Equal(got, []string{own.id}) {
		t.Errorf("copies %v", got)
	}
	other.Heal("/users/broken")
	w.clock.forward(time.Minute)
	w.everything()
	if got := w.copies(w.alice); !slices.Equal(got, sorted(own.id, broken.id)) {
		t.Errorf("what could not be read is not tried again: %v", got)
	}
}

func TestAPlaylistThatLeavesTheListStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	carol := w.person(other, "carol", one, two)
	w.wantsPerson(w.alice, carol)
	carol.set(one)
	two.set("Two", "More")
	w.clock.forward(w.slow)
	w.everything()
	if got := w.copies(w.alice); !slices.Equal(got, sorted(one.id, two.id)) {
		t.Errorf("copies %v", got)
	}
}

func TestAPersonWhoIsGoneTakesTheirPlaylistsAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one := w.list(other, "one", "One")
	carol := w.person(other, "carol", one)
	w.wantsPerson(w.alice, carol)
	for _, path := range []string{"/users/carol", carol.path(), one.path()} {
		other.Fail(path, federationtest.Status(410))
	}
	w.clock.forward(w.slow)
	w.everything()
	if persons, err := w.store.PersonWants(t.Context(), w.alice.ID); err != nil || len(persons) != 0 {
		t.Errorf("still followed: %+v, %v", persons, err)
	}
	if n := w.count(`SELECT COUNT(*) FROM playlists WHERE source = $1 AND withdrawn > 0`, one.id); n != 1 {
		t.Error("the playlist is not known to be withdrawn")
	}
	if n := w.count(`SELECT (SELECT COUNT(*) FROM rosters) + (SELECT COUNT(*) FROM roster_playlists) + (SELECT COUNT(*) FROM subscriptions) + (SELECT COUNT(*) FROM sources)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestWhoUnfollowsAPersonTakesAllFollowsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	carol := w.person(other, "carol", one, two)
	want := w.wantsPerson(w.alice, carol)
	w.ok(w.store.EndPersonWant(t.Context(), want.ID))
	w.clock.forward(time.Minute)
	w.everything()
	if n := len(sent(t, other, "Undo")); n != 3 {
		t.Errorf("%d Undos", n)
	}
	w.clock.forward(w.slow)
	w.everything()
	if n := w.count(`SELECT (SELECT COUNT(*) FROM rosters) + (SELECT COUNT(*) FROM roster_playlists) + (SELECT COUNT(*) FROM subscriptions) + (SELECT COUNT(*) FROM sources)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestTwoWhoFollowAPersonReadTheirListOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one := w.list(other, "one", "One")
	carol := w.person(other, "carol", one)
	bob := w.account("bob")
	w.wantsPerson(w.alice, carol)
	w.wantsPerson(bob, carol)
	if got := append(w.copies(w.alice), w.copies(bob)...); !slices.Equal(got, []string{one.id, one.id}) {
		t.Fatalf("copies %v", got)
	}
	etag := func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		federationtest.Answer(activityJSON, string(text(t, map[string]any{"id": carol.list, "type": "Collection", "attributedTo": carol.actor.ID, "items": []string{one.actor.ID}})))(rw, r)
	}
	other.Fail(carol.path(), etag)
	w.clock.forward(w.slow)
	w.everything()
	before := len(other.Requests(carol.path()))
	w.clock.forward(w.slow)
	w.everything()
	if n := len(other.Requests(carol.path())) - before; n != 1 {
		t.Errorf("read %d times", n)
	}
}

func TestE75OnlyThePersonWhoWasAskedCanAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := w.person(other, "carol", w.list(other, "one", "One"))
	stranger := other.AddActor("stranger", nil)
	want := w.wantsPerson(w.alice, carol)
	state := func() string { return w.text(`SELECT state FROM subscriptions WHERE playlist_id = $1`, want.ID) }
	var follow map[string]any
	for _, d := range sent(t, other, "Follow") {
		if d.Activity["object"] == carol.actor.ID {
			follow = d.Activity
		}
	}
	for n, from := range []*federationtest.Actor{stranger, carol.actor} {
		other.Send(from, w.addr().SharedInbox(), activity(from, "Accept", n, follow))
		w.step(w.InboxOnce)
		if got := state(); got != map[bool]string{true: accepted, false: requested}[from == carol.actor] {
			t.Errorf("after the Accept of %s the Follow is %s", from.Name, got)
		}
	}
}

func TestE78E82NewsAboutOthersWakeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := w.person(other, "carol", w.list(other, "one", "One"))
	mallory, far := other.AddActor("mallory", nil), w.instance()
	eve := far.AddActor("eve", nil)
	w.wantsPerson(w.alice, carol)
	w.clock.forward(time.Minute)
	for n, kind := range []string{"Update", "Add", "Remove", "Create", "Delete", "Move"} {
		forged := activity(mallory, kind, n, map[string]any{"id": carol.list, "type": "Collection", "attributedTo": carol.actor.ID})
		forged["target"] = carol.list
		other.Send(mallory, w.addr().SharedInbox(), forged)
		forged = activity(eve, kind, n, carol.actor.ID)
		forged["target"] = carol.list
		far.Send(eve, w.addr().SharedInbox(), forged)
		w.step(w.InboxOnce)
		if w.rosterDue(carol) {
			t.Errorf("%s by somebody else makes the list due", kind)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE actor IN ($1, $2)`, mallory.ID, eve.ID); n != 0 {
		t.Errorf("%d are kept", n)
	}
}

func TestE79AListThatIsSomebodyElsesNowIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	carol := w.person(other, "carol", one)
	dave := other.AddActor("dave", nil)
	w.wantsPerson(w.alice, carol)
	other.Put(carol.path(), map[string]any{"id": carol.list, "type": "Collection", "attributedTo": dave.ID, "items": []string{two.actor.ID}})
	w.clock.forward(w.slow)
	w.everything()
	if got := w.copies(w.alice); !slices.Equal(got, []string{one.id}) {
		t.Errorf("copies %v", got)
	}
	if said, err := w.PersonTrouble(t.Context(), carol.actor.ID); err != nil || !strings.Contains(said.String(), "Carol has no playlist that Songferry can read") {
		t.Errorf("says %q, %v", said, err)
	}
}

func TestE87WhatIsAddressedToNobodyHereTakesNoRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	bob := other.AddActor("bob", nil)
	for n, kind := range []string{"Move", "QuoteRequest", "FeatureRequest", "Add", "Listen", "Flag", "Whatever"} {
		a := activity(bob, kind, n, bob.ID)
		a["target"], a["instrument"] = other.URL+"/elsewhere", other.URL+"/post"
		if status := other.Send(bob, w.addr().SharedInbox(), a); status != 202 {
			t.Errorf("%s: %d", kind, status)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Errorf("%d are kept", n)
	}
}

// A process that was stopped in the middle of reading a list takes away nothing that another has found on it meanwhile.
func TestWhoReadAListOfPlaylistsTooSlowlyKeepsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	carol := w.person(other, "carol", one)
	w.wantsPerson(w.alice, carol)
	w.exec(`UPDATE rosters SET due = 1`)
	carol.Fail(carol.path(), func(res http.ResponseWriter, r *http.Request) {
		carol.Heal(carol.path())
		carol.set(one, two)
		w.clock.forward(rosterLease + time.Second)
		w.step(w.RosterOnce)
		res.Header().Set("Content-Type", activityJSON)
		if err := json.NewEncoder(res).Encode(carol.document(one.actor.ID)); err != nil {
			t.Error(err)
		}
	})
	w.step(w.RosterOnce)
	w.everything()
	if got := w.copies(w.alice); !slices.Equal(got, sorted(one.id, two.id)) {
		t.Errorf("copies %v", got)
	}
}
