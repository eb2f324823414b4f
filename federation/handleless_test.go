package federation

import (
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// Nina has an account here, and no handle yet.
func TestWhoHasNoHandleIsNotOnTheFediverse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nina, err := w.store.AddAccount(t.Context(), playlists.Account{Name: "Nina"})
	w.ok(err)
	actor := w.addr().Actor(nina.PublicID)
	there := func() (n int) {
		for _, path := range []string{actor, actor + "/outbox", actor + "/followers", actor + "/playlists", fingerPath(actor), fingerPath("acct:nina@" + w.addr().Host()), "/@nina"} {
			switch a := w.get(path); {
			case a.status == 200:
				n++
			case a.status != 404:
				t.Errorf("%s: %d", path, a.status)
			}
		}
		return n
	}
	for _, path := range []string{"/@~" + string(nina.ID), "/@", fingerPath("acct:~" + string(nina.ID) + "@" + w.addr().Host())} {
		if a := w.get(path); a.status == 200 && strings.Contains(a.body, nina.PublicID) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	if n := there(); n != 0 {
		t.Errorf("she is there at %d addresses", n)
	}

	// She follows by reading, and no server elsewhere hears of her.
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(nina, "@mix@"+other.Host())
	bob := other.AddActor("bob", nil)
	_, err = w.store.WantPerson(t.Context(), playlists.PersonWant{Account: nina.ID, Origin: playlists.Remote, Person: bob.ID, Name: "Bob"})
	w.ok(err)
	w.steps()
	mix.set("One", "Two")
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); !slices.Equal(got, []string{"One", "Two"}) || len(other.Received()) > 0 {
		t.Errorf("she has %v; the other server got %v", got, other.Received())
	}
	for _, r := range other.Requests("") {
		if strings.Contains(r.KeyID, nina.PublicID) {
			t.Errorf("%s is signed as hers", r.Path)
		}
	}

	_, err1 := w.ProveBegin(t.Context(), nina.ID, "@bob@"+other.Host())
	_, err2 := w.Alias(t.Context(), nina.ID, "@bob@"+other.Host())
	_, err3 := w.MoveAway(t.Context(), nina.ID, "@bob@"+other.Host())
	_, err4 := w.RotateKeys(t.Context(), nina.ID)
	_, err5 := w.Subscribe(t.Context(), nina.ID, Found{Playlist: playlists.Playlist{Name: "Secret"}}, "", playlists.Sync, playlists.Keep)
	for i, err := range []error{err1, err2, err3, err4, err5} {
		if playlists.CodeOf(err) != playlists.Invalid || !strings.Contains(playlists.Say(err), "public name") {
			t.Errorf("%d: %v", i+1, err)
		}
	}

	// With a handle she is there, and follows as everybody does.
	_, err = w.store.ChooseHandle(t.Context(), nina.ID, "nina")
	w.ok(err)
	w.steps()
	if n := there(); n != 7 {
		t.Errorf("she is there at %d of 7 addresses", n)
	}
	if follows := sent(t, other, "Follow"); len(follows) != 2 {
		t.Errorf("%d Follows", len(follows))
	}
}
