package federation

import (
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

func TestAnOwnerSeesHowEveryPlaylistStands(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	friends := r.publish("Friends", playlists.Followers)
	r.world.follow(r.bobs, r.bob, 2, r.addr().Actor(friends.PublicID))
	r.steps()
	r.now("one", "two", "three")
	r.later(time.Hour)

	all, err := r.Standings(t.Context(), r.alice)
	if err != nil {
		t.Fatal(err)
	}
	if s := all[r.pub.PublicID]; s.Followers != 1 || s.Waiting != 0 || s.LastNews.IsZero() {
		t.Errorf("the public one: %+v", s)
	}
	if s := all[friends.PublicID]; s != (Standing{Waiting: 1}) {
		t.Errorf("the one for followers: %+v", s)
	}
	if s := all[r.alice.PublicID]; s != (Standing{Followers: 1}) {
		t.Errorf("alice herself: %+v", s)
	}
	if n, err := r.Waiting(t.Context(), r.alice); n != 1 || err != nil {
		t.Errorf("%d wait, %v", n, err)
	}
	for pub, want := range map[playlists.Publication]int{r.pub: 1, friends: 0} {
		if sent, err := r.SentNewsAbout(t.Context(), pub, 10); err != nil || len(sent) != want {
			t.Errorf("%s: sent %+v, %v", pub.Handle, sent, err)
		}
	}
}
