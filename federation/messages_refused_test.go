package federation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// notify keeps news for alice that are due at once.
func (w *world) notify() {
	w.t.Helper()
	w.ok(w.store.Notify(w.t.Context(), playlists.Notice{Account: w.alice.ID, Kind: playlists.Mended, About: "music server", After: w.clock.now().UnixMilli()}))
}

func TestMessagesThatDoNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, elsewhere := w.instance(), w.instance()
	me, carol := other.AddActor("alice", nil), other.AddActor("carol", nil)
	mallory, road := elsewhere.AddActor("mallory", nil), w.list(other, "road", "One")
	w.proves(other, me)
	open := w.publish("Open", playlists.Public)
	w.follow(other, carol, 1, w.addr().Actor(open.PublicID)) // a follower is still a stranger
	w.steps()
	before := len(other.Received()) + len(elsewhere.Received())
	alice := w.addr().Actor(w.alice.PublicID)
	change := func(a *federationtest.Actor, edit func(create, note map[string]any)) map[string]any {
		create := w.mastodon(a, 1, alice, link3(road.id))
		edit(create, create["object"].(map[string]any))
		return create
	}
	none := func(create, note map[string]any) {}
	for name, c := range map[string]struct {
		from *federationtest.Actor
		of   *federationtest.Instance
		body map[string]any
	}{
		"a stranger's":                  {mallory, elsewhere, change(mallory, none)},
		"a follower's":                  {carol, other, change(carol, none)},
		"another author's, in her name": {mallory, elsewhere, change(mallory, func(_, note map[string]any) { note["attributedTo"] = me.ID })},
		"a neighbour's, in her name":    {carol, other, change(carol, func(_, note map[string]any) { note["attributedTo"], note["id"] = me.ID, me.ID+"/statuses/9" })},
		"her Create of another's post":  {me, other, change(me, func(_, note map[string]any) { note["attributedTo"] = carol.ID })},
		"of two authors":                {me, other, change(me, func(_, note map[string]any) { note["attributedTo"] = []any{me.ID, carol.ID} })},
		"of no author":                  {me, other, change(me, func(_, note map[string]any) { delete(note, "attributedTo") })},
		"with an id elsewhere":          {me, other, change(me, func(_, note map[string]any) { note["id"] = elsewhere.URL + "/1" })},
		"without id":                    {me, other, change(me, func(_, note map[string]any) { delete(note, "id") })},
		"by reference":                  {me, other, change(me, func(create, note map[string]any) { create["object"] = note["id"] })},
		"two objects":                   {me, other, change(me, func(create, note map[string]any) { create["object"] = []any{note, note} })},
		"an Article":                    {me, other, change(me, func(_, note map[string]any) { note["type"] = "Article" })},
		"a public post":                 {me, other, change(me, func(_, note map[string]any) { note["cc"] = []any{publicCollection} })},
		"a public Create":               {me, other, change(me, func(create, _ map[string]any) { create["to"] = []any{alice, "as:Public"} })},
		"public in short":               {me, other, change(me, func(_, note map[string]any) { note["to"] = []any{alice, "Public"} })},
		"public, embedded":              {me, other, change(me, func(_, note map[string]any) { note["cc"] = map[string]any{"id": publicCollection} })},
		"public after many": {me, other, change(me, func(_, note map[string]any) {
			to := []any{alice}
			for n := range maxListed {
				to = append(to, fmt.Sprint(other.URL, "/", n))
			}
			note["to"] = append(to, publicCollection)
		})},
		"for followers": {me, other, change(me, func(_, note map[string]any) { note["cc"] = []any{me.ID + "/followers"} })},
		"not to us": {me, other, change(me, func(create, note map[string]any) {
			create["to"], note["to"] = []any{carol.ID}, []any{carol.ID} // though it mentions us
		})},
		"to an inbox of ours": {me, other, change(me, func(create, note map[string]any) {
			create["to"], note["to"] = []any{alice + "/inbox"}, []any{alice + "/inbox"}
		})},
		"to the instance": {me, other, w.mastodon(me, 1, w.addr().InstanceActor(), link3(road.id))},
		"to a playlist":   {me, other, w.mastodon(me, 1, w.addr().Actor(open.PublicID), link3(road.id))},
		"an edit":         {me, other, change(me, func(create, _ map[string]any) { create["type"] = "Update" })},
		"a boost":         {me, other, change(me, func(create, _ map[string]any) { create["type"] = "Announce" })},
		"hostile HTML only": {me, other, change(me, func(_, note map[string]any) {
			note["content"], note["type"] = `<script>https://`+other.Host()+`</script>`, "Page"
		})},
	} {
		if status := c.of.Send(c.from, w.addr().SharedInbox(), c.body); status != 202 {
			t.Errorf("%s: %d", name, status)
		}
		w.step(w.InboxOnce)
		w.step(w.MessagesOnce)
		w.step(w.DeliverOnce)
		if n := w.count(`SELECT COUNT(*) FROM requests`) + len(w.wanted()) + w.count(`SELECT COUNT(*) FROM inbox WHERE type = 'Create'`); n != 0 {
			t.Fatalf("%s: %d rows are kept", name, n)
		}
		if n := len(other.Received()) + len(elsewhere.Received()); n != before {
			t.Fatalf("%s: answered", name)
		}
	}

	// The proof is that all of this was right but for one thing each.
	w.writes(other, me, 2, link3(road.id))
	if n := len(w.wanted()); n != 1 {
		t.Errorf("%d wants", n)
	}
}

func TestAMessageIsBoundedAndSoAreItsSenders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	w.writes(other, me, 0, strings.Repeat("<div>", 20_000)+"https://"+other.Host()+"/late")
	if got := w.text(`SELECT kind FROM requests`); got != askHelp {
		t.Errorf("much markup asks for %q", got)
	}
	big := w.mastodon(me, 1, w.addr().Actor(w.alice.PublicID), strings.Repeat("x", maxActivity))
	if status := other.Send(me, w.addr().SharedInbox(), big); status != 413 {
		t.Errorf("a megabyte: %d", status)
	}
	var many strings.Builder
	for n := range 50 {
		fmt.Fprintf(&many, "%s/%d ", other.URL, n)
	}
	other.Send(me, w.addr().SharedInbox(), w.mastodon(me, 2, w.addr().Actor(w.alice.PublicID), many.String()))
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM requests WHERE kind = 'import'`); n != maxTargets {
		t.Errorf("%d links of one message are worked on", n)
	}
	for n := range maxRequestsWaiting + 5 {
		other.Send(me, w.addr().SharedInbox(), w.mastodon(me, 10+n, w.addr().Actor(w.alice.PublicID), "help"))
	}
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM requests WHERE state = 'asked'`); n != maxRequestsWaiting {
		t.Errorf("%d wait", n)
	}
}

func TestAProofThatEndsTakesItsRequestsAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	road := w.list(other, "road", "One")
	w.writes(other, me, 1, link3(road.id))
	other.Send(me, w.addr().SharedInbox(), w.mastodon(me, 2, w.addr().Actor(w.alice.PublicID), link3(road.id)))
	w.step(w.InboxOnce)
	w.ok(w.ProveForget(t.Context(), w.alice.ID))
	n := len(w.direct(other, me))
	w.copied(1, 1, playlists.Outcome{List: "List"})
	if got := len(w.direct(other, me)); got != n || w.count(`SELECT COUNT(*) FROM requests WHERE state <> 'answered'`) != 0 {
		t.Errorf("%d answers to somebody who is a stranger now", got-n)
	}
}

func TestABlockThatComesLaterStopsTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	road := w.list(other, "road", "One")
	other.Send(me, w.addr().SharedInbox(), w.mastodon(me, 1, w.addr().Actor(w.alice.PublicID), link3(road.id)))
	w.step(w.InboxOnce)
	w.blockActor(me.ID)
	w.step(w.MessagesOnce)
	if n := len(w.wanted()); n != 0 {
		t.Error("it was imported")
	}

	_, _, err := w.UnblockActor(t.Context(), me.ID)
	w.ok(err)
	w.writes(other, me, 2, link3(road.id))
	before := len(w.direct(other, me))
	w.blockActor(me.ID)
	w.copied(1, 1, playlists.Outcome{List: "List · road"})
	if n := len(w.direct(other, me)) - before; n != 0 {
		t.Error("the copy was answered to one who is blocked")
	}
}
