package federation

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestE74TooManyFollowsOfADomainComeBackLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	road := w.addr().Actor(w.publish("Road trip", playlists.Public).PublicID)
	bob := other.AddActor("bob", nil)
	// As if nobody acted on them: the queue is full.
	statuses := map[int]int{}
	for n := range maxWaitingOfDomain - 5 {
		w.exec(`INSERT INTO inbox (id, actor, domain, type, object, body, received, due, attempts, error) VALUES ($1, $1, '127.0.0.1', 'Like', '', '', 1, 1, 0, '')`, fmt.Sprint(n))
	}
	for n := range 10 {
		statuses[w.post(bob, text(t, activity(bob, "Follow", n, road))).status]++
	}
	if statuses[202] != 5 || statuses[429] != 5 {
		t.Errorf("answered %v", statuses)
	}
	// As if they were acted on at once, all within the hour.
	w.exec(`UPDATE inbox SET due = 0`)
	w.quotas.domains["127.0.0.1"].kept = maxKept - 1
	follow := text(t, activity(bob, "Follow", 10_000, road))
	if a := w.post(bob, follow); a.status != 202 {
		t.Errorf("the last of the hour: %+v", a)
	}
	if a := w.post(bob, text(t, activity(bob, "Follow", 10_001, road))); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("beyond: %+v", a)
	}
	w.clock.forward(quotaTime)
	if a := w.post(bob, text(t, activity(bob, "Follow", 10_001, road))); a.status != 202 {
		t.Errorf("an hour later: %+v", a)
	}
}

func TestE81OnlyAnActorItselfIsDeletedByIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, elsewhere := w.instance(), w.instance()
	pub := w.publish("Road trip", playlists.Public)
	bob, carol := other.AddActor("bob", nil), other.AddActor("carol", nil)
	w.follow(other, bob, 1, w.addr().Actor(pub.PublicID))
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	still := func(name string) {
		t.Helper()
		w.steps()
		if n := w.count(`SELECT COUNT(*) FROM followers`); n != 1 {
			t.Errorf("%s: %d followers", name, n)
		}
		if p, err := w.store.Get(t.Context(), want.Playlist); err != nil || !p.Withdrawn.IsZero() || len(p.Tracks) != 1 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	stranger := elsewhere.AddActor("stranger", nil)
	tombstone := func(id string) map[string]any { return map[string]any{"id": id, "type": "Tombstone"} }
	for n, by := range []*federationtest.Actor{carol, mix.actor, stranger} {
		for m, object := range []any{bob.ID, tombstone(bob.ID), mix.id, tombstone(mix.id), mix.actor.ID + "x", w.addr().Actor(pub.PublicID), tombstone(w.addr().Collection(pub.PublicID)),
			w.addr().Actor(w.alice.PublicID), []any{bob.ID, mix.id}, nil, map[string]any{"id": []any{bob.ID}}} {
			if status := w.post(by, text(t, activity(by, "Delete", 100*n+m, object))).status; status != 202 {
				t.Errorf("Delete of %v by %s: %d", object, by.Name, status)
			}
		}
		still("Deletes by " + by.Name)
	}

	// A playlist that says it is gone is looked at: it is still there.
	w.post(mix.actor, text(t, activity(mix.actor, "Delete", 1000, mix.actor.ID)))
	still("a Delete that is not true")

	// One that is gone is withdrawn here, with the tracks that were known; what alice has of her own is hers.
	other.Fail(mix.path(), federationtest.Status(http.StatusGone))
	other.Fail("/users/mix", federationtest.Status(http.StatusGone))
	w.exec(`UPDATE remote_actors SET fetched = $1`, w.clock.now().UnixMilli())
	w.clock.forward(time.Minute)
	w.reads(want.Playlist)
	if p, err := w.store.Get(t.Context(), want.Playlist); err != nil || p.Withdrawn.IsZero() || len(p.Tracks) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := w.store.Get(t.Context(), pub.Playlist); err != nil || len(p.Tracks) != 2 {
		t.Errorf("alice's own: %+v, %v", p, err)
	}

	// Bob leaves.
	w.post(bob, text(t, activity(bob, "Delete", 1, bob.ID)))
	w.steps()
	if n := w.count(`SELECT (SELECT COUNT(*) FROM followers) + (SELECT COUNT(*) FROM remote_actors WHERE id = $1)`, bob.ID); n != 0 {
		t.Errorf("%d rows of bob are left", n)
	}
}

func TestF95SomebodyElsesFollowersAreNotTheWorld(t *testing.T) {
	t.Parallel()
	for addressees, want := range map[string]playlists.Audience{
		`"to":["https://victim.example/users/v/followers"]`: playlists.Followers, `"to":["` + publicCollection + `"]`: playlists.Public,
		`"to":[],"cc":["as:Public"]`: playlists.Unlisted, `"bto":["` + publicCollection + `"]`: "", `"to":["Public"]`: "",
		`"to":[{"id":"` + publicCollection + `"}]`: playlists.Public, `"audience":["` + publicCollection + `"]`: "",
	} {
		c, err := decodeCollection(collectionWith(`"attributedTo":"https://m.example/u",` + addressees))
		if err != nil || c.Audience != want {
			t.Errorf("%s: %q, %v, want %q", addressees, c.Audience, err, want)
		}
	}
}

func TestF101AFloodOfNewsIsOneReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	w.wants(w.alice, mix.actor.ID)
	w.steps()
	before := len(other.Requests(mix.path()))
	for n := range 100 {
		w.post(mix.actor, text(t, activity(mix.actor, "Update", n, mix.document("One"))))
		w.step(w.InboxOnce)
		w.step(w.RefreshOnce)
		w.clock.forward(refreshSpace / 10)
	}
	w.clock.forward(2 * refreshSpace)
	w.step(w.RefreshOnce)
	if n := len(other.Requests(mix.path())) - before; n < 1 || n > 12 {
		t.Errorf("read %d times in ten seconds", n)
	}
}

func TestG120APanicOverOneActivityHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	var armed sync.Map // to how many calls of the clock are left
	w := newWorld(t, func(c *Config) {
		now := c.Now
		c.Now = func() time.Time {
			if left, ok := armed.LoadAndDelete("calls"); ok {
				if left == 0 {
					panic("a document that nobody thought of")
				}
				armed.Store("calls", left.(int)-1)
			}
			return now()
		}
	})
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	w.step(w.InboxOnce)
	w.post(mix.actor, text(t, activity(mix.actor, "Update", 1, mix.id)))
	w.post(mix.actor, text(t, activity(mix.actor, "Update", 2, mix.id)))
	armed.Store("calls", 2) // the first two find what is due and begin, the third is in the middle of the first Update
	if n, err := w.InboxOnce(t.Context()); n != 2 || err != nil {
		t.Errorf("acted on %d, %v", n, err)
	}
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`); n != 1 || !w.due(want.Playlist) {
		t.Errorf("%d are to be tried again", n)
	}
	w.clock.forward(time.Hour)
	w.step(w.InboxOnce)
	if n := w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`); n != 0 {
		t.Errorf("%d wait", n)
	}
}
