package federation

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// pin returns the id of the post that is pinned to a playlist's actor, as somebody reads it.
func (w *world) pin(pub playlists.Publication) string {
	w.t.Helper()
	var list struct{ OrderedItems []struct{ ID string } }
	if a := w.get(w.addr.Featured(pub.PublicID)); a.status != 200 {
		w.t.Fatalf("featured: %+v", a)
	} else if err := json.Unmarshal([]byte(a.body), &list); err != nil || len(list.OrderedItems) != 1 {
		w.t.Fatalf("featured: %s, %v", a.body, err)
	}
	return list.OrderedItems[0].ID
}

func TestThePinnedPostIsTakenBackWhenAPlaylistIsClosed(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	first := r.pin(r.pub)
	deleted := func() (n int) {
		for _, o := range objects(t, r.bobs, "Delete", "Tombstone") {
			if o["id"] == first {
				n++
			}
		}
		return n
	}
	r.republish(r.pub.Playlist, playlists.Followers)
	r.steps()
	r.exec(`UPDATE readers SET seq = 0 WHERE name = 'announce'`) // all once more, as after a crash
	r.steps()
	if n := deleted(); n != 1 {
		t.Errorf("%d Deletes of the pinned post", n)
	}
	if a := r.get(first); a.status != 410 {
		t.Errorf("it answers %d", a.status)
	}
	if a := r.get(first + "-2"); a.status != 404 {
		t.Errorf("the next one answers a stranger %d", a.status)
	}

	// Open again there is another one: who took back the first never shows it again.
	r.clock.forward(time.Minute)
	r.republish(r.pub.Playlist, playlists.Unlisted)
	r.steps()
	second := r.pin(r.pub)
	if second == first || r.get(second).status != 200 || r.get(first).status != 410 {
		t.Errorf("pinned now: %s, the first one answers %d", second, r.get(first).status)
	}
	if sentNews, err := r.SentNewsOf(t.Context(), r.alice.ID, 10); err != nil || len(sentNews) != 0 {
		t.Errorf("it is no post of its own: %+v, %v", sentNews, err)
	}
}

func TestNothingGoesToThoseWhomNobodyHasApprovedYet(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "For friends only")
	r.republish(r.pub.Playlist, playlists.Followers)
	r.clock.forward(31 * time.Minute)
	r.step(r.NewsOnce) // before the change of audience was read
	r.sends(r.bobs, r.bob, r.mastodon(r.bob, 1, r.addr.Actor(r.pub.PublicID), "link"))
	r.step(r.DeliverOnce)
	if got := sent(t, r.bobs, "Create"); len(got) != 0 || r.count(`SELECT COUNT(*) FROM personal_links`) != 0 {
		t.Errorf("bob, whom nobody approved, was told %+v", got)
	}
	r.steps()
	r.ok(r.Decide(t.Context(), r.pub.PublicID, r.bob.ID, true))
	r.later(2 * closingTime)
	if got := told(t, r.bobs, "Create"); len(got) != 1 || !strings.Contains(got[0], "For friends only") {
		t.Errorf("approved, bob was told %q", got)
	}
}

func TestNeighboursAreAskedForTheMomentAPlaylistIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, bob := w.publish("Road trip", playlists.Public), w.account("bob")
	want := w.wants(bob, w.addr.Actor(road.PublicID))
	w.steps()
	w.republish(road.Playlist, playlists.Followers)
	if now, err := w.store.Want(t.Context(), want.ID); err != nil || now.Granted {
		t.Errorf("bob's copy goes on: %+v, %v", now, err)
	}
	w.step(w.SubscribeOnce) // before the change is announced
	w.steps()
	waiting, err := w.Followers(t.Context(), road.PublicID)
	if err != nil || len(waiting) != 1 || waiting[0].Approved {
		t.Errorf("followers %+v, %v", waiting, err)
	}
	w.ok(w.Decide(t.Context(), road.PublicID, waiting[0].ID, true))
	w.steps()
	if now, err := w.store.Want(t.Context(), want.ID); err != nil || !now.Granted {
		t.Errorf("approved: %+v, %v", now, err)
	}
}

func TestAPlaylistWithManyFormerAddressesHoldsUpNobodysNews(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.exec(`INSERT INTO former_playlists (account, actor, name) VALUES ($1, 'https://old.example/road', 'Road trip')`, r.alice.PublicID)
	for n := range maxAliases {
		r.ok(r.addAlias(t.Context(), r.pub.PublicID, fmt.Sprint("https://old.example/", n)))
	}
	other := r.publish("Another", playlists.Public)
	r.later(time.Hour)
	r.record(other.Playlist, "Another", "Ferry")
	if _, err := r.AnnounceOnce(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWhatIsUnlistedIsTakenBackFromStrangers(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(31 * time.Minute)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"].(string)
	outbox := pageOf(r.addr.Outbox(r.alice.PublicID), 1)
	if !strings.Contains(r.get(outbox).body, note) {
		t.Fatal("it is not in alice's outbox")
	}
	r.republish(r.pub.Playlist, playlists.Unlisted)
	r.steps()
	if strings.Contains(r.get(outbox).body, note) {
		t.Error("alice's outbox leads strangers to a playlist that she unlisted")
	}
	if len(objects(t, r.carols, "Delete", "Tombstone")) != 1 {
		t.Error("who saw her boost was not told")
	}
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Ferry") // goes on for its own followers
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 2 {
		t.Errorf("bob was told %q", got)
	}
	r.republish(r.pub.Playlist, playlists.Public)
	r.steps()
	if n := r.count(`SELECT COUNT(*) FROM posts WHERE deleted = 0`); n != 1 {
		t.Errorf("%d posts after it was opened", n)
	}
}

func TestACorrectionThatWaitsIsNotSentAfterItsPostWasTakenBack(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Ferry")
	r.later(31 * time.Minute)
	r.bobs.Fail("/users/bob/inbox", federationtest.Status(404))
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(3 * time.Minute)
	if n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'update-note-%'`); n != 1 {
		t.Fatalf("%d corrections wait", n)
	}
	r.ok(r.TakeBack(t.Context(), r.alice.ID, r.text(`SELECT id FROM posts`)))
	if n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'update-note-%'`); n != 0 {
		t.Error("the correction is still to be sent, and would show the post again")
	}
}

func TestWhoNamesAnothersClosedPlaylistGetsNoneOfItsFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared := w.instance() // a host with many accounts
	friends := w.list(shared, "friends", "Secret")
	shared.Change(friends.actor, map[string]any{"manuallyApprovesFollowers": true})
	closed := func() { shared.Fail(friends.path(), federationtest.Status(404)) }
	closed()
	want := w.wants(w.alice, friends.actor.ID)
	shared.Heal(friends.path())
	shared.Send(friends.actor, w.addr.SharedInbox(), activity(friends.actor, "Accept", 1, sent(t, shared, "Follow")[0].Activity))
	w.step(w.InboxOnce)
	w.clock.forward(2 * time.Second)
	w.steps()
	if got := w.has(want.Playlist); len(got) != 1 {
		t.Fatalf("alice has %v", got)
	}

	// Bob, who is a neighbour of alice's, follows an actor that says that the playlist is its own.
	mallory := shared.AddActor("mallory", map[string]any{"type": "Service", "streams": []string{friends.id}, "manuallyApprovesFollowers": true})
	closed()
	bobs := w.wants(w.account("bob"), mallory.ID)
	shared.Heal(friends.path())
	for n, follow := range sent(t, shared, "Follow") {
		shared.Send(mallory, w.addr.SharedInbox(), activity(mallory, "Accept", n, follow.Activity))
	}
	w.steps()
	if _, actor := w.readFrom(want.Playlist); actor != friends.actor.ID {
		t.Errorf("alice's playlist is %s's now", actor)
	}
	if now, err := w.store.Want(t.Context(), bobs.ID); err != nil || now.Granted {
		t.Errorf("bob may see what its owner never let him see: %+v, %v", now, err)
	}
}

func TestWhatOneAccountIsApprovedForIsNotForItsNeighbours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	friends := w.list(other, "friends", "Secret")
	other.Change(friends.actor, map[string]any{"manuallyApprovesFollowers": true}) // and reads to our instance actor, for alice
	carol := w.person(other, "carol", friends)
	bob := w.account("bob")
	w.wantsPerson(bob, carol)
	wants, err := w.store.AccountWants(t.Context(), bob.ID)
	if err != nil || len(wants) != 1 || wants[0].Granted {
		t.Fatalf("bob, whom carol has not approved: %+v, %v", wants, err)
	}
	for n, follow := range sent(t, other, "Follow") {
		if follow.Activity["object"] == friends.actor.ID {
			other.Send(friends.actor, w.addr.SharedInbox(), activity(friends.actor, "Accept", n, follow.Activity))
		}
	}
	w.step(w.InboxOnce)
	w.clock.forward(2 * time.Second)
	w.everything()
	if want, err := w.store.Want(t.Context(), wants[0].ID); err != nil || !want.Granted || len(w.has(want.Playlist)) != 1 {
		t.Errorf("approved: %+v, %v", want, err)
	}
}

func TestAPlaylistThatMovedToApprovedFollowersIsClosedUntilItsOwnerApproves(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.agrees()
	m.there.Change(m.to.actor, map[string]any{"manuallyApprovesFollowers": true})
	m.there.Fail(m.to.path(), federationtest.Status(404))
	granted := func() bool {
		want, err := m.store.Want(t.Context(), m.want.ID)
		m.ok(err)
		return want.Granted
	}
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.to.id || granted() {
		t.Fatalf("read from %s, granted before its owner decided: %v", collection, granted())
	}
	m.there.Heal(m.to.path())
	m.there.Send(m.to.actor, m.addr.SharedInbox(), activity(m.to.actor, "Accept", 1, sent(t, m.there, "Follow")[0].Activity))
	m.step(m.InboxOnce)
	m.clock.forward(2 * time.Second)
	m.everything()
	if got := m.has(m.want.Playlist); !granted() || len(got) != 2 {
		t.Errorf("approved, alice has %v", got)
	}
}

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
		w.follow(evil, lists[n].actor, n, w.addr.Actor(w.alice.PublicID))
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
		if status := i.Send(a, w.addr.SharedInbox(), doc); status != 202 {
			t.Fatalf("%v: %d", doc, status)
		}
	}
	w.follow(evil, eve, 0, w.addr.Actor(road.PublicID))
	send(evil, eve, activity(eve, "Delete", 1, eve.ID)) // and is unknown once that is read
	for n := range 20 {
		send(evil, eve, activity(eve, "Follow", 1+n, w.addr.Actor(road.PublicID)))
	}
	w.clock.forward(time.Second)
	send(good, bob, activity(bob, "Follow", 1, w.addr.Actor(road.PublicID)))
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

func TestAReportOfThousandsOfThingsCostsNoThousandsOfQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	things := func(missing int) []string {
		list := []any{"https://elsewhere.example/1"}
		for n := range missing {
			list = append(list, fmt.Sprint(w.addr.Actor("x"), n))
		}
		raw, err := json.Marshal(map[string]any{"object": append(list, w.addr.Actor(w.alice.PublicID))})
		w.ok(err)
		ids, err := w.reported(t.Context(), envelope{Actor: "https://elsewhere.example/eve", Raw: raw})
		w.ok(err)
		return ids
	}
	if got := things(maxLookedUp - 1); len(got) != 1 {
		t.Errorf("reported %v", got)
	}
	if got := things(maxLookedUp); len(got) != 0 {
		t.Error("all of them are looked up")
	}
	var many []string
	for n := range 500 {
		many = append(many, fmt.Sprint(w.addr.Actor("x"), n))
	}
	if n := len(w.oursAmong(many)); n != maxTargets {
		t.Errorf("%d addressees of a message are looked up", n)
	}
}

func TestInventedHostsKeepNoRealOneOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	var r ration
	for n := range 10 * maxNewHosts {
		if done := r.fetch(fmt.Sprintf("invented%d.victim.example", n), now); done != nil {
			done(false)
		}
	}
	for n := range maxNewHosts + 1 {
		done := r.fetch(fmt.Sprintf("real%d.victim.example", n), now)
		if (done != nil) != (n < maxNewHosts) {
			t.Fatalf("host %d: admitted %v", n, done != nil)
		}
		if done != nil {
			done(true)
		}
	}
	if done := r.fetch("real0.victim.example", now); done == nil {
		t.Error("a host that was seen is refused")
	} else {
		done(false) // a key that is not there
	}
	if r.fetch("real0.victim.example", now) == nil {
		t.Error("a host that was seen is forgotten by a key that is not there")
	}
}

func TestANewKeyTakesNoMoveBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := other.AddActor("carol", nil)
	w.follow(other, carol, 1, w.addr.Actor(w.alice.PublicID))
	w.exec(`INSERT INTO moves (actor, target, at) VALUES ($1, 'https://new.example/alice', 1)`, w.alice.PublicID)
	w.exec(`INSERT INTO aliases (actor, alias, at) VALUES ($1, 'https://old.example/alice', 1)`, w.alice.PublicID)
	w.steps()
	_, err := w.RotateKeys(t.Context(), w.alice.ID)
	w.ok(err)
	w.step(w.DeliverOnce)
	person := objects(t, other, "Update", "Person")
	if len(person) != 1 || person[0]["movedTo"] != "https://new.example/alice" || fmt.Sprint(person[0]["alsoKnownAs"]) != "[https://old.example/alice]" {
		t.Errorf("told %v", person)
	}
}

func TestAnAccountIsToldWhoAsksToFollowItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, atLocalhost)
	other := w.instance()
	carol := other.AddActor("carol", nil)
	w.rule("127.0.0.1", Silence)
	w.follow(other, carol, 1, w.addr.Actor(w.alice.PublicID))
	if said := w.text(`SELECT error FROM inbox`); said != "" || w.count(`SELECT COUNT(*) FROM inbox WHERE due > 0`) != 0 {
		t.Errorf("the Follow is not done: %q", said)
	}
	notices, err := w.store.Notices(t.Context(), w.alice.ID)
	w.ok(err)
	words, err := w.noticeParagraphs(t.Context(), w.alice, notices)
	if err != nil || len(words) != 1 || !strings.Contains(words[0], "@carol@"+other.Host()) || !strings.Contains(words[0], "asks to follow you") {
		t.Errorf("told %q, %v", words, err)
	}
	w.ok(w.Decide(t.Context(), w.alice.PublicID, carol.ID, true))
	if words, err := w.noticeParagraphs(t.Context(), w.alice, notices); err != nil || len(words) != 0 {
		t.Errorf("decided, told %q, %v", words, err)
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

func TestWhoBlocksOneAccountGetsNoMoreCodesThanOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := other.AddActor("carol", nil)
	w.code(other, carol)
	other.Send(carol, w.addr.SharedInbox(), activity(carol, "Block", 1, w.addr.Actor(w.alice.PublicID)))
	w.steps()
	for n := 1; n <= codesToOne; n++ {
		_, err := w.ProveBegin(t.Context(), w.account(fmt.Sprint("neighbour", n)).ID, "@carol@"+other.Host())
		if (err == nil) != (n < codesToOne) {
			t.Errorf("code %d: %v", n+1, err)
		}
	}
}

func TestNamesBelowADomainFillNobodysListOfThoseWhoWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	friends := w.publish("Friends", playlists.Followers)
	for n := range maxPendingOfHost {
		w.exec(`INSERT INTO followers (`+followerColumns+`, at) VALUES ($1, $2, $3, 'pending', '', '', '', 1)`, friends.PublicID, fmt.Sprint("x", n),
			fmt.Sprintf("h%d.evil.example%s", n/50, []string{"", ":8443"}[n%2]))
	}
	for host, want := range map[string]bool{"new.evil.example": true, "evil.example:8443": true, "devil.example": false, "h1.other.example": false} {
		w.ok(playlists.InTx(t.Context(), w.db, func(tx *sql.Tx) error {
			full, err := tooMany(t.Context(), tx, follower{actor: friends.PublicID, host: host, state: pending})
			if full != want {
				t.Errorf("%s: full %v", host, full)
			}
			return err
		}))
	}
}
