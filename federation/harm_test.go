package federation

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

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

func TestAReportOfThousandsOfThingsCostsNoThousandsOfQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	things := func(missing int) []string {
		list := []any{"https://elsewhere.example/1"}
		for n := range missing {
			list = append(list, fmt.Sprint(w.addr().Actor("x"), n))
		}
		raw, err := json.Marshal(map[string]any{"object": append(list, w.addr().Actor(w.alice.PublicID))})
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
		many = append(many, fmt.Sprint(w.addr().Actor("x"), n))
	}
	if n := len(w.oursAmong(many)); n != maxTargets {
		t.Errorf("%d addressees of a message are looked up", n)
	}
}

func TestInventedHostsKeepNoRealOneOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	var q quotas
	for n := range 10 * maxNewHosts {
		if done := q.fetch(fmt.Sprintf("invented%d.victim.example", n), now); done != nil {
			done(false)
		}
	}
	for n := range maxNewHosts + 1 {
		done := q.fetch(fmt.Sprintf("real%d.victim.example", n), now)
		if (done != nil) != (n < maxNewHosts) {
			t.Fatalf("host %d: admitted %v", n, done != nil)
		}
		if done != nil {
			done(true)
		}
	}
	if done := q.fetch("real0.victim.example", now); done == nil {
		t.Error("a host that was seen is refused")
	} else {
		done(false) // a key that is not there
	}
	if q.fetch("real0.victim.example", now) == nil {
		t.Error("a host that was seen is forgotten by a key that is not there")
	}
}

func TestANewKeyTakesNoMoveBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := other.AddActor("carol", nil)
	w.follow(other, carol, 1, w.addr().Actor(w.alice.PublicID))
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
	w.follow(other, carol, 1, w.addr().Actor(w.alice.PublicID))
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

func TestWhoBlocksOneAccountGetsNoMoreCodesThanOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	carol := other.AddActor("carol", nil)
	w.code(other, carol)
	other.Send(carol, w.addr().SharedInbox(), activity(carol, "Block", 1, w.addr().Actor(w.alice.PublicID)))
	w.steps()
	for n := 1; n <= codes.ToOne; n++ {
		_, err := w.ProveBegin(t.Context(), w.account(fmt.Sprint("neighbour", n)).ID, "@carol@"+other.Host())
		if (err == nil) != (n < codes.ToOne) {
			t.Errorf("code %d: %v", n+1, err)
		}
	}
}

func TestNamesBelowADomainFillNobodysListOfThoseWhoWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	friends := w.publish("Friends", playlists.Followers)
	for n := range maxPendingOfHost {
		w.exec(`INSERT INTO followers (`+followerColumns+`, at, domain) VALUES ($1, $2, $3, 'pending', '', '', '', 1, 'evil.example')`, friends.PublicID, fmt.Sprint("x", n),
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

func TestOneDomainTakesAQuarterOfThePlacesForFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road := w.publish("Road trip", playlists.Public)
	w.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO followers (`+followerColumns+`, at, domain)
		SELECT $2, 'x' || i, 'h' || (i % 7) || '.evil.example', 'accepted', '', '', '', 1, 'evil.example' FROM n`, maxFollowersOfDomain, road.PublicID)
	for host, want := range map[string]bool{"new.evil.example": true, "evil.example:8443": true, "devil.example": false} {
		w.ok(playlists.InTx(t.Context(), w.db, func(tx *sql.Tx) error {
			full, err := tooMany(t.Context(), tx, follower{actor: road.PublicID, host: host, state: accepted})
			if full != want {
				t.Errorf("%s: full %v", host, full)
			}
			return err
		}))
	}
}
