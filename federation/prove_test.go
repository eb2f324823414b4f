package federation

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

// direct returns what the direct messages said that an actor elsewhere got, oldest first, and checks that each is one:
// addressed to that actor and nobody else, which it also mentions.
func (w *world) direct(i *federationtest.Instance, a *federationtest.Actor) (all []map[string]any) {
	w.t.Helper()
	w.step(w.DeliverOnce)
	for _, d := range sent(w.t, i, "Create") {
		note := d.Activity["object"].(map[string]any)
		if fmt.Sprint(note["to"]) != "["+a.ID+"]" {
			continue
		}
		if d.Path != "/users/"+a.Name+"/inbox" || fmt.Sprint(d.Activity["to"]) != "["+a.ID+"]" || fmt.Sprint(note["cc"]) != "[]" || d.Activity["cc"] != nil ||
			note["attributedTo"] != d.Signer || !strings.Contains(fmt.Sprint(note["tag"]), "href:"+a.ID) || note["type"] != "Note" || note["name"] != nil {
			w.t.Errorf("not a direct message: %s", d.Raw)
		}
		all = append(all, note)
	}
	return all
}

// told returns what the newest direct message said, as a person reads it, "" when there is none.
func (w *world) told(i *federationtest.Instance, a *federationtest.Actor) string {
	w.t.Helper()
	all := w.direct(i, a)
	if len(all) == 0 {
		return ""
	}
	return plainText(all[len(all)-1]["content"].(string), 10_000)
}

var codePattern = regexp.MustCompile(`\d{3}-\d{3}`)

// code has a code sent and returns it.
func (w *world) code(i *federationtest.Instance, a *federationtest.Actor) string {
	w.t.Helper()
	_, err := w.ProveBegin(w.t.Context(), w.alice.ID, "@"+a.Name+"@"+i.Host())
	w.ok(err)
	code := codePattern.FindString(w.told(i, a))
	if code == "" {
		w.t.Fatalf("no code in %q", w.told(i, a))
	}
	return code
}

// proves makes an actor elsewhere alice's.
func (w *world) proves(i *federationtest.Instance, a *federationtest.Actor) {
	w.t.Helper()
	_, err := w.ProveFinish(w.t.Context(), w.alice.ID, w.code(i, a))
	w.ok(err)
	w.step(w.DeliverOnce)
	w.clock.forward(time.Second)
}

// proven is another server with an account that is proven to be alice's.
func (w *world) proven() (*federationtest.Instance, *federationtest.Actor) {
	w.t.Helper()
	i := w.instance()
	a := i.AddActor("alice", nil)
	w.proves(i, a)
	return i, a
}

func (w *world) provenNow() bool {
	w.t.Helper()
	_, ok, err := w.provenAccount(w.t.Context(), w.alice.ID)
	w.ok(err)
	return ok
}

func TestAPersonProvesThatAFediverseAccountIsTheirs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	me := other.AddActor("alice", nil)
	handle, err := w.ProveBegin(t.Context(), w.alice.ID, "alice@"+other.Host())
	if err != nil || handle != "@alice@"+other.Host() {
		t.Fatalf("%q, %v", handle, err)
	}
	said := w.told(other, me)
	for _, want := range []string{"Alice (@alice@" + w.addr().Host() + ") says", "If it was not you", "one hour"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %q", want, said)
		}
	}
	code := codePattern.FindString(said)
	for n := range 2 { // a try that fails costs nothing but itself
		_, err := w.ProveFinish(t.Context(), w.alice.ID, fmt.Sprint(n))
		problem(t, "a wrong code", err, playlists.Invalid)
	}
	if w.provenNow() {
		t.Fatal("proven by a wrong code")
	}
	if handle, err = w.ProveFinish(t.Context(), w.alice.ID, " "+strings.ReplaceAll(code, "-", " ")); err != nil || handle != "@alice@"+other.Host() {
		t.Fatalf("%q, %v", handle, err)
	}
	a, ok, err := w.provenAccount(t.Context(), w.alice.ID)
	if err != nil || !ok || a.ID != me.ID || a.Inbox != me.Inbox {
		t.Errorf("%+v, %v, %v", a, ok, err)
	}
	if said := w.told(other, me); !strings.Contains(said, "this account is yours now") {
		t.Errorf("told %q", said)
	}
	_, err = w.ProveFinish(t.Context(), w.alice.ID, code)
	problem(t, "a code once more", err, playlists.Invalid)
	if n := w.count(`SELECT COUNT(*) FROM proofs WHERE CAST(code AS TEXT) LIKE '%' || $1 || '%'`, strings.ReplaceAll(code, "-", "")); n != 0 {
		t.Error("the code can be read in the database")
	}

	w.ok(w.ProveForget(t.Context(), w.alice.ID))
	if w.provenNow() {
		t.Error("still proven")
	}
	problem(t, "to forget nothing", w.ProveForget(t.Context(), w.alice.ID), playlists.NotFound)
}

func TestACodeCannotBeGuessedAndDoesNotLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	me := other.AddActor("alice", nil)
	code := w.code(other, me)
	wrong := "000-000"
	if code == wrong {
		wrong = "000-001"
	}
	for range codes.Tries {
		_, err := w.ProveFinish(t.Context(), w.alice.ID, wrong)
		problem(t, "a guess", err, playlists.Invalid)
	}
	_, err := w.ProveFinish(t.Context(), w.alice.ID, code)
	problem(t, "the code after five guesses", err, playlists.Invalid)

	code = w.code(other, me)
	bob := w.account("bob")
	_, err = w.ProveFinish(t.Context(), bob.ID, code)
	problem(t, "another account's code", err, playlists.Invalid)
	w.clock.forward(codes.Life)
	_, err = w.ProveFinish(t.Context(), w.alice.ID, code)
	problem(t, "an old code", err, playlists.Invalid)

	old := w.code(other, me)
	w.clock.forward(24 * time.Hour)
	if newer := w.code(other, me); newer != old {
		_, err = w.ProveFinish(t.Context(), w.alice.ID, old)
		problem(t, "a code that was replaced", err, playlists.Invalid)
	}
}

func TestNobodyIsPesteredWithCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := other.AddActor("carol", nil)
	accounts := []playlists.Account{w.alice}
	for n := range codes.ToOne {
		accounts = append(accounts, w.account(fmt.Sprintf("account%d", n)))
	}
	for n, a := range accounts {
		_, err := w.ProveBegin(t.Context(), a.ID, "@carol@"+other.Host())
		if n < codes.ToOne {
			w.ok(err)
		} else {
			problem(t, "one code too many for Carol", err, playlists.Unavailable)
		}
	}
	for n := range codes.OfAccount {
		name := fmt.Sprintf("dave%d", n)
		other.AddActor(name, nil)
		_, err := w.ProveBegin(t.Context(), w.alice.ID, "@"+name+"@"+other.Host())
		if n < codes.OfAccount-1 {
			w.ok(err)
		} else {
			problem(t, "one code too many of Alice", err, playlists.Unavailable)
		}
	}
	if got := w.direct(other, carol); len(got) != codes.ToOne {
		t.Errorf("Carol got %d messages", len(got))
	}

	// Who blocks the account gets no code from it again, on no day.
	w.clock.forward(48 * time.Hour)
	other.Send(carol, w.addr().SharedInbox(), activity(carol, "Block", 1, w.addr().Actor(w.alice.PublicID)))
	w.steps()
	_, err := w.ProveBegin(t.Context(), w.alice.ID, "@carol@"+other.Host())
	problem(t, "a code for who blocks", err, playlists.Forbidden)
	_, err = w.ProveFinish(t.Context(), w.alice.ID, "123456")
	problem(t, "a guess after a block", err, playlists.Invalid)
	block := map[string]any{"id": carol.ID + "#block/1", "type": "Block", "actor": carol.ID, "object": w.addr().Actor(w.alice.PublicID)}
	other.Send(carol, w.addr().SharedInbox(), activity(carol, "Undo", 1, block))
	w.steps()
	w.code(other, carol)
}

func TestWhoCannotBeProven(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *Config) { c.Policy.Blocked = []string{"blocked.example"} })
	other := w.instance()
	other.AddActor("moved", map[string]any{"movedTo": "https://elsewhere.example/users/x"})
	other.AddActor("mute", map[string]any{"inbox": nil})
	for handle, code := range map[string]playlists.Code{
		"@alice@" + w.addr().Host():    playlists.Invalid,
		"alice":                        playlists.Invalid,
		"@nobody@" + other.Host():      playlists.NotFound,
		"@moved@" + other.Host():       playlists.Invalid,
		"@mute@" + other.Host():        playlists.Invalid,
		"@x@blocked.example":           playlists.Forbidden,
		"@x@10.0.0.1":                  playlists.Invalid,
		"@" + strings.Repeat("x", 999): playlists.Invalid,
	} {
		_, err := w.ProveBegin(t.Context(), w.alice.ID, handle)
		problem(t, handle, err, code)
	}
	if n := w.count(`SELECT COUNT(*) FROM proofs`) + w.count(`SELECT COUNT(*) FROM deliveries`); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
	w.here.Store(nil)
	_, err := w.ProveBegin(t.Context(), w.alice.ID, "@alice@"+other.Host())
	problem(t, "a bridge without an address", err, playlists.Invalid)
}

func TestAFediverseAccountLeadsToOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	bob := w.account("bob")
	_, err := w.ProveBegin(t.Context(), bob.ID, "@alice@"+other.Host())
	w.ok(err)
	code := codePattern.FindString(w.told(other, me))
	_, err = w.ProveFinish(t.Context(), bob.ID, code)
	problem(t, "the account of another", err, playlists.Forbidden)
	w.ok(w.ProveForget(t.Context(), w.alice.ID))
	if _, err = w.ProveFinish(t.Context(), bob.ID, code); err != nil {
		t.Errorf("after the other forgot it: %v", err)
	}
}

func TestAProofEndsInManyWays(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, i *federationtest.Instance, me *federationtest.Actor){
		"block": func(w *world, i *federationtest.Instance, me *federationtest.Actor) {
			i.Send(me, w.addr().SharedInbox(), activity(me, "Block", 1, w.addr().Actor(w.alice.PublicID)))
		},
		"deletion": func(w *world, i *federationtest.Instance, me *federationtest.Actor) {
			i.Send(me, w.addr().SharedInbox(), activity(me, "Delete", 1, me.ID))
		},
		"move": func(w *world, i *federationtest.Instance, me *federationtest.Actor) {
			move := activity(me, "Move", 1, me.ID)
			move["target"] = i.URL + "/users/new"
			i.Send(me, w.addr().SharedInbox(), move)
		},
		"inbox that is gone": func(w *world, i *federationtest.Instance, me *federationtest.Actor) {
			i.Fail("/users/alice/inbox", federationtest.Status(410))
			w.notify()
			w.step(w.MessagesOnce)
		},
		"actor that is gone": func(w *world, i *federationtest.Instance, me *federationtest.Actor) {
			w.clock.forward(2 * actorFresh)
			i.Fail("/users/alice", federationtest.Status(410))
			w.notify()
			w.step(w.MessagesOnce)
		},
		"moved meanwhile": func(w *world, i *federationtest.Instance, me *federationtest.Actor) {
			w.clock.forward(2 * actorFresh)
			i.Change(me, map[string]any{"movedTo": i.URL + "/users/new"})
			w.notify()
			w.step(w.MessagesOnce)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			other := w.instance()
			me, carol := other.AddActor("alice", nil), other.AddActor("carol", nil)
			w.proves(other, me)
			w.steps()
			other.Send(carol, w.addr().SharedInbox(), activity(carol, "Block", 1, w.addr().Actor(w.alice.PublicID)))
			other.Send(carol, w.addr().SharedInbox(), activity(carol, "Move", 2, me.ID))
			w.steps()
			if !w.provenNow() {
				t.Fatal("a stranger ended it")
			}
			end(w, other, me)
			w.steps()
			if w.provenNow() {
				t.Error("still proven")
			}
		})
	}
}
