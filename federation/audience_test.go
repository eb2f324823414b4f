package federation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

func TestNarrowingTakesPostsBackAndWideningLetsInWhoWaited(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"].(string)
	asBob := r.signedBy(r.bob)
	if got := r.get(r.addr().Collection(r.pub.PublicID), asBob); got.status != 200 {
		t.Fatalf("before: %d", got.status)
	}
	r.republish(r.pub.Playlist, playlists.Followers)
	if got := r.get(r.addr().Collection(r.pub.PublicID), asBob); got.status != 404 {
		t.Errorf("whoever followed an open playlist may read it %d before its owner is asked", got.status)
	}
	r.steps()
	for name, i := range map[string]*federationtest.Instance{"bob": r.bobs, "carol": r.carols} {
		if got := objects(t, i, "Delete", "Tombstone"); len(got) != 2 || !strings.Contains(fmt.Sprint(got), note) || !strings.Contains(fmt.Sprint(got), r.addr().Note(pinned+r.pub.PublicID)) {
			t.Errorf("%s's server: deleted %v", name, got)
		}
	}
	if got := r.get(note); got.status != 410 {
		t.Errorf("the post answers %d", got.status)
	}

	// News are for approved followers now: no Announce, no hashtag, and nobody else may read them.
	r.ok(r.Decide(t.Context(), r.pub.PublicID, r.bob.ID, true))
	r.later(2 * day)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Fog")
	r.later(time.Hour)
	got := objects(t, r.bobs, "Create", "Note")
	if len(got) != 2 || strings.Contains(fmt.Sprint(got[1]), publicCollection) || strings.Contains(fmt.Sprint(got[1]), "Hashtag") {
		t.Fatalf("told %v", got)
	}
	if n := len(sent(t, r.carols, "Announce")); n != 1 {
		t.Errorf("%d Announces", n)
	}
	secret := got[1]["id"].(string)
	if stranger, bob := r.get(secret).status, r.get(secret, asBob).status; stranger != 404 || bob != 200 {
		t.Errorf("the post answers %d to strangers, %d to bob", stranger, bob)
	}

	r.world.follow(r.carols, r.carol, 2, r.addr().Actor(r.pub.PublicID))
	accepts := len(sent(t, r.carols, "Accept"))
	r.republish(r.pub.Playlist, playlists.Public)
	r.steps()
	if n := len(sent(t, r.carols, "Accept")) - accepts; n != 1 {
		t.Error("carol still waits for an open playlist")
	}
}

func TestAWithdrawalIsToldToThoseWhoSawTheBoost(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"].(string)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Last Tram")
	r.clock.forward(2 * day)
	r.step(r.NewsOnce) // its deliveries wait
	if n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'announce-%'`); n == 0 {
		t.Fatal("no boost waits to be sent")
	}
	r.republish(r.pub.Playlist, playlists.Private)
	r.step(r.AnnounceOnce)
	if n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'announce-%' OR activity LIKE 'create-%'`); n != 0 {
		t.Error("what was withdrawn is still to be sent")
	}
	n := r.count(`SELECT COUNT(*) FROM deliveries WHERE activity LIKE 'delete-%'`)
	if n != 2 {
		t.Errorf("%d of 2 servers are told", n)
	}
	if got := r.get(note); got.status != 410 {
		t.Errorf("the post answers %d", got.status)
	}
	if n := r.count(`SELECT COUNT(*) FROM posts WHERE note <> ''`); n != 0 {
		t.Error("what a withdrawn playlist told is still kept")
	}
}
