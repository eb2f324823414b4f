package federation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/federation/federationtest"
	"github.com/songferry/songferry/playlists"
)

// readers is a playlist of alice's with somebody who follows it and somebody else, elsewhere, who follows alice.
type readers struct {
	*world
	pub    playlists.Publication
	bobs   *federationtest.Instance // where bob follows the playlist
	carols *federationtest.Instance // where carol follows alice
	bob    *federationtest.Actor
	carol  *federationtest.Actor
}

func newReaders(t testing.TB, a playlists.Audience) *readers {
	r := &readers{world: newWorld(t)}
	r.pub = r.publish("Road trip", a)
	r.bobs, r.carols = r.instance(), r.instance()
	r.bob, r.carol = r.bobs.AddActor("bob", nil), r.carols.AddActor("carol", nil)
	r.world.follow(r.bobs, r.bob, 1, r.addr.Actor(r.pub.PublicID))
	r.world.follow(r.carols, r.carol, 1, r.addr.Actor(r.alice.PublicID))
	r.steps()
	return r
}

// now makes the playlist consist of these titles.
func (r *readers) now(titles ...string) {
	r.t.Helper()
	r.record(r.pub.Playlist, "Road trip", titles...)
	r.steps()
}

// later lets time pass, and everything happen that is due then.
func (r *readers) later(d time.Duration) {
	r.t.Helper()
	r.clock.forward(d)
	r.steps()
}

// objects returns the objects of the activities of one type that an instance got.
func objects(t testing.TB, i *federationtest.Instance, kind, objectType string) (out []map[string]any) {
	t.Helper()
	for _, d := range sent(t, i, kind) {
		if o, ok := d.Activity["object"].(map[string]any); ok && o["type"] == objectType {
			out = append(out, o)
		}
	}
	return out
}

// told returns the titles in the posts that an instance got, one text for each post.
func told(t testing.TB, i *federationtest.Instance, kind string) (out []string) {
	t.Helper()
	for _, o := range objects(t, i, kind, "Note") {
		out = append(out, strings.ReplaceAll(plainText(o["content"].(string), 1000), "\n", "|"))
	}
	return out
}

func TestAdditionsAreOnePostOnceItHasBeenQuiet(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(20 * time.Minute)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Re: Stacks <3")
	r.later(29 * time.Minute)
	if got := told(t, r.bobs, "Create"); got != nil {
		t.Fatalf("told before it was quiet: %v", got)
	}
	r.later(2 * time.Minute)
	want := []string{"2 tracks added to Road trip:||The Lanterns – Night Bus|The Lanterns – Re: Stacks <3||#playlist"}
	if got := told(t, r.bobs, "Create"); !slices.Equal(got, want) {
		t.Fatalf("told %q", got)
	}
	note := objects(t, r.bobs, "Create", "Note")[0]
	if content := note["content"].(string); !strings.HasPrefix(content, `<p>2 tracks added to <a href="`+r.addr.Profile(r.pub.Handle)+`">`) || strings.Contains(content, "<3") {
		t.Errorf("content %s", content)
	}
	if note["name"] != nil || note["summary"] != nil || note["attachment"] != nil {
		t.Errorf("a content warning, or no preview: %v", note)
	}
	// Who follows alice gets the post as her boost, and can read it.
	announces := sent(t, r.carols, "Announce")
	if len(announces) != 1 || announces[0].Activity["object"] != note["id"] || announces[0].Signer != r.addr.Actor(r.alice.PublicID) {
		t.Fatalf("carol got %+v", announces)
	}
	fetched := r.get(note["id"].(string))
	var again map[string]any
	if err := json.Unmarshal([]byte(fetched.body), &again); err != nil || again["content"] != note["content"] || again["@context"] == nil {
		t.Errorf("fetched %+v", fetched)
	}
	if page := r.get(note["url"].(string)); page.status != 200 || page.body != fetched.body {
		t.Errorf("at its page: %+v", page)
	}
	r.later(10 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 1 {
		t.Errorf("told again: %q", got)
	}
}

func TestOtherEditsAreNoPosts(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Paper Boats", "Harbour Lights") // another order
	r.now("Paper Boats")
	r.record(r.pub.Playlist, "Road trip by sea", "Paper Boats")
	r.later(2 * day)
	r.record(r.pub.Playlist, "Road trip by sea", "Paper Boats", "Gone again")
	r.steps()
	r.record(r.pub.Playlist, "Road trip by sea", "Paper Boats")
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); got != nil {
		t.Errorf("told %q", got)
	}
	if n := len(updates(t, r.bobs, "OrderedCollection")); n == 0 {
		t.Error("bridges were told nothing")
	}
}

func TestLimitsMergeFurtherAdditions(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	titles := []string{"a"}
	for range 20 { // five hours of additions, each followed by enough quiet
		titles = append(titles, fmt.Sprint("t", len(titles)))
		r.now(titles...)
		r.later(31 * time.Minute)
	}
	if got := told(t, r.bobs, "Create"); len(got) != 1 {
		t.Fatalf("%d posts in half a day: %q", len(got), got)
	}
	r.later(day)
	got := told(t, r.bobs, "Create")
	if len(got) != 2 || !strings.HasPrefix(got[1], "19 tracks added to Road trip:") || !strings.Contains(got[1], "and 9 more") {
		t.Fatalf("told %q", got)
	}

	// A person with many playlists makes three posts a day.
	for n := range 6 {
		pub := r.publish(fmt.Sprint("List ", n), playlists.Public)
		r.steps()
		r.record(pub.Playlist, fmt.Sprint("List ", n), "Harbour Lights", "Paper Boats", "New")
		r.steps()
	}
	before := len(sent(t, r.carols, "Announce"))
	r.later(time.Hour)
	if n := len(sent(t, r.carols, "Announce")) - before; n != 2 { // one of today's was the second post above
		t.Errorf("%d posts in one hour", n)
	}
	r.later(day)
	r.later(day)
	if n := len(sent(t, r.carols, "Announce")) - before; n != 6 {
		t.Errorf("%d of 6 posts in the end", n)
	}
}

func TestAPlaylistFilledByARuleIsSilentUnlessItsOwnerWantsNews(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	smart := func(titles ...string) {
		p := playlists.Playlist{ID: r.pub.Playlist, Owner: r.alice.ID, Origin: playlists.Local, Name: "Road trip", Smart: true}
		for _, title := range titles {
			p.Tracks = append(p.Tracks, playlists.Track{Title: title, Artist: "The Lanterns"})
		}
		_, _, err := r.store.Record(t.Context(), p)
		r.ok(err)
		r.steps()
	}
	smart("a", "b", "c")
	r.later(day)
	if got := told(t, r.bobs, "Create"); got != nil {
		t.Fatalf("told %q", got)
	}
	r.ok(r.SetNews(t.Context(), r.pub.Playlist, NewsSettings{Mode: NewsOn, PerDay: 1}))
	smart("a", "b", "c", "d")
	r.later(day)
	if got := told(t, r.bobs, "Create"); len(got) != 1 || !strings.Contains(got[0], "1 track added") {
		t.Fatalf("told %q", got)
	}
	r.ok(r.SetNews(t.Context(), r.pub.Playlist, NewsSettings{Mode: NewsOff, PerDay: 1}))
	smart("a", "b", "c", "d", "e")
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 1 {
		t.Errorf("told %q", got)
	}
}

func TestTheOwnerReadsHoldsAndDropsTheNextPost(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	list := r.pub.Playlist
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	next, err := r.NextNewsOf(t.Context(), r.alice.ID)
	r.ok(err)
	if len(next) != 1 || len(next[0].Tracks) != 1 || next[0].Due.Sub(r.clock.now()) != r.newsQuiet || !strings.Contains(next[0].HTML, "Night Bus") {
		t.Fatalf("next %+v", next)
	}
	r.ok(r.HoldNews(t.Context(), list, true))
	r.later(day)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Fog")
	r.later(day)
	if got := told(t, r.bobs, "Create"); got != nil {
		t.Fatalf("told what was held: %q", got)
	}
	r.ok(r.HoldNews(t.Context(), list, false))
	r.later(0)
	if got := told(t, r.bobs, "Create"); len(got) != 1 || !strings.Contains(got[0], "Fog") || !strings.Contains(got[0], "Night Bus") {
		t.Fatalf("told %q", got)
	}
	r.later(2 * day)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Fog", "Oops")
	r.ok(r.DropNews(t.Context(), list))
	r.later(2 * day)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Fog", "Oops", "Dawn")
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 2 || strings.Contains(got[1], "Oops") || !strings.Contains(got[1], "Dawn") {
		t.Errorf("told %q", got)
	}
	sent, err := r.SentNewsOf(t.Context(), r.alice.ID, 10)
	r.ok(err)
	if len(sent) != 2 || !strings.Contains(sent[0].HTML, "Dawn") {
		t.Errorf("sent %+v", sent)
	}
	r.ok(r.TakeBack(t.Context(), r.alice.ID, sent[0].ID))
	r.steps()
	if got := objects(t, r.bobs, "Delete", "Tombstone"); len(got) != 1 || got[0]["id"] != r.addr.Note(sent[0].ID) {
		t.Errorf("deleted %v", got)
	}
	if err := r.TakeBack(t.Context(), r.account("mallory").ID, sent[1].ID); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("somebody else takes it back: %v", err)
	}
}

func TestAWrongPostIsCorrected(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus", "Wrong song", "Fgo")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]

	// A track is taken out, and the tags of another are mended: neither is an addition.
	withTitle := func(title string) playlists.Track {
		return playlists.Track{Title: title, Artist: "The Lanterns", Duration: 200}
	}
	list := playlists.Playlist{ID: r.pub.Playlist, Owner: r.alice.ID, Origin: playlists.Local, Name: "Road trip",
		Tracks: []playlists.Track{withTitle("Harbour Lights"), withTitle("Paper Boats"), withTitle("Night Bus"), withTitle("Fgo")}}
	record := func() {
		_, _, err := r.store.Record(t.Context(), list)
		r.ok(err)
		r.later(time.Minute)
	}
	record()
	list.Tracks[3] = withTitle("Fog")
	record()
	r.later(time.Hour)
	got := objects(t, r.bobs, "Update", "Note")
	if len(got) != 1 || got[0]["id"] != note["id"] || got[0]["updated"].(string) <= note["published"].(string) || got[0]["published"] != note["published"] {
		t.Fatalf("corrected %v", got)
	}
	if text := told(t, r.bobs, "Update")[0]; text != "2 tracks added to Road trip:||The Lanterns – Night Bus|The Lanterns – Fog||#playlist" {
		t.Errorf("corrected to %q", text)
	}
	if n := len(objects(t, r.carols, "Update", "Note")); n != 1 {
		t.Errorf("who saw the boost got %d corrections", n)
	}
	r.later(2 * day)
	if got := told(t, r.bobs, "Create"); len(got) != 1 {
		t.Errorf("mended tags are news: %q", got)
	}

	// What a post told of long ago was so at the time.
	list.Tracks = list.Tracks[:3]
	record()
	r.later(time.Hour)
	if n := len(objects(t, r.bobs, "Update", "Note")); n != 1 {
		t.Errorf("history was rewritten")
	}

	// Nothing is left of a post: it is deleted.
	list.Tracks = append(list.Tracks, withTitle("By mistake"))
	record()
	r.later(time.Hour)
	mistake := objects(t, r.bobs, "Create", "Note")[1]["id"].(string)
	list.Tracks = list.Tracks[:3]
	record()
	r.later(time.Hour)
	if got := objects(t, r.bobs, "Delete", "Tombstone"); len(got) != 1 || got[0]["id"] != mistake {
		t.Errorf("deleted %v", got)
	}
	if got := r.get(mistake); got.status != 410 {
		t.Errorf("what was deleted answers %d", got.status)
	}
}

func TestACrashMakesNoSecondPost(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	again := func() {
		r.exec(`UPDATE readers SET seq = 0 WHERE name = 'news'`)
		r.step(r.NewsOnce)
	}
	again()
	r.clock.forward(time.Hour)
	again()
	again()
	r.later(2 * day)
	again()
	r.steps()
	if got := told(t, r.bobs, "Create"); len(got) != 1 {
		t.Errorf("told %q", got)
	}
}

func TestPostsAreWrittenInTheOwnersLanguage(t *testing.T) {
	t.Parallel()
	p := roadTrip()
	for language, want := range map[string]string{
		"fr":    "2 titres ajoutés à Road trip: 2026 :||Metallica – For Whom the Bell Tolls : « because Alice <3 bells and & ropes »|Bon Iver – Re: Stacks||#playlist",
		"fr-CA": "2 titres ajoutés à",
		"en":    "2 tracks added to Road trip: 2026:||Metallica – For Whom the Bell Tolls: “because Alice <3 bells and & ropes”|Bon Iver – Re: Stacks||#playlist",
		"de":    "2 tracks added to", "": "2 tracks added to",
	} {
		owner := aliceAccount()
		owner.Language = language
		n := newsNote("x", story{pub: roadTripPublication(playlists.Public), list: p, owner: owner, tracks: p.Tracks[:2]}, nil, testAddresses(t))
		if got := strings.ReplaceAll(strings.ReplaceAll(plainText(n.Content, 1000), "\n", "|"), "\u00a0", " "); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", language, got)
		}
		if written := map[string]string{"de": "en"}; language != "" && n.ContentMap[cmp.Or(written[language], language)] != n.Content {
			t.Errorf("%s: contentMap %v", language, n.ContentMap)
		}
		pin := plainText(pinnedNote(owner, p, roadTripPublication(playlists.Public), testAddresses(t)).Content, 1000)
		if want := inLanguage(language, "a playlist by Alice & <Co> · 5 tracks", "une playlist signée Alice & <Co> · 5 titres"); !strings.Contains(pin, want) {
			t.Errorf("%s: pinned %q", language, pin)
		}
	}
}

func TestThePinnedPostShowsTheCurrentTracksAndIsReadAgain(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Unlisted)
	r.later(time.Hour)
	pin := func() map[string]any {
		var list struct{ OrderedItems []map[string]any }
		r.ok(json.Unmarshal([]byte(r.get(r.addr.Featured(r.pub.PublicID)).body), &list))
		if len(list.OrderedItems) != 1 {
			t.Fatalf("pinned %v", list)
		}
		return list.OrderedItems[0]
	}
	before := pin()
	r.now("Fog")
	r.now("Fog", "Paper Boats") // at once
	r.later(r.quiet)
	services := len(updates(t, r.bobs, "Service"))
	r.later(r.newsQuiet)
	if n := len(updates(t, r.bobs, "Service")) - services; n != 1 {
		t.Errorf("%d Updates of the actor", n)
	}
	after := pin()
	if text := plainText(after["content"].(string), 500); !strings.Contains(text, "Fog") || after["id"] != before["id"] || after["updated"] == nil {
		t.Errorf("pinned %v", after)
	}
	if !strings.Contains(r.get(after["id"].(string)).body, "Fog") {
		t.Error("the pinned post is not at its id")
	}
	if n := len(objects(t, r.bobs, "Update", "Note")); n != 0 {
		t.Error("an Update of the pinned post makes a post of it elsewhere")
	}
	if n := len(sent(t, r.carols, "Announce")); n != 0 {
		t.Error("what is unlisted was announced")
	}
}

func TestNarrowingTakesPostsBackAndWideningLetsInWhoWaited(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	r.now("Harbour Lights", "Paper Boats", "Night Bus")
	r.later(time.Hour)
	note := objects(t, r.bobs, "Create", "Note")[0]["id"].(string)
	asBob := r.signedBy(r.bob)
	if got := r.get(r.addr.Collection(r.pub.PublicID), asBob); got.status != 200 {
		t.Fatalf("before: %d", got.status)
	}
	r.republish(r.pub.Playlist, playlists.Followers)
	if got := r.get(r.addr.Collection(r.pub.PublicID), asBob); got.status != 404 {
		t.Errorf("whoever followed an open playlist may read it %d before its owner is asked", got.status)
	}
	r.steps()
	for name, i := range map[string]*federationtest.Instance{"bob": r.bobs, "carol": r.carols} {
		if got := objects(t, i, "Delete", "Tombstone"); len(got) != 2 || !strings.Contains(fmt.Sprint(got), note) || !strings.Contains(fmt.Sprint(got), r.addr.Note(pinned+r.pub.PublicID)) {
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

	r.world.follow(r.carols, r.carol, 2, r.addr.Actor(r.pub.PublicID))
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

func TestTheOutboxListsWhatWasPosted(t *testing.T) {
	t.Parallel()
	r := newReaders(t, playlists.Public)
	titles := []string{"a"}
	for range outboxSize + 3 {
		titles = append(titles, fmt.Sprint("t", len(titles)))
		r.now(titles...)
		r.later(day + time.Hour)
	}
	for actor, kind := range map[string]string{r.pub.PublicID: "Create", r.alice.PublicID: "Announce"} {
		got := r.outboxOf(actor)
		if len(got) != outboxSize+3 {
			t.Errorf("%s: %d activities", kind, len(got))
		}
		for _, a := range got {
			if a["type"] != kind {
				t.Errorf("%s: %v", kind, a)
			}
		}
	}
}

// outboxOf reads an outbox with all its pages.
func (w *world) outboxOf(actor string) (all []map[string]any) {
	w.t.Helper()
	type page struct {
		TotalItems   int
		First, Next  string
		OrderedItems []map[string]any
	}
	read := func(address string) (p page) {
		w.ok(json.Unmarshal([]byte(w.get(address).body), &p))
		return p
	}
	head := read(w.addr.Outbox(actor))
	for next := head.First; next != ""; {
		p := read(next)
		all, next = append(all, p.OrderedItems...), p.Next
	}
	if head.TotalItems != len(all) {
		w.t.Errorf("outbox says %d, has %d", head.TotalItems, len(all))
	}
	return all
}

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
		if status := i.Send(by, r.addr.SharedInbox(), a); status != 202 {
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
	send(r.bobs, r.bob, activity(r.bob, "Create", 3, foreign))                    // another server's reply
	send(r.bobs, r.bob, activity(r.bob, "Like", 4, r.addr.Note("nosuchpost")))    // of nothing
	send(r.carols, r.carol, activity(r.carol, "Undo", 5, likes))                  // of somebody else
	send(r.carols, r.carol, activity(r.carol, "Delete", 6, answer(1)["id"]))      // likewise
	send(r.bobs, r.bob, activity(r.bob, "Like", 7, r.addr.Actor(r.pub.PublicID))) // of no post
	count(Reactions{Likes: 2, Shares: 1, Replies: 2})

	send(r.bobs, r.bob, activity(r.bob, "Undo", 8, likes))
	send(r.carols, r.carol, activity(r.carol, "Undo", 9, r.carol.ID+"#announce/1"))
	send(r.bobs, r.bob, activity(r.bob, "Delete", 10, map[string]any{"type": "Tombstone", "id": answer(1)["id"]}))
	count(Reactions{Likes: 1, Shares: 0, Replies: 1})
	if n := r.count(`SELECT COUNT(*) FROM inbox WHERE body <> ''`); n != 0 {
		t.Errorf("%d bodies are kept", n)
	}
}
