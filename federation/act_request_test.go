package federation

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// asked sends a request for an approval and returns the answer, nil when there is none.
func (w *world) asked(i *federationtest.Instance, a *federationtest.Actor, kind string, n int, object string, instrument any) map[string]any {
	w.t.Helper()
	before := len(i.Received())
	request := activity(a, kind, n, object)
	request["instrument"] = instrument
	if status := i.Send(a, w.addr().SharedInbox(), request); status != 202 {
		w.t.Fatalf("%s: %d", kind, status)
	}
	w.steps()
	got := i.Received()[before:]
	switch {
	case len(got) == 0:
		return nil
	case len(got) > 1 || got[0].Err != nil || got[0].Activity["object"].(map[string]any)["id"] != request["id"]:
		w.t.Fatalf("%s of %s: %+v", kind, object, got)
	}
	return got[0].Activity
}

// answerType is the type of an answer, "" when there is none.
func answerType(answer map[string]any) string {
	kind, _ := answer["type"].(string)
	return kind
}

// posted makes an actor of ours have these posts and no others.
func (w *world) posted(actor string, notes ...string) {
	w.t.Helper()
	w.exec(`DELETE FROM posts WHERE actor = $1`, actor)
	for _, note := range notes {
		w.exec(`INSERT INTO posts (`+postColumns+`) VALUES ($1, $2, $3, '', '[]', '{}', '', 1, 1, 0, 0)`, note, actor, w.alice.ID)
	}
}

func TestAQuoteOfAPublicPostIsApproved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	w.posted(road.PublicID, "news1")
	post := other.URL + "/posts/1"
	answer := w.asked(other, bob, "QuoteRequest", 1, w.addr().Note("news1"), map[string]any{"id": post, "type": "Note", "attributedTo": bob.ID})
	stamp, _ := answer["result"].(string)
	if answerType(answer) != "Accept" || answer["actor"] != w.addr().Actor(road.PublicID) || !strings.HasPrefix(stamp, w.addr().Actor(road.PublicID)+"/stamps/") {
		t.Fatalf("answered %v", answer)
	}
	var shown map[string]any
	w.ok(json.Unmarshal([]byte(w.get(stamp).body), &shown))
	if shown["id"] != stamp || shown["type"] != "QuoteAuthorization" || shown["attributedTo"] != w.addr().Actor(road.PublicID) ||
		shown["interactingObject"] != post || shown["interactionTarget"] != w.addr().Note("news1") {
		t.Errorf("the stamp says %v", shown)
	}
	if again := w.asked(other, bob, "QuoteRequest", 2, w.addr().Note("news1"), post); again["result"] != stamp {
		t.Errorf("asked again: %v", again)
	}

	// When the post goes the approval goes, and who had asked is told.
	w.posted(road.PublicID)
	if a := w.get(stamp); a.status != 404 {
		t.Errorf("after the post is gone: %d", a.status)
	}
	w.clock.forward(2 * stampRecheck)
	w.ok(w.Tidy(t.Context()))
	w.step(w.DeliverOnce)
	if got := sent(t, other, "Delete"); len(got) != 1 || got[0].Activity["object"] != stamp || w.count(`SELECT COUNT(*) FROM stamps`) != 0 {
		t.Errorf("revoked by %v", got)
	}
}

func TestE86RequestsForWhatIsNotOursOrNotPublicAreRefusedOrIgnored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, friends, link := w.publish("Road trip", playlists.Public), w.publish("Friends", playlists.Followers), w.publish("For Bob", playlists.Link)
	unlisted := w.publish("Quiet", playlists.Unlisted)
	other, third := w.instance(), w.instance()
	bob, eve := other.AddActor("bob", nil), other.AddActor("eve", nil)
	w.posted(road.PublicID, "news1")
	post, a := other.URL+"/posts/1", w.addr()
	theirs := map[string]any{"id": post, "type": "Note", "attributedTo": eve.ID}
	for n, c := range []struct {
		kind, object string
		instrument   any
		want         string
	}{
		{"QuoteRequest", third.URL + "/posts/2", post, ""},
		{"QuoteRequest", bob.ID, post, ""},
		{"QuoteRequest", a.Note("news1") + "/activity", post, ""},
		{"QuoteRequest", a.Actor(road.PublicID), post, ""},
		{"QuoteRequest", a.Note("news1"), nil, ""},
		{"QuoteRequest", a.Note("news1"), "not an address", ""},
		{"QuoteRequest", a.Note("news1"), third.URL + "/posts/2", "Reject"}, // somebody else's post
		{"QuoteRequest", a.Note("news1"), theirs, "Reject"},
		{"QuoteRequest", a.Note("secret"), post, "Reject"},
		{"QuoteRequest", a.Note("news1"), post, "Accept"},
		{"FeatureRequest", eve.ID, post, ""},
		{"FeatureRequest", a.Inbox(road.PublicID), post, ""},
		{"FeatureRequest", a.Note("news1"), post, ""},
		{"FeatureRequest", a.Actor(link.PublicID), post, ""},
		{"FeatureRequest", a.Actor("aaaaaaaaaaaaaaaaaaaaaaaaaa"), post, ""},
		{"FeatureRequest", a.Actor(friends.PublicID), post, "Reject"},
		{"FeatureRequest", a.Actor(unlisted.PublicID), post, "Reject"},
		{"FeatureRequest", a.Actor(road.PublicID), post, "Accept"},
		{"FeatureRequest", a.Actor(w.alice.PublicID), post, "Accept"},
		{"FeatureRequest", a.Actor(w.account("bob").PublicID), post, "Reject"}, // who has nothing public
	} {
		if got := answerType(w.asked(other, bob, c.kind, n, c.object, c.instrument)); got != c.want {
			t.Errorf("%s of %s by %v: %q, want %q", c.kind, c.object, c.instrument, got, c.want)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM stamps`); n != 3 {
		t.Errorf("%d approvals", n)
	}
	if got := w.get(a.Actor(road.PublicID) + "/stamps/feature-0"); got.status != 404 {
		t.Errorf("a stamp that never was: %d", got.status)
	}
}

func TestAPlaceInACollectionIsTakenBackWithThePlaylist(t *testing.T) {
	t.Parallel()
	for _, then := range []playlists.Audience{playlists.Unlisted, playlists.Private} {
		w := newWorld(t)
		road, other := w.publish("Road trip", playlists.Public), w.instance()
		bob := other.AddActor("bob", nil)
		actor := w.addr().Actor(road.PublicID)
		if !strings.Contains(w.get(actor).body, `"canFeature":{"automaticApproval":["`+publicCollection+`"]}`) {
			t.Errorf("the actor says %s", w.get(actor).body)
		}
		answer := w.asked(other, bob, "FeatureRequest", 1, actor, other.URL+"/collections/1")
		stamp := answer["result"].(string)
		var shown map[string]any
		w.ok(json.Unmarshal([]byte(w.get(stamp).body), &shown))
		if shown["type"] != "FeatureAuthorization" || shown["interactingObject"] != other.URL+"/collections/1" || shown["interactionTarget"] != actor {
			t.Errorf("the stamp says %v", shown)
		}
		w.republish(road.Playlist, then)
		if a := w.get(stamp); a.status != 404 {
			t.Errorf("%s: the stamp answers %d", then, a.status)
		}
		w.steps()
		told := map[string]bool{} // a withdrawn actor's key cannot be had, so the same Delete is tried with both kinds of signatures
		for _, d := range other.Received() {
			if strings.Contains(string(d.Raw), `"type":"Delete"`) && strings.Contains(string(d.Raw), `"object":"`+stamp+`"`) {
				told[string(d.Raw)] = true
			}
		}
		if len(told) != 1 || w.count(`SELECT COUNT(*) FROM stamps`) != 0 {
			t.Errorf("%s: told %d times", then, len(told))
		}
		if strings.Contains(w.get(actor).body, "canFeature\":{\"auto") {
			t.Errorf("%s: the actor still says that it may be listed", then)
		}
	}
}

func TestApprovalsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	w.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO stamps (id, kind, actor, target, object, asker, inbox, checked, at) SELECT 'x' || i, 'feature', $2, $2, '', '', '', $3, 0 FROM n`,
		maxStamps, road.PublicID, w.clock.now().Add(time.Hour).UnixMilli())
	if got := answerType(w.asked(other, bob, "FeatureRequest", 1, w.addr().Actor(road.PublicID), other.URL+"/collections/1")); got != "Reject" {
		t.Errorf("one too many: %q", got)
	}
}

func TestALongRequestIsAnsweredShortly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	road, other := w.publish("Road trip", playlists.Public), w.instance()
	bob := other.AddActor("bob", nil)
	w.posted(road.PublicID, "news1")
	long := map[string]any{"id": other.URL + "/posts/1", "type": "Note", "attributedTo": bob.ID, "content": strings.Repeat("x", maxFollow)}
	answer := w.asked(other, bob, "QuoteRequest", 1, w.addr().Note("news1"), long)
	if got := answer["object"].(map[string]any); answerType(answer) != "Accept" || got["instrument"] != other.URL+"/posts/1" || got["type"] != "QuoteRequest" {
		t.Errorf("answered %v", answer)
	}
}
