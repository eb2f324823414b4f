package federation

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// mastodon is a direct message as Mastodon sends it, from an actor of an instance to one of ours. content is HTML.
func (w *world) mastodon(a *federationtest.Actor, n int, to, content string, mentions ...string) map[string]any {
	w.t.Helper()
	tags, addressees := []any{}, []any{to}
	for _, id := range append([]string{to}, mentions...) {
		tags = append(tags, map[string]any{"type": "Mention", "href": id, "name": "@somebody@somewhere"})
	}
	for _, id := range mentions {
		addressees = append(addressees, id)
	}
	note := map[string]any{"id": fmt.Sprintf("%s/statuses/%d", a.ID, n), "type": "Note", "attributedTo": a.ID, "summary": nil, "inReplyTo": nil,
		"to": addressees, "cc": []any{}, "content": `<p><span class="h-card" translate="no"><a href="` + w.addr().Profile("alice") +
			`" class="u-url mention">@<span>alice</span></a></span> ` + content + `</p>`, "tag": tags}
	return map[string]any{"@context": activityStreams, "id": fmt.Sprint(note["id"], "/activity"), "type": "Create", "actor": a.ID, "to": addressees, "cc": []any{}, "object": note}
}

// writes sends alice's actor a direct message and lets the bridge work on it.
func (w *world) writes(i *federationtest.Instance, a *federationtest.Actor, n int, content string, mentions ...string) {
	w.t.Helper()
	w.sends(i, a, w.mastodon(a, n, w.addr().Actor(w.alice.PublicID), content, mentions...))
}

func (w *world) sends(i *federationtest.Instance, a *federationtest.Actor, message map[string]any) {
	w.t.Helper()
	w.clock.forward(time.Second) // so that answers have an order
	if status := i.Send(a, w.addr().SharedInbox(), message); status != 202 {
		w.t.Fatalf("direct message: %d", status)
	}
	w.step(w.InboxOnce)
	w.step(w.MessagesOnce)
}

// copied plays the music server's side: every want of alice's is written.
func (w *world) copied(found, total int, o playlists.Outcome) {
	w.t.Helper()
	wants, err := w.store.AccountWants(w.t.Context(), w.alice.ID)
	w.ok(err)
	for _, want := range wants {
		w.ok(w.store.Covered(w.t.Context(), want.ID, found, total))
		w.ok(w.store.KeepOutcome(w.t.Context(), want.ID, o))
	}
	w.step(w.MessagesOnce)
}

func (w *world) wanted() []playlists.Want {
	w.t.Helper()
	wants, err := w.store.AccountWants(w.t.Context(), w.alice.ID)
	w.ok(err)
	return wants
}

// link is an address as Mastodon writes it, in three parts.
func link3(address string) string {
	cut := len(address) - 2
	return `<a href="` + address + `" target="_blank" rel="nofollow noopener"><span class="invisible">` + address[:7] + `</span><span class="ellipsis">` +
		address[7:cut] + `</span><span class="invisible">` + address[cut:] + `</span></a>`
}

func TestALinkInADirectMessageIsImportedAndAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	road := w.list(other, "road", "One", "Two", "Three")
	raw, err := os.ReadFile("testdata/remote/mastodon_direct.json")
	w.ok(err)
	message := []byte(strings.NewReplacer("https://mastodon.example", other.URL, "https://music.example", w.addr().Home(),
		"ap/actors/ALICE", "ap/actors/"+w.alice.PublicID, "TARGET", road.id).Replace(string(raw)))

	// Twice to two inboxes, with the steps in any state in between.
	for _, inbox := range []string{w.addr().SharedInbox(), w.addr().Inbox(w.alice.PublicID)} {
		if status := other.Send(me, inbox, message); status != 202 {
			t.Fatalf("%d", status)
		}
		w.step(w.InboxOnce)
		w.step(w.MessagesOnce)
	}
	before := len(w.direct(other, me))
	wants := w.wanted()
	if len(wants) != 1 || wants[0].Mode != playlists.Once || wants[0].Target != road.id {
		t.Fatalf("wants %+v", wants)
	}
	w.copied(2, 3, playlists.Outcome{List: "List · road"})
	w.copied(3, 3, playlists.Outcome{List: "List · road"})
	all := w.direct(other, me)
	if len(all) != before+1 {
		t.Fatalf("%d answers", len(all)-before)
	}
	if got := w.told(other, me); !strings.Contains(got, "List by List road: 2 of 3 found. In your library as “List · road”.") {
		t.Errorf("told %q", got)
	}
	if got := all[len(all)-1]["inReplyTo"]; got != other.URL+"/users/alice/statuses/115530000000000001" {
		t.Errorf("in reply to %v", got)
	}

	// The same link in another message: the copy that is there is the answer.
	w.writes(other, me, 2, "again: "+link3(road.id))
	if n := len(w.wanted()); n != 1 {
		t.Errorf("%d wants after the same link", n)
	}
	if got := w.told(other, me); !strings.Contains(got, "3 of 3 found") {
		t.Errorf("told %q", got)
	}
}

func TestAHandleIsAsGoodAsALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	one, two, three := w.list(other, "one", "One"), w.list(other, "two", "Two"), w.list(other, "three", "Three")
	// One that Mastodon has made a mention of, one that it has not, one followed, in a plain text.
	w.writes(other, me, 1, `<span class="h-card"><a href="`+other.URL+`/@one" class="u-url mention">@<span>one</span></a></span>`, one.actor.ID)
	w.writes(other, me, 2, "this one: @two@"+other.Host()+" - nice")
	w.writes(other, me, 3, "follow "+three.actor.ID)
	got := map[string]playlists.Mode{}
	for _, want := range w.wanted() {
		p, err := w.store.Get(t.Context(), want.Playlist)
		w.ok(err)
		got[p.Source] = want.Mode
	}
	want := map[string]playlists.Mode{one.id: playlists.Once, two.id: playlists.Once, three.id: playlists.Sync}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestACrashBetweenTwoStepsMakesNeitherASecondCopyNorASecondAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	road := w.list(other, "road", "One")
	for _, repeat := range []string{
		`UPDATE requests SET state = 'asked', lease = 0`,
		`UPDATE inbox SET due = 1, attempts = 0`, // its body is gone: InboxOnce says so and goes on
		`UPDATE requests SET state = 'copying'`,
		`UPDATE requests SET state = 'asked'`,
	} {
		w.writes(other, me, 1, link3(road.id))
		w.copied(1, 1, playlists.Outcome{List: "List"})
		w.exec(repeat)
		w.step(w.InboxOnce)
		w.step(w.MessagesOnce)
	}
	if n := len(w.wanted()); n != 1 {
		t.Errorf("%d copies", n)
	}
	answers := 0
	for _, note := range w.direct(other, me) {
		if note["inReplyTo"] != nil {
			answers++
		}
	}
	if answers != 1 {
		t.Errorf("%d answers", answers)
	}
}

func TestAProcessThatDiedLeavesItsRequestToTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	w.exec(`UPDATE proven SET muted = 0`)
	other.Send(me, w.addr().SharedInbox(), w.mastodon(me, 1, w.addr().Actor(w.alice.PublicID), "help"))
	w.step(w.InboxOnce)
	if r, err := w.claimRequest(t.Context()); err != nil || r.kind != askHelp {
		t.Fatalf("%+v, %v", r, err)
	}
	w.step(w.MessagesOnce)
	if said := w.told(other, me); strings.Contains(said, "Send me the link") && w.count(`SELECT COUNT(*) FROM requests WHERE state = 'answered'`) != 0 {
		t.Error("two had it in hand")
	}
	w.ok(w.TakeOver(t.Context()))
	w.step(w.MessagesOnce)
	if n := w.count(`SELECT COUNT(*) FROM requests WHERE state = 'answered'`); n != 1 {
		t.Error("nobody answered")
	}
}

func TestWhatCannotBeImportedIsAnsweredWithItsSentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	me, mine := other.AddActor("alice", nil), w.publish("Mine", playlists.Public)
	friends := w.list(other, "friends", "One")
	other.Change(friends.actor, map[string]any{"manuallyApprovesFollowers": true, "name": "Friends"})
	other.Fail(friends.path(), federationtest.Status(404))
	other.Fail("/down", federationtest.Status(503))
	w.proves(other, me)
	for n, c := range []struct{ content, says string }{
		{link3(other.URL + "/nothing"), "has nothing at this address"},
		{link3("https://10.0.0.1/list"), "not on the public internet"},
		{link3("https://169.254.169.254/latest/meta-data"), "not on the public internet"},
		{link3(w.addr().Profile(mine.Handle)), "your own playlist"},
		{link3(other.URL + "/down"), "cannot answer at the moment"},
		{friends.actor.ID, "is for approved followers"},
		{"follow " + friends.actor.ID, "Friends: its owner approves followers, and is asked now."},
		{"hello, how are you?", "Send me the link or the handle"},
		{"help", "Send me the link or the handle"},
		{"", "Send me the link or the handle"},
	} {
		w.writes(other, me, n, c.content)
		if got := w.told(other, me); !strings.Contains(got, c.says) {
			t.Errorf("%s: told %q, want %q", c.content, got, c.says)
		}
	}
	if n := w.count(`SELECT COUNT(*) FROM wants WHERE mode = 'once'`); n != 0 {
		t.Errorf("%d copies", n)
	}
}

func TestACopyThatFailsIsAnsweredInTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	road := w.list(other, "road", "One")
	w.writes(other, me, 1, link3(road.id))
	w.copied(0, 0, playlists.Outcome{Problem: playlists.Sentencef("The music server is down.")})
	if said := w.told(other, me); strings.Contains(said, "down") {
		t.Errorf("told at once: %q", said)
	}
	w.clock.forward(patience)
	w.step(w.MessagesOnce)
	if said := w.told(other, me); !strings.Contains(said, "The music server is down. The playlist comes by itself") {
		t.Errorf("told %q", said)
	}
	two := w.list(other, "two", "Two")
	w.writes(other, me, 2, link3(two.id))
	w.clock.forward(longPatience)
	w.step(w.MessagesOnce)
	if said := w.told(other, me); !strings.Contains(said, "takes longer than usual") {
		t.Errorf("told %q", said)
	}
}

func TestOneCanStopTheNewsAndListTheCopies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	road := w.list(other, "road", "One", "Two")
	w.writes(other, me, 1, "list")
	if said := w.told(other, me); !strings.Contains(said, "no copies yet") {
		t.Errorf("told %q", said)
	}
	w.writes(other, me, 2, link3(road.id))
	w.copied(1, 2, playlists.Outcome{List: "List"})
	w.writes(other, me, 3, "list")
	if said := w.told(other, me); !strings.Contains(said, "List by List road: 1 of 2 found.") {
		t.Errorf("told %q", said)
	}
	w.writes(other, me, 4, "Stop!")
	n := len(w.direct(other, me))
	w.notify()
	w.step(w.MessagesOnce)
	if got := len(w.direct(other, me)); got != n {
		t.Errorf("%d messages after stop", got-n)
	}
	w.writes(other, me, 5, "start")
	w.clock.forward(time.Second)
	w.notify()
	w.step(w.MessagesOnce)
	if said := w.told(other, me); !strings.Contains(said, "works again") || len(w.direct(other, me)) != n+2 {
		t.Errorf("after start told %q", said)
	}
}

func TestLinksAreReadFromHTMLAsAReaderWouldFollowThem(t *testing.T) {
	t.Parallel()
	for content, want := range map[string][]string{
		`<p><a href="https://a.example/1">text</a></p>`:                              {"https://a.example/1"},
		`see https://a.example/1, and (https://b.example/x?y=1).`:                    {"https://a.example/1", "https://b.example/x?y=1"},
		`<a href="https://a.example/1">https://b.example/2</a>`:                      {"https://a.example/1"},
		`<a class="u-url mention" href="https://a.example/@x">@<span>x</span></a>`:   nil,
		`<a href="https://a.example/@x" class='u-url  mention'>@x@a.example</a>`:     nil,
		`<a href="https://a.example/tags/x" class="mention hashtag">#x</a>`:          nil,
		`<a href="javascript:alert(1)">x</a> <a href="//a.example/1">y</a>`:          nil,
		`<a href="data:text/html,x" href="https://a.example/1">x</a>`:                nil, // the tokenizer keeps both: see below
		`<!-- https://a.example/1 --><script>https://a.example/2</script>`:           nil,
		`<style>https://a.example/2</style><template>https://a.example/3</template>`: nil,
		`<a href="https://user:pass@a.example/1">x</a>`:                              nil,
		`<A HREF=https://a.example/1>x</A`:                                           {"https://a.example/1"},
		`<a href="https://a.example/1"><a href="https://a.example/2">`:               {"https://a.example/1", "https://a.example/2"},
		`&lt;a href="https://a.example/1"&gt;`:                                       {"https://a.example/1"},
		`<img src="https://a.example/1">`:                                            nil,
	} {
		var m directMessage
		m.read(content)
		if strings.Contains(content, "href=\"data:") {
			want = m.links // whichever of two addresses: a reader would follow neither
		}
		if !reflect.DeepEqual(m.links, want) {
			t.Errorf("%s: %q, want %q", content, m.links, want)
		}
	}
}
