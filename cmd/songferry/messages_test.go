package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// phone is a person's account on Mastodon, from which they write to their bridge.
type phone struct {
	*federationtest.Instance
	me *federationtest.Actor
	n  int // messages sent
}

func newPhone(t *testing.T, name string) *phone {
	p := &phone{Instance: federationtest.New(t)}
	p.me = p.AddActor(name, nil)
	return p
}

// writes sends a direct message to the actor of an account.
func (p *phone) writes(to *person, content string) {
	to.t.Helper()
	p.n++
	actor := to.origin().String() + "/ap/actors/" + to.account.PublicID
	note := map[string]any{"id": fmt.Sprintf("%s/statuses/%d", p.me.ID, p.n), "type": "Note", "attributedTo": p.me.ID, "to": []string{actor}, "cc": []string{},
		"tag":     []any{map[string]any{"type": "Mention", "href": actor, "name": "@" + to.account.Handle + "@" + to.origin().Host}},
		"content": `<p><span class="h-card"><a href="` + to.origin().String() + `/@alice" class="u-url mention">@<span>alice</span></a></span> ` + content + `</p>`}
	create := map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": fmt.Sprint(note["id"], "/activity"), "type": "Create",
		"actor": p.me.ID, "to": note["to"], "cc": note["cc"], "object": note}
	if status := p.Send(p.me, to.origin().String()+"/ap/inbox", create); status != 202 {
		to.t.Fatalf("the direct message was answered with %d", status)
	}
}

// got returns the content of the direct messages that came, oldest first.
func (p *phone) got(t *testing.T) (all []string) {
	t.Helper()
	for _, d := range p.Received() {
		if d.Err != nil {
			t.Errorf("delivery: %v", d.Err)
			continue
		}
		if note, ok := d.Activity["object"].(map[string]any); ok && note["type"] == "Note" {
			all = append(all, fmt.Sprint(note["content"]))
		}
	}
	return all
}

func (p *phone) last(t *testing.T) string {
	t.Helper()
	all := p.got(t)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// prove makes the phone its owner's, as the command does.
func (p *phone) prove(of *person) {
	of.t.Helper()
	if _, err := of.fed.ProveBegin(of.t.Context(), of.account.ID, "@"+p.me.Name+"@"+p.Host()); err != nil {
		of.t.Fatal(err)
	}
	settle(of)
	code := regexp.MustCompile(`\d{3}-\d{3}`).FindString(p.last(of.t))
	if _, err := of.fed.ProveFinish(of.t.Context(), of.account.ID, code); err != nil {
		of.t.Fatal(err)
	}
	settle(of)
}

func TestALinkSentFromAPhoneComesBackAsAPlaylist(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour, boats, station)
	phone := newPhone(t, "alice")
	phone.prove(alice)
	bob.music.AddPlaylist("bob", "Road trip", bob.ids("Harbour Lights", "Paper Boats", "夜の駅")...)
	_, handle := bob.publish("Road trip", playlists.Public)

	phone.writes(alice, `<a href="`+bob.origin().String()+`/@bob_road_trip" rel="nofollow"><span class="invisible">http://</span>bob…</a> please`)
	settle(alice, bob)

	alice.holds("Road trip · bob", "Harbour Lights", "Paper Boats")
	if got := phone.last(t); !strings.Contains(got, `>Road trip</a> by bob: 2 of 3 found. In your library as “Road trip · bob”.`) {
		t.Errorf("the phone got %q", got)
	}
	count := len(phone.got(t))
	settle(alice, bob)
	if got := len(phone.got(t)); got != count {
		t.Errorf("%d more messages of themselves", got-count)
	}

	phone.writes(alice, "follow "+handle)
	settle(alice, bob)
	if got := phone.last(t); !strings.Contains(got, "2 of 3 found") || !strings.Contains(got, "It stays in step.") {
		t.Errorf("the phone got %q", got)
	}
}

func TestAFriendWithoutABridgeGetsAPage(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour)
	carol := newPhone(t, "carol")
	alice.music.AddPlaylist("alice", "Secret", alice.ids("Harbour Lights")...)
	id, _ := alice.publish("Secret", playlists.Followers)
	pub, err := alice.store.Publication(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	actor := alice.origin().String() + "/ap/actors/" + pub.PublicID
	carol.Send(carol.me, alice.origin().String()+"/ap/inbox", map[string]any{"@context": "https://www.w3.org/ns/activitystreams",
		"id": carol.me.ID + "#follow", "type": "Follow", "actor": carol.me.ID, "object": actor})
	settle(alice)
	carol.writes(alice, "link")
	settle(alice)
	if got := carol.got(t); len(got) != 0 {
		t.Fatalf("before she is approved Carol gets %q", got)
	}
	alice.decide(id, true)
	carol.writes(alice, "link please")
	settle(alice)
	address := regexp.MustCompile(`http://[^"]+/s/[a-z0-9]{26}`).FindString(carol.last(t))
	code, page, err := get(address, "")
	if err != nil || code != 200 || !strings.Contains(page, "Harbour Lights") {
		t.Errorf("%s: %d, %v\n%s", address, code, err, page)
	}
	alice.decide(id, false)
	if code, _, err := get(address, ""); err != nil || code != 404 {
		t.Errorf("after she was removed: %d, %v", code, err)
	}
}
