package federation

import (
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// moveTo sends a Move of an actor elsewhere, and lets everything follow from it.
func (w *world) moveTo(i *federationtest.Instance, a *federationtest.Actor, n int, target string) {
	w.t.Helper()
	move := activity(a, "Move", n, a.ID)
	move["target"] = target
	if status := i.Send(a, w.addr().SharedInbox(), move); status != 202 {
		w.t.Fatalf("Move: %d", status)
	}
	w.step(w.InboxOnce)
	w.clock.forward(2 * time.Second)
	w.everything()
}

// readFrom returns the collection and the actor that a playlist is read from.
func (w *world) readFrom(id playlists.ID) (collection, actor string) {
	w.t.Helper()
	w.ok(w.db.QueryRowContext(w.t.Context(), `SELECT collection, actor FROM sources WHERE playlist_id = $1`, id).Scan(&collection, &actor))
	return collection, actor
}

// moved is a playlist that Alice follows, and what it may become on another server.
type moved struct {
	*world
	here, there *federationtest.Instance
	from, to    remoteList
	want        playlists.Want
}

func newMoved(t *testing.T, options ...func(*Config)) moved {
	w := newWorld(t, options...)
	m := moved{world: w, here: w.instance(), there: w.instance()}
	m.from, m.to = w.list(m.here, "mix", "One"), w.list(m.there, "blend", "One", "Two")
	m.want = w.wants(w.alice, m.from.actor.ID)
	m.here.Send(m.from.actor, w.addr().SharedInbox(), activity(m.from.actor, "Accept", 1, sent(t, m.here, "Follow")[0].Activity))
	w.everything()
	return m
}

func (m moved) agrees() {
	m.there.Change(m.to.actor, map[string]any{"alsoKnownAs": []string{m.from.actor.ID}})
}

// stays checks that the playlist is still read from where it was; why says what was tried.
func (m moved) stays(why string) {
	m.t.Helper()
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.from.id || len(sent(m.t, m.there, "Follow")) != 0 {
		m.t.Errorf("%s: read from %s", why, collection)
	}
}

func TestE85AMoveWithoutTheOthersWordIsIgnored(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	m.stays("the target names nobody")
	m.there.Change(m.to.actor, map[string]any{"alsoKnownAs": []string{m.here.URL + "/users/other"}})
	m.moveTo(m.here, m.from.actor, 2, m.to.actor.ID)
	m.stays("the target names another")

	m.agrees()
	neighbour := m.here.AddActor("neighbour", nil)
	forged := activity(neighbour, "Move", 3, m.from.actor.ID)
	forged["target"] = m.to.actor.ID
	m.here.Send(neighbour, m.addr().SharedInbox(), forged)
	m.everything()
	m.stays("a neighbour says so")
	forged = activity(m.to.actor, "Move", 3, m.from.actor.ID)
	forged["target"] = m.to.actor.ID
	m.there.Send(m.to.actor, m.addr().SharedInbox(), forged)
	m.everything()
	m.stays("the target itself says so")
	for n, target := range []string{m.from.actor.ID, "https://192.168.0.1/actor", "javascript:alert(1)", m.addr().Actor(m.alice.PublicID), m.addr().Home()} {
		m.moveTo(m.here, m.from.actor, 10+n, target)
		m.stays("to " + target)
	}
	m.reads(m.want.Playlist)
	if said := m.sourceError(m.want.Playlist); said != "" {
		t.Errorf("after moves that were ignored it says %q", said)
	}

	block := newMoved(t)
	block.blockActor(block.to.actor.ID)
	block.agrees()
	block.moveTo(block.here, block.from.actor, 1, block.to.actor.ID)
	block.stays("the target is blocked")
}

func TestE85AMoveWithTheOthersWordIsFollowedOnce(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.agrees()
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	m.moveTo(m.here, m.from.actor, 2, m.to.actor.ID)
	collection, actor := m.readFrom(m.want.Playlist)
	if collection != m.to.id || actor != m.to.actor.ID {
		t.Fatalf("read from %s of %s", collection, actor)
	}
	if got := m.has(m.want.Playlist); !slices.Equal(got, []string{"One", "Two"}) {
		t.Errorf("it holds %v", got)
	}
	if want, err := m.store.Want(t.Context(), m.want.ID); err != nil || want.Playlist != m.want.Playlist || !want.Ended.IsZero() {
		t.Errorf("the want is %+v, %v", want, err)
	}
	if follows, undos := sent(t, m.there, "Follow"), sent(t, m.here, "Undo"); len(follows) != 1 || len(undos) != 1 || follows[0].Activity["object"] != m.to.actor.ID {
		t.Errorf("sent %v and %v", follows, undos)
	}
	if n := m.count(`SELECT COUNT(*) FROM playlists WHERE origin = 'remote'`); n != 1 {
		t.Errorf("%d playlists", n)
	}

	// There and back again, for ever: not within a week.
	m.here.Change(m.from.actor, map[string]any{"alsoKnownAs": []string{m.to.actor.ID}, "movedTo": m.to.actor.ID})
	m.there.Change(m.to.actor, map[string]any{"movedTo": m.from.actor.ID})
	for n := range 5 {
		m.moveTo(m.there, m.to.actor, n, m.from.actor.ID)
		m.to.set("One", "Two", string(rune('a'+n)))
		m.reads(m.want.Playlist)
	}
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.to.id || len(sent(t, m.there, "Follow")) != 1 {
		t.Errorf("it went back to %s", collection)
	}
	m.clock.forward(moveCooldown)
	m.moveTo(m.there, m.to.actor, 9, m.from.actor.ID)
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.from.id {
		t.Errorf("after a week it is read from %s", collection)
	}
}

func TestALostMoveShowsWhenThePlaylistIsRead(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.agrees()
	m.here.Change(m.from.actor, map[string]any{"movedTo": m.to.actor.ID})
	m.clock.forward(m.slow)
	m.everything()
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.to.id {
		t.Errorf("read from %s", collection)
	}
}

func TestALostMoveShowsOnADayOnWhichThePlaylistDoesNotChange(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.agrees()
	m.here.Change(m.from.actor, map[string]any{"movedTo": m.to.actor.ID})
	m.here.Fail(m.from.path(), federationtest.Status(304))
	m.exec(`UPDATE sources SET etag = '"v1"'`)
	m.reads(m.want.Playlist)
	m.stays("an unchanged playlist costs one request")
	m.clock.forward(actorFresh)
	m.everything()
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.to.id {
		t.Errorf("read from %s", collection)
	}
}

func TestAMoveWaitsForAServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.agrees()
	m.there.Fail("", federationtest.Status(500))
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	m.stays("it does not answer")
	m.there.Heal("")
	m.clock.forward(time.Minute)
	m.everything()
	if collection, _ := m.readFrom(m.want.Playlist); collection != m.to.id {
		t.Errorf("read from %s", collection)
	}
}

func TestAMoveToAServerThatNeverAnswersIsForgotten(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	m.there.Fail("", federationtest.Status(500))
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	for range inboxAttempts + 1 {
		m.clock.forward(time.Hour)
		m.everything()
	}
	m.from.set("One", "New")
	m.reads(m.want.Playlist)
	if got := m.has(m.want.Playlist); !slices.Equal(got, []string{"One", "New"}) {
		t.Errorf("it holds %v", got)
	}
}

func TestAMoveToWhatIsFollowedAlreadyMakesOneOfTwo(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	bob, carol := m.account("bob"), m.account("carol")
	m.wants(bob, m.to.actor.ID)
	m.wants(carol, m.to.actor.ID)
	m.wants(carol, m.from.actor.ID)
	m.agrees()
	m.moveTo(m.here, m.from.actor, 1, m.to.actor.ID)
	for _, a := range []playlists.Account{m.alice, bob, carol} {
		if got := m.copies(a); !slices.Equal(got, []string{m.to.id}) {
			t.Errorf("%s keeps %v", a.Handle, got)
		}
	}
	if follows, undos := sent(t, m.there, "Follow"), sent(t, m.here, "Undo"); len(follows) != 3 || len(undos) != 2 {
		t.Errorf("%d Follows, %d Undos", len(follows), len(undos))
	}
}

func TestAPlaylistMovesToThisBridge(t *testing.T) {
	t.Parallel()
	m := newMoved(t)
	bob := m.account("bob")
	m.wants(bob, m.from.actor.ID)
	pub := m.publish("Road trip", playlists.Public)
	m.moveTo(m.here, m.from.actor, 1, m.addr().Actor(pub.PublicID))
	m.stays("nobody here says so")
	_, err := m.AliasPlaylist(t.Context(), pub, m.from.actor.ID)
	m.ok(err)
	m.moveTo(m.here, m.from.actor, 2, m.addr().Actor(pub.PublicID))
	wants, err := m.store.AccountWants(t.Context(), bob.ID)
	if err != nil || len(wants) != 1 || wants[0].Playlist != pub.Playlist || !wants[0].Ended.IsZero() {
		t.Errorf("bob's want is %+v, %v", wants, err)
	}
	if got := m.copies(m.alice); len(got) != 0 {
		t.Errorf("alice keeps a copy of what is her own: %v", got)
	}
	if n := m.count(`SELECT (SELECT COUNT(*) FROM sources) + (SELECT COUNT(*) FROM subscriptions)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestAPersonMovesWithTheirPlaylistsInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, personFirst := range map[string]bool{"person first": true, "playlists first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			here, there := w.instance(), w.instance()
			one, uno, due := w.list(here, "one", "One"), w.list(there, "uno", "One", "Uno"), w.list(there, "due", "Two")
			carol, carla := w.person(here, "carol", one), w.person(there, "carla", uno, due)
			want := w.wantsPerson(w.alice, carol)
			there.Change(carla.actor, map[string]any{"alsoKnownAs": []string{carol.actor.ID}})
			there.Change(uno.actor, map[string]any{"alsoKnownAs": []string{one.actor.ID}})
			here.Change(carol.actor, map[string]any{"movedTo": carla.actor.ID})
			here.Change(one.actor, map[string]any{"movedTo": uno.actor.ID})
			if personFirst {
				w.moveTo(here, carol.actor, 1, carla.actor.ID)
			} else {
				w.moveTo(here, one.actor, 1, uno.actor.ID)
				w.moveTo(here, carol.actor, 1, carla.actor.ID)
			}
			w.clock.forward(time.Minute)
			w.everything()
			if got := w.copies(w.alice); !slices.Equal(got, sorted(uno.id, due.id)) {
				t.Errorf("copies %v", got)
			}
			if now, err := w.store.PersonWant(t.Context(), want.ID); err != nil || now.Person != carla.actor.ID || !now.Ended.IsZero() {
				t.Errorf("%+v, %v", now, err)
			}
			if n := len(sent(t, there, "Follow")); n != 3 {
				t.Errorf("%d Follows", n)
			}
			if n := w.count(`SELECT COUNT(*) FROM rosters`); n != 1 {
				t.Errorf("%d lists are read", n)
			}
		})
	}
}

func TestWhoeverClaimsToBeAFollowedPlaylistDoesNotGetItsFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	honest, evil := w.instance(), w.instance()
	mix, fake := w.list(honest, "mix", "One"), w.list(evil, "fake", "Forged")
	want := w.wants(w.alice, mix.actor.ID)
	evil.Change(fake.actor, map[string]any{"alsoKnownAs": []string{mix.actor.ID}})
	bob := w.account("bob")
	w.wantsPerson(bob, w.person(evil, "eve", fake))
	w.clock.forward(time.Minute)
	w.everything()
	if collection, _ := w.readFrom(want.Playlist); collection != mix.id {
		t.Errorf("alice's copy is read from %s", collection)
	}
	if got := w.copies(bob); !slices.Equal(got, []string{fake.id}) {
		t.Errorf("bob keeps %v", got)
	}
}

func TestE85AFollowerWhoMovesNeedsNothingFromUs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob, bert := other.AddActor("bob", nil), other.AddActor("bert", nil)
	w.follow(other, bob, 1, w.addr().Actor(road.PublicID))
	w.moveTo(other, bob, 1, bert.ID)
	if n := w.count(`SELECT COUNT(*) FROM followers WHERE follower = $1`, bob.ID); n != 1 {
		t.Errorf("%d followers", n)
	}
}
