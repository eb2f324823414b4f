package federation

import (
	"cmp"
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
	r.world.follow(r.bobs, r.bob, 1, r.addr().Actor(r.pub.PublicID))
	r.world.follow(r.carols, r.carol, 1, r.addr().Actor(r.alice.PublicID))
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
	if content := note["content"].(string); !strings.HasPrefix(content, `<p>2 tracks added to <a href="`+r.addr().Profile(r.pub.Handle)+`">`) || strings.Contains(content, "<3") {
		t.Errorf("content %s", content)
	}
	if note["name"] != nil || note["summary"] != nil || note["attachment"] != nil {
		t.Errorf("a content warning, or no preview: %v", note)
	}
	// Who follows alice gets the post as her boost, and can read it.
	announces := sent(t, r.carols, "Announce")
	if len(announces) != 1 || announces[0].Activity["object"] != note["id"] || announces[0].Signer != r.addr().Actor(r.alice.PublicID) {
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
	if len(next) != 1 || len(next[0].Tracks) != 1 || next[0].Due.Sub(r.clock.now()) != r.newsQuiet || !strings.Contains(next[0].Text, "Night Bus") {
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
	if len(sent) != 2 || !strings.Contains(sent[0].Text, "Dawn") {
		t.Errorf("sent %+v", sent)
	}
	r.ok(r.TakeBack(t.Context(), r.alice.ID, sent[0].ID))
	r.steps()
	if got := objects(t, r.bobs, "Delete", "Tombstone"); len(got) != 1 || got[0]["id"] != r.addr().Note(sent[0].ID) {
		t.Errorf("deleted %v", got)
	}
	if err := r.TakeBack(t.Context(), r.account("mallory").ID, sent[1].ID); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("somebody else takes it back: %v", err)
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
		"fr":    "2 morceaux ajoutés à Road trip: 2026 :||Metallica – For Whom the Bell Tolls : « because Alice <3 bells and & ropes »|Bon Iver – Re: Stacks||#playlist",
		"fr-CA": "2 morceaux ajoutés à",
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
		if want := inLanguage(language, "a playlist by Alice & <Co> · 5 tracks", "une liste de lecture signée Alice & <Co> · 5 morceaux"); !strings.Contains(pin, want) {
			t.Errorf("%s: pinned %q", language, pin)
		}
	}
}
