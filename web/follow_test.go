package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// friend is the home of bob, whose music server has what that of alice has, and who reads what her bridge shows.
func friend(t *testing.T) (*home, playlists.Account) {
	t.Helper()
	h := newHome(t)
	b := h.join("alice", "wonder", playlists.Account{Handle: "bob", Name: "Bob", Language: "en"})
	h.signIn("alice", "wonder")
	return h, b
}

// publishes makes a playlist of a home known and returns its handle.
func (h *home) publishes(name string, audience playlists.Audience, tracks ...playlists.Track) string {
	h.t.Helper()
	owner, err := h.store.AccountByHandle(h.t.Context(), "alice")
	h.ok(err)
	p := playlists.Playlist{ID: playlists.NewID(), Owner: owner.ID, Origin: playlists.Local, Name: name, Curator: playlists.Curator{Name: "Alice"}, Tracks: tracks}
	_, _, err = h.store.Record(h.t.Context(), p)
	h.ok(err)
	pub, err := h.store.Publish(h.t.Context(), p.ID, audience)
	h.ok(err)
	return "@" + pub.Handle + "@" + strings.TrimPrefix(h.server.URL, "http://")
}

var (
	joga      = playlists.Track{Title: "Jóga", Artist: "Björk", Album: "Homogenic", Duration: 305}
	sinnerman = playlists.Track{Title: "Sinnerman", Artist: "Nina Simone", Album: "Pastel Blues", Duration: 622}
	unknown   = playlists.Track{Title: "Kitchen Radio", Artist: "Ida Thorne", Album: "Sunday", Duration: 187}
)

// looksAt pastes a target and returns the page of what came of it.
func (h *home) looksAt(target string) (path string, page answer) {
	h.t.Helper()
	a := h.post("/follow", "target", target)
	if a.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%s: %d\n%s", target, a.StatusCode, a.text)
	}
	path = a.Header.Get("Location")
	h.step(h.lookups.LookupOnce)
	return path, h.get(path)
}

// settle runs what the daemon would.
func (h *home) settle() {
	h.t.Helper()
	for range 3 {
		h.step(h.fed.SubscribeOnce)
		h.step(h.fed.RosterOnce)
		h.step(h.bridge.MirrorOnce)
	}
}

func TestAPlaylistIsSeenBeforeAnythingIsWrittenAndComesWithOneButton(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	handle := alice.publishes("Road trip <b>", playlists.Public, joga, sinnerman, unknown)

	a := h.post("/follow", "target", " "+handle+" ")
	path := a.Header.Get("Location")
	waiting := h.follow(a)
	if waiting.one("h1") != "Looking at it" || waiting.one(".step p") != "It begins in a moment." {
		t.Errorf("while it waits:\n%s", waiting.text)
	}
	if again := waiting.all("head noscript"); len(again) != 1 || !strings.Contains(textOf(again[0])+waiting.text, `http-equiv="refresh" content="3"`) {
		t.Errorf("without script the page never moves:\n%s", waiting.text)
	}
	h.step(h.lookups.LookupOnce)

	page := h.get(path)
	if page.one("h1") != "Road trip <b>" || page.one(".is-here strong") != "2" || page.one(".tally .is-new") != "1 new to you" || len(page.all("head noscript")) != 0 {
		t.Errorf("what was found:\n%s", page.text)
	}
	if strings.Contains(strings.ToLower(page.one("main")), "missing") {
		t.Errorf("what somebody never had is called missing:\n%s", page.text)
	}
	if wants, err := h.store.AccountWants(t.Context(), account.ID); err != nil || len(wants) != 0 {
		t.Fatalf("looking made wants: %+v, %v", wants, err)
	}
	a = h.post(path, "mode", "sync", "withdrawn", "drop")
	copied := a.Header.Get("Location")
	if again := h.post(path, "mode", "sync"); !strings.HasPrefix(again.Header.Get("Location"), "/following/") {
		t.Errorf("pressed twice: %d %s", again.StatusCode, again.Header.Get("Location"))
	}
	if page := h.follow(a); len(page.all(".step")) != 1 {
		t.Errorf("before it is written:\n%s", page.text)
	}
	h.settle()
	page = h.get(copied)
	if page.one("h1") != "Road trip <b> · Alice" || page.one(".masthead strong") != "2 of 3" || len(page.all(".step")) != 0 || len(page.all(".tracks li")) != 3 {
		t.Errorf("once it is written:\n%s", page.text)
	}
	list, ok := h.music.PlaylistNamed("alice", "Road trip <b> · Alice")
	if !ok || len(list.Songs) != 2 {
		t.Errorf("bob's server has %+v", h.music.Playlists())
	}
	wants, err := h.store.AccountWants(t.Context(), account.ID)
	if err != nil || len(wants) != 1 || wants[0].Mode != playlists.Sync || wants[0].OnWithdraw != playlists.Drop || wants[0].Target != handle {
		t.Errorf("%+v, %v", wants, err)
	}
	if page := h.get("/following"); page.one(".card strong") != "Road trip <b> · Alice" || !strings.Contains(page.one(".card-text"), "2 of 3 · kept in sync") {
		t.Errorf("%s", page.text)
	}
	if page := h.get(path); page.Header.Get("Location") != copied {
		t.Errorf("what was taken leads to %d %v", page.StatusCode, page.Header)
	}
}

func TestLessThanAQuarterIsAWishList(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, _ := friend(t)
	others := []playlists.Track{joga, unknown}
	for _, title := range []string{"Fields of Grain", "Paper Boats", "Night Station"} {
		others = append(others, playlists.Track{Title: title, Artist: "The " + title + " Band", Duration: 200})
	}
	path, page := h.looksAt(alice.publishes("Wishes", playlists.Public, others...))
	if !strings.Contains(page.one(".notice"), "becomes a list by itself once you have 2") || page.one("button.primary") != "Keep it as a wish list" {
		t.Errorf("%s", page.text)
	}
	copied := h.post(path, "mode", "sync").Header.Get("Location")
	h.settle()
	page = h.get(copied)
	if page.one("#question") != "A wish list for now" || len(h.music.Playlists()) != 1 {
		t.Errorf("%d lists\n%s", len(h.music.Playlists()), page.text)
	}
	if page := h.follow(h.post(copied + "/agree")); page.one("[role=status]") == "" {
		t.Errorf("%s", page.text)
	}
	h.settle()
	if list, ok := h.music.PlaylistNamed("alice", "Wishes · Alice"); !ok || len(list.Songs) != 1 {
		t.Errorf("agreed, bob's server has %+v", h.music.Playlists())
	}
}

func TestACopyMadeOnceMayHaveAnotherName(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	path, _ := h.looksAt(alice.publishes("Road trip", playlists.Unlisted, joga, sinnerman))
	h.post(path, "mode", "once", "name", "For the car")
	h.settle()
	wants, err := h.store.AccountWants(t.Context(), account.ID)
	if err != nil || len(wants) != 1 || wants[0].Mode != playlists.Once {
		t.Fatalf("%+v, %v", wants, err)
	}
	if _, ok := h.music.PlaylistNamed("alice", "For the car · Alice"); !ok {
		t.Errorf("bob's server has %+v", h.music.Playlists())
	}
}

func TestAllPlaylistsOfAPersonAreFollowedOrSomeOfThem(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	alice.publishes("One", playlists.Public, joga, unknown)
	alice.publishes("Two", playlists.Public, sinnerman)
	host := strings.TrimPrefix(alice.server.URL, "http://")
	path, page := h.looksAt("@alice@" + host)
	if page.one("h1") != "All playlists by Alice" || len(page.all(".card")) != 2 || !strings.Contains(page.one("main"), "1 of 2 in your library") {
		t.Fatalf("%s", page.text)
	}
	some := h.follow(h.post("/follow", "target", attr(page.all(".card input[name=target]")[0], "value")))
	if some.StatusCode != http.StatusOK {
		t.Errorf("%s", some.text)
	}
	all := h.follow(h.post(path, "withdrawn", "keep"))
	if !strings.Contains(all.one("[role=status]"), "You follow Alice") || all.one("h2") != "Alice" {
		t.Errorf("%s", all.text)
	}
	h.settle()
	if page := h.get("/following"); len(page.all("section .card")) != 2 {
		t.Errorf("%s", page.text)
	}
	person, err := h.store.PersonWants(t.Context(), account.ID)
	if err != nil || len(person) != 1 {
		t.Fatalf("%+v, %v", person, err)
	}
	if page := h.follow(h.post("/following/people/" + string(person[0].ID) + "/end")); len(page.all(".card")) != 0 {
		t.Errorf("%s", page.text)
	}
	h.settle()
	if lists := h.copiesOf("Alice"); len(lists) != 2 {
		t.Errorf("the lists are gone, but for %q", lists)
	}
}

func TestWhoStopsFollowingAPersonMayRemoveTheListsToo(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	alice.publishes("One", playlists.Public, joga)
	alice.publishes("Two", playlists.Public, joga)
	host := strings.TrimPrefix(alice.server.URL, "http://")
	path, _ := h.looksAt("@alice@" + host)
	h.follow(h.post(path, "withdrawn", "keep"))
	h.settle()
	alone, _ := h.looksAt("@alice_two@" + host)
	h.post(alone, "mode", "sync")
	h.settle()
	if lists := h.copiesOf("Alice"); len(lists) != 2 {
		t.Fatalf("%q", lists)
	}
	person, err := h.store.PersonWants(t.Context(), account.ID)
	h.ok(err)

	if form := h.get("/following").all(`form[action$="/end"] input[name=list]`); len(form) != 2 || attr(form[0], "value") != "keep" || len(h.get("/following").all(`input[value=keep][checked]`)) != 1 {
		t.Errorf("the page asks %d things", len(form))
	}
	page := h.follow(h.post("/following/people/"+string(person[0].ID)+"/end", "list", "remove"))
	if said := page.one(".news"); said != "You no longer follow Alice. The lists go from your music server in a moment." {
		t.Errorf("%q", said)
	}
	h.settle()
	if lists := h.copiesOf("Alice"); !slices.Equal(lists, []string{"Two · Alice"}) {
		t.Errorf("%q, want what is followed by itself", lists)
	}
}

// copiesOf returns the names of the lists on the music server that are copies of somebody's.
func (h *home) copiesOf(owner string) (names []string) {
	for _, l := range h.music.Playlists() {
		if strings.HasSuffix(l.Name, " · "+owner) {
			names = append(names, l.Name)
		}
	}
	return names
}

func TestAMusicServerThatIsDownHidesNoPreview(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	handle := alice.publishes("Road trip", playlists.Public, joga, unknown)
	person := "@alice@" + strings.TrimPrefix(alice.server.URL, "http://")

	h.music.Fail(subsonictest.Down)
	path, page := h.looksAt(handle)
	if notice := page.one(".notice"); !strings.Contains(notice, "nobody has looked yet") || !strings.Contains(notice, "cannot be reached") {
		t.Errorf("nothing is known of the library: %q", notice)
	}
	if stands := page.all(".is-unchecked"); len(stands) != 2 || textOf(stands[0]) != "not checked" || len(page.all(".tally")) != 0 {
		t.Errorf("%s", page.text)
	}
	if _, page := h.looksAt(person); !strings.Contains(page.one(".card .quiet"), "2 tracks") || !strings.Contains(page.one(".notice"), "nobody has looked yet") {
		t.Errorf("a person: %s", page.text)
	}
	h.post(path, "mode", "sync")

	h.music.Fail(subsonictest.Works)
	h.settle()
	if wants, err := h.store.AccountWants(t.Context(), account.ID); err != nil || len(wants) != 1 || wants[0].Found != 1 {
		t.Errorf("the yes was heard: %+v, %v", wants, err)
	}
	h.music.Fail(subsonictest.Down)
	_, page = h.looksAt(handle)
	if notice := page.one(".notice"); !strings.Contains(notice, "What you have is from") || page.one(".is-here strong") != "1" || len(page.all(".is-unchecked")) != 0 {
		t.Errorf("of the last reading: %q\n%s", notice, page.text)
	}
	if _, page := h.looksAt(person); !strings.Contains(page.one(".card .quiet"), "1 of 2 in your library") || !strings.Contains(page.one(".notice"), "What you have is from") {
		t.Errorf("a person: %s", page.text)
	}
}

func TestWhoNeedsTheOwnersYesAsksForIt(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	path, page := h.looksAt(alice.publishes("Friends", playlists.Followers, joga))
	if page.one("button.primary") != "Ask to follow" || len(page.all(".tracks, .tally")) != 0 || page.one("h1") != "Friends" {
		t.Fatalf("%s", page.text)
	}
	copied := h.post(path).Header.Get("Location")
	h.settle()
	if page := h.get(copied); !strings.Contains(page.one(".masthead"), "waiting for its owner") {
		t.Errorf("%s", page.text)
	}
	if wants, err := h.store.AccountWants(t.Context(), account.ID); err != nil || len(wants) != 1 || wants[0].Granted {
		t.Errorf("%+v, %v", wants, err)
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	for _, target := range []string{"", "alice", "javascript:alert(1)", "file:///etc/passwd", strings.Repeat("x", 5000)} {
		if a := h.post("/follow", "target", target); a.StatusCode != http.StatusUnprocessableEntity || a.one("[role=alert]") == "" {
			t.Errorf("%.40q: %d", target, a.StatusCode)
		}
	}
	path, page := h.looksAt(h.server.URL + "/@nobody")
	if page.one("[role=alert]") == "" || len(page.all("form[action='/follow'] button")) != 1 {
		t.Errorf("%s", page.text)
	}
	if a := h.post(path, "mode", "sync"); a.Header.Get("Location") != path {
		t.Errorf("a yes to nothing: %d %v", a.StatusCode, a.Header)
	}
}

func TestAnotherOnesThingsAreNotThere(t *testing.T) {
	t.Parallel()
	alice, _ := member(t)
	h, account := friend(t)
	path, _ := h.looksAt(alice.publishes("Road trip", playlists.Public, joga))
	h.post(path, "mode", "sync")
	other, _ := h.looksAt(alice.publishes("Other", playlists.Public, joga))
	wants, err := h.store.AccountWants(t.Context(), account.ID)
	h.ok(err)
	want := "/following/" + string(wants[0].ID)
	person, err := h.store.WantPerson(t.Context(), playlists.PersonWant{Account: account.ID, Origin: playlists.Remote, Person: "https://x.example/p", Name: "X"})
	h.ok(err)

	h.music.AddUser("mallory", "secret")
	h.join("mallory", "secret", playlists.Account{Handle: "mallory", Name: "Mallory", Language: "en"})
	h.client = browser(t)
	h.signIn("mallory", "secret")
	for _, path := range []string{other, other + "/events", want, want + "/events", "/lookups/none", "/following/none", "/following/%00"} {
		if a := h.get(path); a.StatusCode != http.StatusNotFound || strings.Contains(a.text, "Road trip") {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{other, want + "/agree", want + "/order", want + "/restore", want + "/again", want + "/pause", want + "/resume", want + "/end", "/following/people/" + string(person.ID) + "/end"} {
		if a := h.post(path, "list", "remove"); a.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, a.StatusCode)
		}
	}
	if w, err := h.store.Want(t.Context(), wants[0].ID); err != nil || !w.Ended.IsZero() {
		t.Errorf("mallory ended %+v, %v", w, err)
	}
	if p, err := h.store.PersonWant(t.Context(), person.ID); err != nil || !p.Ended.IsZero() {
		t.Errorf("mallory ended %+v, %v", p, err)
	}
}

func TestSharingFromAnotherAppFillsInTheForm(t *testing.T) {
	t.Parallel()
	h, _ := friend(t)
	for query, want := range map[string]string{
		"?url=https%3A%2F%2Fm.example%2F%40list":                                             "https://m.example/@list",
		"?title=Road+trip&text=Listen+to+this%3A+https%3A%2F%2Fm.example%2F%40list.+Nice%21": "https://m.example/@list",
		"?text=%28https%3A%2F%2Fm.example%2Fs%2Fabc%29":                                      "https://m.example/s/abc",
		"?title=Follow+%40alice_mix%40m.example":                                             "@alice_mix@m.example",
		"?text=nothing+here":                                                                 "",
	} {
		a := h.get("/share" + query)
		if got := attr(a.all("input[name=target]")[0], "value"); a.StatusCode != http.StatusOK || got != want || (want == "") != (len(a.all("[role=alert]")) == 1) {
			t.Errorf("%s: %d, %q", query, a.StatusCode, got)
		}
	}
	h.client = browser(t)
	if a := h.get("/share?url=https%3A%2F%2Fm.example%2Fx"); a.Header.Get("Location") != "/signin?next=%2Fshare%3Furl%3Dhttps%253A%252F%252Fm.example%252Fx" {
		t.Errorf("a stranger who shares: %d %v", a.StatusCode, a.Header)
	}
}
