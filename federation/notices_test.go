package federation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// news returns what alice is told next, "" for nothing.
func (w *world) news(i *federationtest.Instance, me *federationtest.Actor) string {
	w.t.Helper()
	before := len(w.direct(i, me))
	w.step(w.MessagesOnce)
	switch got := len(w.direct(i, me)) - before; got {
	case 0:
		return ""
	case 1:
		return strings.TrimPrefix(w.told(i, me), "@alice@"+i.Host()+" ")
	default:
		w.t.Fatalf("%d messages at once", got)
		return ""
	}
}

func TestPeopleAreToldWhatConcernsThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	bob := other.AddActor("bob", nil)
	list := w.list(other, "mix", "One", "Two", "Three")

	friends := w.publish("Friends", playlists.Followers)
	for n := range 3 { // the same person, asking again and again, is one piece of news
		w.follow(other, bob, n, w.addr().Actor(friends.PublicID))
	}
	if got, want := w.news(other, me), "Friends by Alice: @bob@"+other.Host()+" asks to follow it. You decide on your bridge: "+w.addr().AskingFollowers(); got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if got := w.news(other, me); got != "" {
		t.Errorf("told twice: %q", got)
	}
	others := w.publish("Others", playlists.Followers) // another list is another piece
	w.follow(other, bob, 7, w.addr().Actor(others.PublicID))
	if got, want := w.news(other, me), "Others by Alice: @bob@"+other.Host()+" asks to follow it. You decide on your bridge: "+w.addr().AskingFollowers(); got != want {
		t.Errorf("told %q, want %q", got, want)
	}

	want := w.wants(w.alice, list.id)
	w.ok(w.store.Covered(t.Context(), want.ID, 2, 3))
	before, err := w.store.Get(t.Context(), want.Playlist)
	w.ok(err)
	list.set("Two", "Three", "Four", "Five")
	w.clock.forward(7 * time.Hour)
	w.step(w.RefreshOnce)
	w.ok(w.store.Covered(t.Context(), want.ID, 3, 4))
	notice := playlists.Notice{Account: w.alice.ID, Kind: playlists.CopyChanged, About: string(want.ID), Playlist: want.Playlist, Before: before.Revision, After: before.Revision + 1}
	w.ok(w.store.Notify(t.Context(), notice))
	if got := w.news(other, me); got != "" {
		t.Errorf("told before it was quiet: %q", got)
	}
	w.clock.forward(31 * time.Minute)
	if got := w.news(other, me); got != "List by List mix: 1 added; 3 of 4 found." {
		t.Errorf("told %q", got)
	}

	for kind, words := range map[playlists.NoticeKind]string{
		playlists.GapsFilled:  "List by List mix: 5 more in your library; 3 of 4 found.",
		playlists.CopyArrived: "List by List mix: its owner lets you see it; 3 of 4 found.",
		playlists.CopyBegun:   "List by List mix: enough of it is in your library now, so there is a list; 3 of 4 found.",
		playlists.OrderAsked: "List by List mix: you put your copy in another order, and it stays so for now. You keep your order or bring the original one back on your bridge: " +
			w.addr().Copy(string(want.ID)),
		playlists.CopyEnded: "List by List mix: its owner no longer shares it.",
		playlists.Broken:    "List by List mix: It <b>asks</b>.",
		playlists.Mended:    "List by List mix: all is well again.",
	} {
		w.ok(w.store.Notify(t.Context(), playlists.Notice{Account: w.alice.ID, Kind: kind, About: string(want.ID), Playlist: want.Playlist, Before: 1, After: 6, Text: playlists.Sentencef("It <b>asks</b>.")}))
		w.clock.forward(2 * time.Hour)
		if got := w.news(other, me); got != words {
			t.Errorf("%s: told %q, want %q", kind, got, words)
		}
	}

	w.ok(w.store.Covered(t.Context(), want.ID, 4, 4))
	w.ok(w.store.Notify(t.Context(), playlists.Notice{Account: w.alice.ID, Kind: playlists.GapsFilled, About: string(want.ID), Playlist: want.Playlist, Before: 3, After: 4}))
	w.clock.forward(2 * time.Hour)
	if got := w.news(other, me); got != "List by List mix: 1 more in your library; 4 of 4 found. It is complete." {
		t.Errorf("told %q", got)
	}
}

func TestAGrownUpIsToldWhatAChildAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	kim, err := w.store.AddAccount(t.Context(), playlists.Account{Name: "Kim", Child: true, Guardian: w.alice.ID})
	w.ok(err)
	asks := func(name string) playlists.ID {
		id := playlists.NewID()
		_, _, err := w.store.Record(t.Context(), playlists.Playlist{ID: id, Owner: kim.ID, Origin: playlists.Local, Name: name})
		w.ok(err)
		w.ok(w.store.AskToPublish(t.Context(), id, playlists.Link))
		return id
	}
	asks("Dinosaurs")
	page := w.addr().Home() + "/asks"
	if got, want := w.news(other, me), "Dinosaurs by Kim: may this be shared with whoever has the link? You answer on your bridge: "+page; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	_, err = w.store.WithdrawAsk(t.Context(), kim.ID, asks("Secrets")) // before it was told
	w.ok(err)
	if got := w.news(other, me); got != "" {
		t.Errorf("told %q", got)
	}
}

func TestAChangeThatWasTakenBackIsNoNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	bob := other.AddActor("bob", nil)
	friends := w.publish("Friends", playlists.Followers)
	w.follow(other, bob, 1, w.addr().Actor(friends.PublicID))
	w.ok(w.Decide(t.Context(), friends.PublicID, bob.ID, true)) // before the news were told
	if got := w.news(other, me); got != "" {
		t.Errorf("told %q", got)
	}
	if any, err := w.store.AnyToTell(t.Context(), w.alice.ID, playlists.Fediverse, time.Time{}); any || err != nil {
		t.Errorf("it is still to be told, %v", err)
	}
}

func TestWithoutAFediverseAccountNewsAreKeptAndLaterNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	w.notify()
	w.step(w.MessagesOnce)
	if all, err := w.store.Notices(t.Context(), w.alice.ID); len(all) != 1 || err != nil {
		t.Errorf("%+v, %v", all, err)
	}
	w.clock.forward(time.Hour)
	me := other.AddActor("alice", nil)
	w.proves(other, me)
	if got := w.news(other, me); got != "" {
		t.Errorf("told old news: %q", got)
	}
}

func TestACrashWhileNewsAreToldTellsThemOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	w.notify()
	p, _, err := w.proofOf(t.Context(), `account_id = $1`, string(w.alice.ID))
	w.ok(err)
	message, notices, err := w.store.Bundle(t.Context(), w.alice.ID, playlists.Fediverse, p.since)
	w.ok(err)
	words, err := w.noticeParagraphs(t.Context(), w.alice, notices)
	w.ok(err)
	w.ok(w.postNotices(t.Context(), w.alice, p, message, words)) // the process died here
	w.clock.forward(time.Second)
	w.notify() // more news came meanwhile
	n := len(w.direct(other, me))
	w.step(w.MessagesOnce)
	if got := len(w.direct(other, me)) - n; got != 1 {
		t.Errorf("%d more messages, want one with the later news", got)
	}
}

func TestManyNewsAreFewMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	start := len(w.direct(other, me))
	for range maxNoticesOfDay + 22 {
		w.clock.forward(time.Second)
		w.notify()
		w.step(w.MessagesOnce)
	}
	if got := len(w.direct(other, me)) - start; got != maxNoticesOfDay {
		t.Errorf("%d messages in a day", got)
	}
	w.clock.forward(24 * time.Hour)
	if got := w.news(other, me); strings.Count(got, "works again") != maxNoticeLines || !strings.HasSuffix(got, "… and 12 more.") {
		t.Errorf("told %q", got)
	}
}

func TestTroubleWithWhatIsNoLongerWantedIsNoNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	list := w.list(other, "mix", "One")
	want := w.wants(w.alice, list.id)
	w.ok(w.store.Notify(t.Context(), playlists.Notice{Account: w.alice.ID, Kind: playlists.Broken, About: "x", Playlist: want.Playlist, Text: playlists.Sentencef("It fails.")}))
	w.ok(w.store.EndWant(t.Context(), want))
	w.clock.forward(2 * time.Hour)
	if got := w.news(other, me); got != "" {
		t.Errorf("told %q", got)
	}
}

func TestAFollowedPlaylistThatCannotBeReadIsToldOnceItLasts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, me := w.proven()
	list := w.list(other, "mix", "One")
	w.wants(w.alice, list.id)
	w.steps()
	other.Fail(list.path(), federationtest.Status(500))
	for n := range 10 {
		w.clock.forward(15 * time.Minute)
		w.exec(`UPDATE sources SET due = 1`)
		w.step(w.RefreshOnce)
		got := w.news(other, me)
		if told := strings.HasPrefix(got, "List by List mix: "+other.Host()+" cannot answer"); told != (n == 4) || !told && got != "" {
			t.Errorf("after %d failures told %q", n+1, got)
		}
	}
	other.Heal(list.path())
	w.exec(`UPDATE sources SET due = 1`)
	w.step(w.RefreshOnce)
	if got := w.news(other, me); got != "List by List mix: all is well again." {
		t.Errorf("told %q", got)
	}
}

func TestNamesOfOthersCannotBreakOutOfAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	evil := `"><script>alert(1)</script>`
	p := playlists.Playlist{Origin: playlists.Remote, Source: "https://m.example/1", Name: evil, Curator: playlists.Curator{Name: evil}, Page: "https://m.example/" + evil}
	c, _, err := w.store.Record(t.Context(), p)
	w.ok(err)
	title, err := w.titled(t.Context(), c.Playlist, "en")
	w.ok(err)
	all := []string{title}
	words, err := failureWords("en", evil, playlists.Problemf(playlists.Invalid, nil, "%s", evil))
	w.ok(err)
	all = append(append(all, words...), waitingWords("fr", evil)...)
	all = append(all, brokenWords("en", "", playlists.Notice{Text: playlists.Sentencef("%s", evil)}, unknown))
	all = append(all, copyWords("en", title, "here", playlists.Want{Found: 1, Total: 1}, playlists.Outcome{At: w.clock.now(), List: evil, Note: playlists.Sentencef("%s", evil)}, unknown)...)
	all = append(all, codeWords(playlists.Account{Name: evil, Handle: "a"}, "b.example", "123456")...)
	for _, s := range all {
		if strings.Contains(s, "<script") || strings.Contains(fmt.Sprint(textAndLinks(s)), "alert(1)</script>\n") {
			t.Errorf("markup in %s", s)
		}
	}
}
