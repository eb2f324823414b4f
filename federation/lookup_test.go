package federation

import (
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// finds looks a target up for whoever asks and checks what is found.
func (w *world) finds(target, name string, readable bool) Found {
	w.t.Helper()
	found, err := w.Lookup(w.t.Context(), w.asks, target)
	if err != nil || found.Playlist.Name != name || found.Readable != readable || readable != (len(found.Playlist.Tracks) > 0) {
		w.t.Errorf("%s: %+v, %v", target, found, err)
	}
	return found
}

// says checks the sentence that a person reads about a target.
func (w *world) says(target string, code playlists.Code, sentence string) {
	w.t.Helper()
	_, err := w.Lookup(w.t.Context(), w.asks, target)
	if playlists.CodeOf(err) != code || !strings.Contains(playlists.Say(err), sentence) {
		w.t.Errorf("%s: %s: %v; want %s: %s", target, playlists.CodeOf(err), err, code, sentence)
	}
}

func TestAPlaylistIsFoundByWhateverAPersonHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	other.Fail("/@mix", federationtest.Answer(activityJSON, string(text(t, mix.actor.Document)))) // the page, negotiated
	carol := other.AddActor("carol", map[string]any{"name": "Carol", "streams": []string{other.URL + "/lists-of/carol"}})
	other.Put("/lists-of/carol", map[string]any{"id": other.URL + "/lists-of/carol", "type": "OrderedCollection", "attributedTo": carol.ID,
		"orderedItems": []string{mix.actor.ID, "https://elsewhere.example/list"}})
	for _, target := range []string{
		"@mix@" + other.Host(), "mix@" + other.Host(), " acct:MIX@" + other.Host() + "\n", mix.actor.ID, mix.actor.KeyID, other.URL + "/@mix",
		mix.id, carol.ID, "@carol@" + other.Host(),
	} {
		if got := w.finds(target, "List", true); got.actor != mix.actor.ID || got.Playlist.Source != mix.id || got.Playlist.Curator.Handle != "@mix@"+other.Host() {
			t.Errorf("%s: %+v", target, got)
		}
	}
}

func TestAPersonWithSeveralPlaylistsIsAskedWhich(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	one, two := w.list(other, "one", "One"), w.list(other, "two", "Two")
	streams := other.URL + "/lists-of/carol"
	carol := other.AddActor("carol", map[string]any{"name": "Carol", "streams": []string{streams}})
	put := func(items ...string) {
		other.Put("/lists-of/carol", map[string]any{"id": streams, "type": "OrderedCollection", "attributedTo": carol.ID, "orderedItems": items})
	}
	put(one.actor.ID, two.actor.ID)
	w.says(carol.ID, playlists.Invalid, "Carol has 2 playlists. Say which one you mean: @one@"+other.Host()+", @two@"+other.Host()+".")
	put()
	w.says(carol.ID, playlists.NotFound, "Carol has no playlist that Songferry can read.")
	put(carol.ID) // who names herself, and so on without end
	w.says(carol.ID, playlists.Invalid, "")
	other.Change(carol, map[string]any{"streams": nil})
	w.says(carol.ID, playlists.NotFound, "Ask for the handle or the link of a playlist.")
}

func TestAPlaylistForFollowersShowsItsNameOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "Secret")
	other.Change(mix.actor, map[string]any{"manuallyApprovesFollowers": true})
	other.Fail(mix.path(), federationtest.Status(404))
	found := w.finds(mix.actor.ID, "List mix", false)

	if _, err := w.Subscribe(t.Context(), w.alice.ID, found, mix.actor.ID, playlists.Once, playlists.Keep); playlists.CodeOf(err) != playlists.Forbidden {
		t.Errorf("a copy of what may not be read: %v", err)
	}
	want := w.wants(w.alice, mix.actor.ID)
	if want.Granted {
		t.Error("granted before the owner decided")
	}
	other.Heal(mix.path())
	other.Send(mix.actor, w.addr().SharedInbox(), activity(mix.actor, "Accept", 1, sent(t, other, "Follow")[0].Activity))
	w.step(w.InboxOnce)
	if want, err := w.store.Want(t.Context(), want.ID); err != nil || !want.Granted {
		t.Errorf("after the Accept: %+v, %v", want, err)
	}
	w.reads(want.Playlist)
	reads := other.Requests(mix.path())
	if last := reads[len(reads)-1]; last.KeyID != w.addr().Key(w.alice.PublicID, firstKey) {
		t.Errorf("signed by %s, not by the follower", last.KeyID)
	}
}

func TestOurOwnAddressesAreLookedUpAtHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road := w.publish("Road trip", playlists.Public)
	friends, link, old := w.publish("Friends", playlists.Followers), w.publish("For Bob", playlists.Link), w.publish("Old", playlists.Unlisted)
	w.says(w.addr().Profile(old.Handle), playlists.Invalid, `"Old" is your own playlist: it is on your server already.`)
	w.republish(old.Playlist, playlists.Private)

	bob := w.account("bob")
	w.asks = bob.ID
	host := "@" + w.addr().Host()
	for _, target := range []string{
		"@" + road.Handle + host, "@" + strings.ToUpper(road.Handle) + host, w.addr().Profile(road.Handle), w.addr().Actor(road.PublicID),
		w.addr().Collection(road.PublicID), w.addr().Profile("alice"), "@Alice" + host, w.addr().Actor(w.alice.PublicID),
	} {
		if found := w.finds(target, "Road trip", true); !found.Local {
			t.Errorf("%s: not local", target)
		}
	}
	if found := w.finds(w.addr().Actor(friends.PublicID), "Friends", false); found.Playlist.Summary != "" {
		t.Errorf("what is for followers shows %q", found.Playlist.Summary)
	}
	w.finds(w.addr().Share(link.Token), "For Bob", true)
	w.says(w.addr().Collection(link.PublicID), playlists.NotFound, "There is no such playlist here.")
	w.says(w.addr().Actor(link.PublicID), playlists.NotFound, "There is no such playlist here.")
	w.says(w.addr().Profile(old.Handle), playlists.Gone, "That playlist was withdrawn.")
	w.says(w.addr().Profile("nobody"), playlists.NotFound, "There is no such playlist here.")
	w.says(w.addr().Home()+"/s/wrong", playlists.NotFound, "There is no such playlist here.")
	w.says(w.addr().Home()+"/imprint", playlists.NotFound, "There is no such playlist here.")
	w.says(w.addr().Profile(bob.Handle), playlists.NotFound, "Bob has no playlist that Songferry can read.")
}

func TestALocalFollowerOfAPlaylistForFollowersIsDecidedOnToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bob := w.account("bob")
	friends := w.publish("Friends", playlists.Followers)
	want := w.wants(bob, w.addr().Actor(friends.PublicID))
	waiting, err := w.Followers(t.Context(), friends.PublicID)
	if err != nil || len(waiting) != 1 || waiting[0].Approved || want.Granted {
		t.Fatalf("%+v, %+v, %v", waiting, want, err)
	}
	granted := func() bool {
		now, err := w.store.Want(t.Context(), want.ID)
		w.ok(err)
		return now.Granted
	}
	w.ok(w.Decide(t.Context(), friends.PublicID, waiting[0].ID, true))
	w.steps()
	if !granted() {
		t.Error("approved, and not granted")
	}
	w.ok(w.Decide(t.Context(), friends.PublicID, waiting[0].ID, false))
	if granted() {
		t.Error("removed, and still granted")
	}
	if n := w.count(`SELECT COUNT(*) FROM deliveries`); n != 0 {
		t.Errorf("%d deliveries to ourselves", n)
	}
}

func TestWhatCannotBeFoundIsSaidPlainly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	other.Fail("/page", federationtest.Answer("text/html", "<h1>Hello</h1>"))
	other.Put("/note", map[string]any{"id": other.URL + "/note", "type": "Note"})
	other.Put("/gone", map[string]any{"id": other.URL + "/gone", "type": "Tombstone"})
	bob := other.AddActor("bob", map[string]any{"type": "Service"})
	for target, c := range map[string]struct {
		code     playlists.Code
		sentence string
	}{
		"":                          {playlists.Invalid, `"" is neither an address nor a handle.`},
		"road trip":                 {playlists.Invalid, "A handle looks like @alice@music.example, an address begins with https://."},
		"ftp://music.example/list":  {playlists.Invalid, "is neither an address nor a handle"},
		"javascript:alert(1)":       {playlists.Invalid, "is neither an address nor a handle"},
		"https://u:p@a.example/":    {playlists.Invalid, "That is not an address that this bridge can read."},
		"@nobody@" + other.Host():   {playlists.NotFound, "knows nobody called @nobody@" + other.Host()},
		other.URL + "/page":         {playlists.Invalid, "There is a page at this address, but nothing that can be followed or imported."},
		other.URL + "/note":         {playlists.Invalid, "This address does not hold an account or playlist that Songferry can read."},
		other.URL + "/gone":         {playlists.Gone, "What was at this address has been withdrawn."},
		other.URL + "/missing":      {playlists.NotFound, other.Host() + " has nothing at this address."},
		bob.ID:                      {playlists.NotFound, "@bob@" + other.Host() + " has no playlist that Songferry can read."},
		"https://10.0.0.1/list":     {playlists.Invalid, "10.0.0.1 is not on the public internet"},
		"@alice@localhost.invalid.": {playlists.Unavailable, "There is no server named localhost.invalid."},
	} {
		w.says(target, c.code, c.sentence)
	}
}

func TestAKeyThatIsADocumentSpeaksForNobodyWhoDoesNotNameIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared := w.instance() // a host with many accounts
	victim, mallory := shared.AddActor("victim", nil), shared.AddActor("mallory", nil)
	page := shared.URL + "/users/mallory/page" // where mallory may put documents
	key := mallory.Document["publicKey"].(map[string]any)
	shared.Put("/users/mallory/page", map[string]any{"id": page, "type": "Key", "owner": victim.ID, "publicKeyPem": key["publicKeyPem"]})

	if _, err := w.Lookup(t.Context(), w.alice.ID, page); playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("looked up: %v", err)
	}
	forger := *mallory
	forger.KeyID = page
	if status := shared.Send(&forger, w.addr().SharedInbox(), activity(victim, "Follow", 1, w.addr().Actor(w.alice.PublicID))); status < 400 {
		t.Errorf("believed: %d", status)
	}
	if n := w.count(`SELECT COUNT(*) FROM remote_keys WHERE key_id = $1`, page); n != 0 {
		t.Error("the key is kept as the victim's")
	}
	if status := shared.Send(victim, w.addr().SharedInbox(), activity(victim, "Follow", 2, w.addr().Actor(w.alice.PublicID))); status != 202 {
		t.Errorf("the victim: %d", status)
	}

	// A key of one's own in a document of its own is fine when the actor names it.
	stub := shared.URL + "/users/mallory/main-key"
	shared.Put("/users/mallory/main-key", map[string]any{"id": stub, "type": "Key", "owner": mallory.ID, "publicKeyPem": key["publicKeyPem"]})
	shared.Change(mallory, map[string]any{"publicKey": map[string]any{"id": stub, "owner": mallory.ID, "publicKeyPem": key["publicKeyPem"]}})
	forger.KeyID = stub
	if status := shared.Send(&forger, w.addr().SharedInbox(), activity(mallory, "Follow", 1, w.addr().Actor(w.alice.PublicID))); status != 202 {
		t.Errorf("a key of one's own: %d", status)
	}
}
