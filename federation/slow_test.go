package federation

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// slowly answers 503, after half a minute.
func (w *world) slowly() http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		w.clock.forward(29 * time.Second)
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
}

func TestASlowHostLeavesTimeForOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	evil := w.instance()
	var lists []remoteList
	for n := range 5 {
		lists = append(lists, w.list(evil, fmt.Sprint("list", n), "One"))
		w.wants(w.alice, lists[n].actor.ID)
	}
	w.steps()
	eve := w.person(evil, "eve")
	w.wantsPerson(w.alice, eve)
	for n := range 5 {
		w.follow(evil, lists[n].actor, n, w.addr().Actor(w.alice.PublicID))
	}
	eve.put(lists[0].actor.ID+"/a", lists[0].actor.ID+"/b", lists[0].actor.ID+"/c")
	for _, once := range []func(){
		func() {
			w.exec(`UPDATE sources SET due = 1`)
			w.step(w.RefreshOnce)
		},
		func() {
			w.exec(`UPDATE rosters SET due = 1`)
			w.step(w.RosterOnce)
		},
		func() {
			for _, l := range lists {
				w.ok(w.renewSoon(t.Context(), l.actor.ID))
			}
			w.exec(`UPDATE renewals SET due = 1`)
			w.step(w.RenewOnce)
		},
		func() { // of actors that deleted themselves once they were followed
			w.exec(`DELETE FROM remote_actors`)
			w.exec(`UPDATE subscriptions SET state = 'wanted', due = 1`)
			w.step(w.SubscribeOnce)
		},
	} {
		w.clock.forward(time.Hour)
		for _, l := range lists {
			evil.Fail(l.path(), w.slowly())
			evil.Fail("/users/"+l.actor.Name, w.slowly())
		}
		for _, x := range []string{"/a", "/b", "/c"} {
			evil.Fail("/users/list0"+x, w.slowly())
		}
		begun := w.clock.now()
		once()
		if took := w.clock.now().Sub(begun); took != 29*time.Second {
			t.Errorf("it had %v of others' time", took)
		}
	}
}

func TestAHostThatDoesNotAnswerHoldsUpTheInboxOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, evil, good := w.publish("Road trip", playlists.Public), w.instance(), w.instance()
	eve, bob := evil.AddActor("eve", nil), good.AddActor("bob", nil)
	send := func(i *federationtest.Instance, a *federationtest.Actor, doc any) {
		if status := i.Send(a, w.addr().SharedInbox(), doc); status != 202 {
			t.Fatalf("%v: %d", doc, status)
		}
	}
	w.follow(evil, eve, 0, w.addr().Actor(road.PublicID))
	send(evil, eve, activity(eve, "Delete", 1, eve.ID)) // and is unknown once that is read
	for n := range 20 {
		send(evil, eve, activity(eve, "Follow", 1+n, w.addr().Actor(road.PublicID)))
	}
	w.clock.forward(time.Second)
	send(good, bob, activity(bob, "Follow", 1, w.addr().Actor(road.PublicID)))
	evil.Fail("/users/eve", w.slowly())
	before := len(evil.Requests("/users/eve"))
	_, err := w.InboxOnce(t.Context())
	w.ok(err)
	if n := len(evil.Requests("/users/eve")) - before; n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, bob.ID); n != 1 {
		t.Error("bob waits for it")
	}
	evil.Heal("/users/eve")
	for range 30 {
		w.clock.forward(20 * time.Second)
		w.step(w.InboxOnce)
	}
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, eve.ID); n != 1 {
		t.Error("it was never asked again")
	}
}

func TestAPersonWhoSendsNewsWithoutEndHoldsUpNobodysPlaylists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one := w.list(other, "one", "One")
	eve, carol := w.person(other, "eve"), w.person(other, "carol")
	w.wantsPerson(w.alice, eve)
	w.wantsPerson(w.alice, carol)
	carol.set(one)
	w.clock.forward(w.slow)
	for range 4 {
		w.exec(`UPDATE rosters SET due = $1 WHERE person = $2`, w.clock.now().UnixMilli(), eve.actor.ID)
		_, err := w.RosterOnce(t.Context())
		w.ok(err)
	}
	if got := w.copies(w.alice); len(got) != 1 || got[0] != one.id {
		t.Errorf("copies %v", got)
	}
}
