package federation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// Alice deletes her account: whoever followed her or a playlist of hers hears of it, and whom she followed.
func TestWhoDeletesTheirAccountIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	pub := w.publish("Road trip", playlists.Public)
	w.steps()
	fans, friends := w.instance(), w.instance()
	bob := fans.AddActor("bob", nil)
	actor, list := w.addr().Actor(w.alice.PublicID), w.addr().Actor(pub.PublicID)
	for n, object := range []string{actor, list} {
		if status := fans.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", n, object)); status != 202 {
			t.Fatalf("Follow: %d", status)
		}
	}
	w.list(friends, "mix", "One")
	w.wants(w.alice, "@mix@"+friends.Host())
	w.steps()
	w.exec(`INSERT INTO proofs (id, account_id, actor, handle, code, tries, at, ended) VALUES ('1', $1, 'x', 'x', '', 0, $2, 0)`, w.alice.ID, w.clock.now().UnixMilli())

	w.ok(w.store.DeleteAccount(ctx, w.alice.ID))
	w.steps()
	var deleted []string
	for _, d := range sent(t, fans, "Delete") { // whose signatures the instance has checked
		object, _ := d.Activity["object"].(map[string]any)
		id, _ := object["id"].(string)
		deleted = append(deleted, id)
	}
	slices.Sort(deleted)
	if want := slices.Sorted(slices.Values([]string{actor, list})); !slices.Equal(deleted, want) {
		t.Errorf("her followers are told of %q", deleted)
	}
	if undone, gone := sent(t, friends, "Undo"), sent(t, friends, "Delete"); len(undone) != 1 || len(gone) > 1 {
		t.Errorf("whom she followed is told %d times that she stopped, %d times that she is gone", len(undone), len(gone))
	}
	for path, status := range map[string]int{actor: 410, list: 410, actor + "/outbox": 404, fingerPath("acct:alice@" + w.addr().Host()): 404, "/@alice": 404,
		w.addr().Collection(pub.PublicID): 410, w.addr().Actor("nobody"): 404, w.addr().Actor(string(w.alice.ID)): 404} {
		if a := w.get(path); a.status != status || strings.Contains(a.body, "Alice") {
			t.Errorf("%s: %d, want %d\n%s", path, a.status, status, a.body)
		}
	}
	for _, table := range []string{`followers`, `proofs`, `subscriptions`, `announcements`, `posts WHERE note <> ''`} {
		if n := w.count(`SELECT COUNT(*) FROM ` + table); n != 0 {
			t.Errorf("%d rows are left of %s", n, table)
		}
	}
	// A new follow of hers finds nobody.
	fans.Send(bob, w.addr().SharedInbox(), activity(bob, "Follow", 3, actor))
	w.steps()
	if n := w.count(`SELECT COUNT(*) FROM followers`); n != 0 {
		t.Errorf("%d followers of nobody", n)
	}

	w.ok(w.Tidy(ctx))
	if n := w.count(`SELECT COUNT(*) FROM signing_keys WHERE actor = $1`, w.alice.PublicID); n != 1 {
		t.Error("her key went before she had said all")
	}
	w.clock.forward(25 * time.Hour)
	w.ok(w.Tidy(ctx))
	if n := w.count(`SELECT COUNT(*) FROM signing_keys WHERE actor = $1`, w.alice.PublicID); n != 0 {
		t.Error("her key is kept")
	}
}

func TestWhoNobodyKnewLeavesUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nina, err := w.store.AddAccount(t.Context(), playlists.Account{Name: "Nina"})
	w.ok(err)
	w.ok(w.store.DeleteAccount(t.Context(), nina.ID))
	w.steps()
	if a := w.get(w.addr().Actor(nina.PublicID)); a.status != 404 || w.count(`SELECT COUNT(*) FROM activities WHERE actor = $1`, nina.PublicID) != 0 {
		t.Errorf("%d", a.status)
	}
}
