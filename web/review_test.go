package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// wanting is a home where alice wants a playlist of three tracks: one that she has, one that she may have, and one that
// she does not.
func wanting(t *testing.T) (*home, playlists.Want) {
	t.Helper()
	h, alice := member(t)
	return h, h.wants(alice, "Sunday", playlists.Track{Title: "Sinnerman", Artist: "Nina Simone", Duration: 622},
		playlists.Track{Title: "Jóga (Acoustic)", Artist: "Björk", Album: "Elsewhere", Duration: 250},
		playlists.Track{Title: "Windowlicker", Artist: "Aphex Twin", Album: "Windowlicker", Duration: 366})
}

// wants imports a playlist once for an account, and writes what is found to their music server.
func (h *home) wants(a playlists.Account, name string, tracks ...playlists.Track) playlists.Want {
	h.t.Helper()
	change, _, err := h.store.Record(h.t.Context(), playlists.Playlist{Origin: playlists.File, Owner: a.ID, Name: name, Tracks: tracks})
	h.ok(err)
	w, err := h.store.AddWant(h.t.Context(), playlists.Want{Account: a.ID, Playlist: change.Playlist, Target: name, Mode: playlists.Once, Pinned: change.Revision, Granted: true})
	h.ok(err)
	_, err = h.bridge.MirrorWant(h.t.Context(), w.ID, nil)
	h.ok(err)
	return w
}

// key is how the only track in the review is named.
func (a answer) key() string {
	a.t.Helper()
	form := a.all(`.doubt form[action^="/review/"]`)
	if len(form) == 0 {
		a.t.Fatalf("there is no track to review\n%s", a.text)
	}
	return strings.TrimPrefix(attr(form[0], "action"), "/review/")
}

func TestATrackIsReviewedChosenAndTakenBack(t *testing.T) {
	t.Parallel()
	h, want := wanting(t)
	page := h.get("/review")
	if page.one(".doubt h2") != "Jóga (Acoustic)" || page.one(".song .title") != "Jóga" || !strings.Contains(page.one(".song .quiet"), "not the acoustic asked for") {
		t.Fatalf("the review:\n%s", page.text)
	}
	key := page.key()

	page = h.follow(h.post("/review/"+key, "song", h.songs["Jóga"], "back", "playlist="+string(want.ID)+"&evil=1"))
	if len(page.all(".doubt")) != 0 || !strings.Contains(page.one(".news"), "found from now on") || page.Request.URL.RawQuery != "playlist="+string(want.ID) {
		t.Errorf("after choosing: %s\n%s", page.Request.URL, page.text)
	}
	h.step(h.bridge.MirrorOnce)
	if list, ok := h.music.PlaylistNamed("alice", "Sunday"); !ok || len(list.Songs) != 2 {
		t.Errorf("the list holds %v", list)
	}

	undo := attr(page.all("form.undo")[0], "action")
	page = h.follow(h.post(undo))
	if !strings.Contains(page.one(".news"), "looked for again") || len(page.all("form.undo")) != 0 {
		t.Errorf("after the undo:\n%s", page.text)
	}
	h.step(h.bridge.MirrorOnce)
	if page = h.get("/review"); page.one(".doubt h2") != "Jóga (Acoustic)" {
		t.Errorf("after the undo:\n%s", page.text)
	}

	page = h.follow(h.post("/review/"+key, "song", "none"))
	h.step(h.bridge.MirrorOnce)
	if page = h.get("/review"); len(page.all(".doubt")) != 0 {
		t.Errorf("“none of these” is asked again:\n%s", page.text)
	}
	all := h.get("/review?all=1")
	if len(all.all(".doubt")) != 3 || !strings.Contains(all.text, "You said that none of your songs is it.") {
		t.Errorf("all tracks:\n%s", all.text)
	}
	if n := len(all.all(".doubt button[value=none]")); n != 2 {
		t.Errorf("%d tracks have a button “none of these”; one of the three has no songs to refuse", n)
	}
}

func TestASongThatIsNotProposedIsFound(t *testing.T) {
	t.Parallel()
	h, _ := wanting(t)
	key := h.get("/review").key()
	page := h.get("/review/" + key + "?search=sinner")
	if page.one(".songs:not(.doubt .songs) .title") != "Sinnerman" {
		t.Fatalf("the search:\n%s", page.text)
	}
	if page := h.get("/review/" + key + "?search=zzzz"); !strings.Contains(page.one("[role=status]"), "finds nothing") {
		t.Errorf("a search for nothing:\n%s", page.text)
	}
	h.follow(h.post("/review/"+key, "song", h.songs["Sinnerman"]))
	if page := h.get("/review/" + key); !strings.Contains(page.text, "You chose “Sinnerman”.") {
		t.Errorf("after the choice:\n%s", page.text)
	}
}

func TestNobodyReviewsTheTracksOfOthers(t *testing.T) {
	t.Parallel()
	h, want := wanting(t)
	key := h.get("/review").key()
	h.music.AddUser("bob", "builder")
	h.join("bob", "builder", playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	h.client = browser(t)
	h.signIn("bob", "builder")
	for _, path := range []string{"/review/" + key, "/review?playlist=" + string(want.ID), "/missing?playlist=" + string(want.ID), "/missing.csv?playlist=" + string(want.ID), "/review/%25", "/review/zz", "/missing.exe"} {
		if a := h.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("bob sees %s: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/review/" + key, "/review/" + key + "/undo"} {
		if a := h.post(path, "song", "none"); a.StatusCode != http.StatusNotFound {
			t.Errorf("bob decides by %s: %d", path, a.StatusCode)
		}
	}
	if a := h.get("/review"); len(a.all(".doubt")) != 0 {
		t.Errorf("bob's review:\n%s", a.text)
	}
	if a := h.get("/songs/cover?song=" + h.songs["Jóga"]); a.Header.Get("Content-Type") != "image/gif" {
		t.Errorf("bob, whose library was never read, gets a picture of alice's")
	}
}

func TestDecisionsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	h, _ := wanting(t)
	key := h.get("/review").key()
	for song, status := range map[string]int{"": http.StatusBadRequest, "no such song": http.StatusNotFound} {
		if a := h.post("/review/"+key, "song", song); a.StatusCode != status || len(a.all("[role=alert]")) != 1 {
			t.Errorf("%q: %d\n%s", song, a.StatusCode, a.text)
		}
	}
	if a := h.post("/review/" + key + "/undo"); a.StatusCode != http.StatusNotFound {
		t.Errorf("an undo of nothing: %d", a.StatusCode)
	}
}

func TestTheWishListSaysWhatIsMissingAndWhereItIsSold(t *testing.T) {
	t.Parallel()
	h, _ := wanting(t)
	page := h.get("/missing")
	if page.one(".wish h2") != "Windowlicker" || !strings.Contains(page.one(".wish .lines"), "you have nothing by this artist") || len(page.all(`a[href^="https://bandcamp.com/search?"]`)) != 1 {
		t.Errorf("the wish list:\n%s", page.text)
	}
	for _, extension := range []string{"csv", "jspf"} {
		file := h.get("/missing." + extension)
		if file.StatusCode != http.StatusOK || !strings.Contains(file.text, "Windowlicker") || file.Header.Get("Content-Disposition") != `attachment; filename="Wish list.`+extension+`"` {
			t.Errorf("%s: %d %v", extension, file.StatusCode, file.Header)
		}
	}
}

func TestTheWishListOfWhoFollowsNothingLeadsToFollowing(t *testing.T) {
	t.Parallel()
	h, bob := friend(t)
	page := h.get("/missing")
	if lead := page.one(".lead"); !strings.HasPrefix(lead, "You follow nothing yet.") || len(page.all(`.lead a[href="/follow"]`)) != 1 {
		t.Errorf("before anything is followed: %q", lead)
	}
	h.wants(bob, "Sunday", joga)
	if lead := h.get("/missing").one(".lead"); strings.Contains(lead, "nothing yet") {
		t.Errorf("with a copy: %q", lead)
	}
}

func TestAChildsWishListLeadsToNoShop(t *testing.T) {
	t.Parallel()
	h, alice := member(t)
	h.music.AddUser("cleo", "secret")
	cleo := h.join("cleo", "secret", playlists.Account{Name: "Cleo", Language: "en"})
	h.ok(h.store.SetPerson(t.Context(), cleo.ID, playlists.PersonRules{MaxAudience: playlists.Link, Child: true, Guardian: alice.ID}))
	h.wants(cleo, "Sunday", playlists.Track{Title: "Sinnerman", Artist: "Nina Simone", Duration: 622}, playlists.Track{Title: "Windowlicker", Artist: "Aphex Twin", Album: "Windowlicker"})
	h.client = browser(t)
	h.signIn("cleo", "secret")
	if page := h.get("/missing"); page.one(".wish h2") != "Windowlicker" || strings.Contains(page.text, "bandcamp.com") || strings.Contains(page.text, "qobuz.com") {
		t.Errorf("a child's wish list:\n%s", page.text)
	}
}

func TestPicturesOfSongsComeThroughTheBridge(t *testing.T) {
	t.Parallel()
	h, _ := wanting(t)
	src := attr(h.get("/review").all(".song img")[0], "src")
	if a := h.get(src); a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(a.Header.Get("Cache-Control"), "private") {
		t.Errorf("%s: %d %v", src, a.StatusCode, a.Header)
	}
	if a := h.get("/songs/cover?song=none"); a.Header.Get("Content-Type") != "image/gif" || !strings.HasPrefix(a.text, "GIF89a") {
		t.Errorf("no such song: %v", a.Header)
	}
}

func TestASlowMusicServerKeepsNobodyElsesPicturesBack(t *testing.T) {
	t.Parallel()
	h, _ := wanting(t)
	src := attr(h.get("/review").all(".song img")[0], "src")
	elsewhere := subsonictest.NewServer(subsonictest.Navidrome)
	elsewhere.AddUser("mallory", "secret")
	song := elsewhere.AddSong(playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305})
	slow := httptest.NewServer(elsewhere)
	t.Cleanup(slow.Close)
	mallory, err := h.store.AddAccount(t.Context(), playlists.Account{Name: "Mallory"})
	h.ok(err)
	_, err = h.bridge.Connect(t.Context(), mallory.ID, slow.URL, "mallory", "secret")
	h.ok(err)
	h.wants(mallory, "Mine", joga)
	elsewhere.Requests()
	elsewhere.Fail(subsonictest.Slow)
	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 6 {
		asking.Go(func() {
			if _, err := h.bridge.SongCover(ctx, mallory.ID, song); err == nil {
				t.Error("the slow server has answered")
			}
		})
	}
	for asked := 0; asked < 4; time.Sleep(time.Millisecond) {
		asked += len(elsewhere.Requests())
	}
	if a := h.get(src); a.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%s: %d %v", src, a.StatusCode, a.Header)
	}
	stop()
	asking.Wait()
}
