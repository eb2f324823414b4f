package federation

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestReactionsAreCountedOnceAndTakenBack(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"].(string)
	answer := func(n int) map[string]any {
		return map[string]any{"id": fmt.Sprintf("%s/notes/%d", r.bob.ID, n), "type": "Note", "attributedTo": r.bob.ID, "inReplyTo": note, "content": "<script>nice</script>"}
	}
	send := func(i *federationtest.Instance, by *federationtest.Actor, a map[string]any) {
		t.Helper()
		if status := i.Send(by, r.addr().SharedInbox(), a); status != 202 {
			t.Errorf("%v: %d", a["type"], status)
		}
		r.step(r.InboxOnce)
	}
	count := func(want Reactions) {
		t.Helper()
		sent, err := r.SentNewsOf(context.Background(), r.alice.ID, 1)
		r.ok(err)
		if sent[0].Reactions != want {
			t.Errorf("counted %+v, want %+v", sent[0].Reactions, want)
		}
	}
	likes := activity(r.bob, "Like", 1, note)
	send(r.bobs, r.bob, likes)
	send(r.bobs, r.bob, likes)
	send(r.bobs, r.bob, activity(r.bob, "Like", 2, note))
	send(r.carols, r.carol, activity(r.carol, "EmojiReact", 1, note))
	send(r.carols, r.carol, activity(r.carol, "Announce", 1, note))
	send(r.bobs, r.bob, activity(r.bob, "Create", 1, answer(1)))
	send(r.bobs, r.bob, activity(r.bob, "Create", 2, answer(2)))
	count(Reactions{Likes: 2, Shares: 1, Replies: 2})

	foreign := answer(3)
	foreign["id"] = r.carols.URL + "/notes/9"
	send(r.bobs, r.bob, activity(r.bob, "Create", 3, foreign))                      // another server's reply
	send(r.bobs, r.bob, activity(r.bob, "Like", 4, r.addr().Note("nosuchpost")))    // of nothing
	send(r.carols, r.carol, activity(r.carol, "Undo", 5, likes))                    // of somebody else
	send(r.carols, r.carol, activity(r.carol, "Delete", 6, answer(1)["id"]))        // likewise
	send(r.bobs, r.bob, activity(r.bob, "Like", 7, r.addr().Actor(r.pub.PublicID))) // of no post
	count(Reactions{Likes: 2, Shares: 1, Replies: 2})

	send(r.bobs, r.bob, activity(r.bob, "Undo", 8, likes))
	send(r.carols, r.carol, activity(r.carol, "Undo", 9, r.carol.ID+"#announce/1"))
	send(r.bobs, r.bob, activity(r.bob, "Delete", 10, map[string]any{"type": "Tombstone", "id": answer(1)["id"]}))
	count(Reactions{Likes: 1, Shares: 0, Replies: 1})
	if n := r.count(`SELECT COUNT(*) FROM inbox WHERE body <> ''`); n != 0 {
		t.Errorf("%d bodies are kept", n)
	}

	// In the end only their number is kept.
	r.clock.forward(KeepReactions)
	send(r.bobs, r.bob, activity(r.bob, "Announce", 11, note))
	r.clock.forward(time.Second)
	for range 2 {
		r.ok(r.Tidy(t.Context()))
		count(Reactions{Likes: 1, Shares: 1, Replies: 1})
	}
	if n := r.count(`SELECT COUNT(*) FROM reactions`); n != 1 {
		t.Errorf("%d rows are kept", n)
	}
	send(r.bobs, r.bob, activity(r.bob, "Undo", 12, r.bob.ID+"#announce/11"))
	count(Reactions{Likes: 1, Shares: 0, Replies: 1})
}
