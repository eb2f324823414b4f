package federation

import (
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// exile is Alice's new account on another server, where a playlist says what it was here.
func (w *world) exile(i *federationtest.Instance, was ...playlists.Publication) remotePerson {
	w.t.Helper()
	var lists []remoteList
	for _, pub := range was {
		l := w.list(i, "new_"+pub.Handle, "One")
		i.Change(l.actor, map[string]any{"alsoKnownAs": []string{w.addr().Actor(pub.PublicID)}})
		lists = append(lists, l)
	}
	p := w.person(i, "ally", lists...)
	i.Change(p.actor, map[string]any{"alsoKnownAs": []string{"https://elsewhere.example/x", w.addr().Actor(w.alice.PublicID)}})
	return p
}

func TestFollowersAreToldWhereAnAccountWent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, friends, left := w.publish("Road trip", playlists.Public), w.publish("Friends", playlists.Followers), w.publish("Left", playlists.Public)
	other, there := w.instance(), w.instance()
	bob, carol := other.AddActor("bob", nil), other.AddActor("carol", map[string]any{"inbox": other.URL + "/users/carol/inbox"})
	w.follow(other, bob, 1, w.addr().Actor(w.alice.PublicID))
	w.follow(other, bob, 2, w.addr().Actor(road.PublicID))
	w.follow(other, bob, 3, w.addr().Actor(friends.PublicID))
	w.follow(other, carol, 1, w.addr().Actor(friends.PublicID))
	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, true))
	w.quietly()
	ally := w.exile(there, road, friends)

	for range 2 { // the second time nothing more is sent
		got, err := w.MoveAway(t.Context(), w.alice.ID, ally.actor.ID)
		if err != nil || got.Handle != "@ally@"+there.Host() || len(got.Moved) != 2 || !slices.Equal(got.Left, []string{"Left"}) {
			t.Fatalf("%+v, %v", got, err)
		}
		w.steps()
	}
	told := map[string]string{}
	for _, d := range sent(t, other, "Move") {
		if d.Path != "/users/bob/inbox" || d.Signer != d.Activity["object"] || d.Activity["actor"] != d.Signer {
			t.Errorf("sent %+v", d)
		}
		told[d.Signer] = d.Activity["target"].(string)
	}
	want := map[string]string{w.addr().Actor(w.alice.PublicID): ally.actor.ID, w.addr().Actor(road.PublicID): there.URL + "/users/new_" + road.Handle,
		w.addr().Actor(friends.PublicID): there.URL + "/users/new_" + friends.Handle}
	if len(told) != 3 || len(sent(t, other, "Move")) != 3 {
		t.Errorf("told %v, want %v", told, want)
	}
	for actor, target := range want {
		if told[actor] != target || !strings.Contains(w.get(actor).body, `"movedTo":"`+target+`"`) {
			t.Errorf("%s went to %q and says %s", actor, told[actor], w.get(actor).body)
		}
	}
	if body := w.get(w.addr().Actor(left.PublicID)).body; strings.Contains(body, `"movedTo"`+":") && strings.Contains(body, there.URL) {
		t.Errorf("what stays says %s", body)
	}

	home, err := w.MovedTo(t.Context(), road.PublicID)
	if want := (NewHome{"@new_" + road.Handle + "@" + there.Host(), there.URL + "/@new_" + road.Handle}); err != nil || home != want {
		t.Errorf("it is said to be at %+v, want %+v, %v", home, want, err)
	}
	if home, err := w.MovedTo(t.Context(), left.PublicID); err != nil || home != (NewHome{}) {
		t.Errorf("what stays is said to be at %+v, %v", home, err)
	}

	// What moved announces nothing more.
	before := len(other.Received())
	w.record(road.Playlist, "Road trip", "New")
	w.publish("Another", playlists.Public)
	w.quietly()
	if got := other.Received()[before:]; len(got) != 0 {
		t.Errorf("announced %+v", got)
	}

	_, err = w.MoveAway(t.Context(), w.alice.ID, w.person(w.instance(), "third").actor.ID)
	problem(t, "elsewhere", err, playlists.Invalid)
	w.ok(w.StayHere(t.Context(), w.alice.ID))
	w.quietly()
	back := map[any]bool{}
	for _, o := range slices.Concat(updates(t, other, "Person"), updates(t, other, "Service")) {
		back[o["id"]] = o["movedTo"] == nil
	}
	for actor := range want {
		if !back[actor] {
			t.Errorf("nobody was told that %s is here again", actor)
		}
	}
	if body := w.get(w.addr().Actor(road.PublicID)).body; strings.Contains(body, there.URL) {
		t.Errorf("after it came back it says %s", body)
	}
	problem(t, "here already", w.StayHere(t.Context(), w.alice.ID), playlists.NotFound)
}

func TestAnAccountOnlyMovesWhereItIsExpected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	w.publish("Road trip", playlists.Public)
	stranger := other.AddActor("stranger", map[string]any{"alsoKnownAs": []string{w.addr().Actor("somebodyelse")}})
	_, err := w.MoveAway(t.Context(), w.alice.ID, stranger.ID)
	if say := playlists.Say(err); playlists.CodeOf(err) != playlists.Forbidden || !strings.Contains(say, "songferry account alias --account NAME @alice@"+w.addr().Host()) {
		t.Errorf("%v", err)
	}
	for target, code := range map[string]playlists.Code{"@alice@" + w.addr().Host(): playlists.Invalid, w.addr().Home(): playlists.Invalid,
		"@nobody@" + other.Host(): playlists.NotFound, "nonsense": playlists.Invalid} {
		_, err := w.MoveAway(t.Context(), w.alice.ID, target)
		problem(t, target, err, code)
		_, err = w.Alias(t.Context(), w.alice.ID, target)
		problem(t, target, err, code)
	}
	if n := w.count(`SELECT (SELECT COUNT(*) FROM moves) + (SELECT COUNT(*) FROM aliases)`); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}

func TestAFormerAccountIsNamedWithItsPlaylists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	old := w.list(other, "old", "One") // named "List old"
	twin, twin2, later := w.list(other, "twin", "One"), w.list(other, "twin2", "One"), w.list(other, "later", "One")
	other.Change(twin2.actor, map[string]any{"name": "List twin"})
	ally := w.person(other, "ally", old, twin, twin2, later)
	pub, one := w.publish("List old", playlists.Unlisted), w.publish("List twin", playlists.Public)
	secret := w.publish("List later", playlists.Link)
	got, err := w.Alias(t.Context(), w.alice.ID, "@ally@"+other.Host())
	if err != nil || len(got.Paired) != 2 || !slices.Equal(got.Unpaired, []string{"List later", "List twin"}) {
		t.Fatalf("%+v, %v", got, err)
	}
	knows := func(actor, alias string) {
		t.Helper()
		if !strings.Contains(w.get(w.addr().Actor(actor)).body, `"alsoKnownAs":["`+alias+`"]`) {
			t.Errorf("%s says %s", actor, w.get(w.addr().Actor(actor)).body)
		}
	}
	knows(w.alice.PublicID, ally.actor.ID)
	knows(pub.PublicID, old.actor.ID)
	knows(one.PublicID, twin.actor.ID)

	// Published later, and paired by its name.
	shown := w.republish(secret.Playlist, playlists.Public)
	another := w.publish("List twin", playlists.Public)
	w.step(w.AnnounceOnce)
	knows(shown.PublicID, later.actor.ID)
	knows(another.PublicID, twin2.actor.ID)

	// An account of another kind of server has no list, which is fine.
	_, err = w.Alias(t.Context(), w.alice.ID, other.AddActor("toots", nil).ID)
	w.ok(err)
	for n := range maxAliases - 2 {
		_, err = w.Alias(t.Context(), w.alice.ID, other.AddActor("more"+string(rune('a'+n)), nil).ID)
		w.ok(err)
	}
	_, err = w.Alias(t.Context(), w.alice.ID, other.AddActor("toomany", nil).ID)
	problem(t, "too many", err, playlists.Invalid)
	_, err = w.Alias(t.Context(), w.alice.ID, ally.actor.ID)
	w.ok(err)
}
