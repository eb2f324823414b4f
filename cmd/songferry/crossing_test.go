package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/migrations/migrationstest"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

// person is somebody with a music server and a bridge, each on a port of its own. Nothing runs by itself: a test calls
// each step.
type person struct {
	*bridge
	t       *testing.T
	pages   http.Handler // of the bridge
	account playlists.Account
	music   *subsonictest.Server
	songs   map[string]string // title → song id
}

func newPerson(t *testing.T, name string, dialect subsonictest.Dialect, songs ...playlists.Track) *person {
	t.Helper()
	return newPersonBehind(t, name, dialect, fronts{}, songs...)
}

// fronts are what requests to a person pass first, to their music server and to their bridge; nil: nothing.
type fronts struct {
	music, bridge func(http.Handler) http.Handler
	poll          time.Duration // how often the music server is read; 0: whenever somebody may
	inFile        bool          // the bridge is kept in SQLite whatever the tests use else
}

func behind(front func(http.Handler) http.Handler, h http.Handler) http.Handler {
	if front == nil {
		return h
	}
	return front(h)
}

// newPersonBehind is newPerson with something before what belongs to the person.
func newPersonBehind(t *testing.T, name string, dialect subsonictest.Dialect, before fronts, songs ...playlists.Track) *person {
	t.Helper()
	p := &person{t: t, music: subsonictest.NewServer(dialect), songs: map[string]string{}}
	p.music.AddUser(name, "secret")
	for _, s := range songs {
		p.songs[s.Title] = p.music.AddSong(s)
	}
	music := httptest.NewServer(behind(before.music, p.music))
	t.Cleanup(music.Close)
	server := httptest.NewUnstartedServer(nil)
	settings := Settings{URL: "http://" + server.Listener.Addr().String(), Data: t.TempDir(), PollInterval: max(before.poll, time.Nanosecond),
		RefreshInterval: time.Hour, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8"}, LogLevel: "debug"}
	if os.Getenv(migrationstest.Postgres) != "" && !before.inFile {
		settings.Database = migrationstest.File(t)
	}
	p.open(settings, name)
	t.Cleanup(func() { p.Close() })
	server.Config = &http.Server{Handler: behind(before.bridge, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.pages.ServeHTTP(w, r) }))}
	server.Start()
	t.Cleanup(server.Close)
	var err error
	if p.account, err = p.store.AddAccount(t.Context(), playlists.Account{Handle: name, Name: name, Language: "en"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.subsonic.Connect(t.Context(), p.account.ID, music.URL, name, "secret"); err != nil {
		t.Fatal(err)
	}
	return p
}

// open opens the person's bridge.
func (p *person) open(s Settings, name string) {
	p.t.Helper()
	var err error
	if p.bridge, err = openBridge(p.t.Context(), s, migrations.Upgrade, watched(p.t, s, name)); err != nil {
		p.t.Fatal(err)
	}
	p.pages = p.handler(nil)
}

// losePatience opens the bridge anew, as one that waits no longer than this for an answer.
func (p *person) losePatience(patience time.Duration) {
	p.t.Helper()
	s := p.settings
	s.patience = patience
	if err := p.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.open(s, p.account.Handle)
}

// step runs one step of the daemon.
func (p *person) step(once func(context.Context) (int, error)) {
	p.t.Helper()
	if _, err := once(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// settle runs every step of both until nothing is left to do.
func settle(people ...*person) {
	for range 20 {
		n := 0
		for _, p := range people {
			p.t.Helper()
			for _, j := range p.jobs() {
				if j.name == "poll" || j.name == "tidy" {
					continue
				}
				done, err := j.once(p.t.Context())
				if err != nil {
					p.t.Fatalf("%s: %v", j.name, err)
				}
				n += done
			}
		}
		if n == 0 {
			return
		}
	}
	people[0].t.Fatal("there is no end of work")
}

func (p *person) ids(titles ...string) []string {
	var out []string
	for _, title := range titles {
		out = append(out, p.songs[title])
	}
	return out
}

// holds checks the playlist of this name on the person's music server.
func (p *person) holds(name string, titles ...string) {
	p.t.Helper()
	list, ok := p.music.PlaylistNamed(p.account.Handle, name)
	if !ok {
		p.t.Fatalf("%s has no playlist %q but %v", p.account.Handle, name, p.music.Playlists())
	}
	if want := p.ids(titles...); !slices.Equal(list.Songs, want) {
		p.t.Fatalf("%s's %q is %v, want %v", p.account.Handle, name, list.Songs, want)
	}
}

// publish reads a playlist from the person's music server and publishes it; it returns the handle.
func (p *person) publish(name string, a playlists.Audience) (playlists.ID, string) {
	p.t.Helper()
	if err := p.subsonic.PollAccount(p.t.Context(), p.account.ID); err != nil {
		p.t.Fatal(err)
	}
	lists, err := p.store.List(p.t.Context(), p.account.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	l, err := choose(lists, name)
	if err != nil {
		p.t.Fatal(err)
	}
	pub, err := p.store.Publish(p.t.Context(), l.ID, a)
	if err != nil {
		p.t.Fatal(err)
	}
	handle, page := p.address(pub)
	if handle == "" {
		handle = page
	}
	return l.ID, handle
}

// follow asks for a playlist as the follow command does, without writing it yet.
func (p *person) follow(target string, m playlists.Mode, w playlists.OnWithdraw) playlists.Want {
	p.t.Helper()
	found, err := p.fed.Lookup(p.t.Context(), p.account.ID, target)
	if err != nil {
		p.t.Fatal(err)
	}
	want, err := p.fed.Subscribe(p.t.Context(), p.account.ID, found, target, m, w)
	if err != nil {
		p.t.Fatal(err)
	}
	return want
}

func track(artist, title string, seconds int) playlists.Track {
	return playlists.Track{Title: title, Artist: artist, Artists: []playlists.Artist{{Name: artist}}, Album: artist + " Collected", AlbumBy: artist, Duration: seconds}
}

var (
	harbour = track("The Lanterns", "Harbour Lights", 214)
	boats   = track("The Lanterns", "Paper Boats", 263)
	station = track("青い電車", "夜の駅", 305)
	joga    = track("Björk Dóttir", "Jóga", 305)
)

func TestAnEditReachesTheFriendInSixSteps(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station, joga)
	bob := newPerson(t, "bob", subsonictest.Supysonic, joga, boats, harbour, station)
	list := alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Public)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	bob.holds("Road trip · alice", "Harbour Lights", "Paper Boats")

	alice.music.SetPlaylist(list, alice.ids("夜の駅", "Paper Boats", "Jóga")...)
	alice.step(alice.subsonic.PollOnce)
	alice.step(alice.fed.AnnounceOnce)
	alice.step(alice.fed.DeliverOnce)
	bob.step(bob.fed.InboxOnce)
	makeDue(t, bob)
	bob.step(bob.fed.RefreshOnce)
	bob.step(bob.subsonic.MirrorOnce)

	bob.holds("Road trip · alice", "夜の駅", "Paper Boats", "Jóga")
}

// makeDue takes away the second that lies between two readings of a playlist.
func makeDue(t *testing.T, p *person) {
	t.Helper()
	if _, err := p.db.ExecContext(t.Context(), `UPDATE sources SET due = 1`); err != nil {
		t.Fatal(err)
	}
}

func TestAWithdrawnPlaylistStaysWithThoseWhoKeepIt(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Gonic, harbour, boats)
	kept := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	dropped := newPerson(t, "carol", subsonictest.Navidrome, harbour, boats)
	copied := newPerson(t, "dave", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	id, handle := alice.publish("Road trip", playlists.Public)
	kept.follow(handle, playlists.Sync, playlists.Keep)
	dropped.follow(handle, playlists.Sync, playlists.Drop)
	copied.follow(handle, playlists.Once, playlists.Drop)
	settle(alice, kept, dropped, copied)
	for _, p := range []*person{kept, dropped, copied} {
		p.holds("Road trip · alice", "Harbour Lights", "Paper Boats")
	}

	if _, err := alice.store.Publish(t.Context(), id, playlists.Private); err != nil {
		t.Fatal(err)
	}
	settle(alice, kept, dropped, copied)
	makeDue(t, kept)
	makeDue(t, dropped)
	settle(alice, kept, dropped, copied)

	kept.holds("Road trip · alice", "Harbour Lights", "Paper Boats")
	copied.holds("Road trip · alice", "Harbour Lights", "Paper Boats")
	if list, ok := dropped.music.PlaylistNamed("carol", "Road trip · alice"); ok {
		t.Errorf("carol asked to drop the copy with its source, and still has %+v", list)
	}
	res, err := http.Get(alice.origin().String() + "/@alice_road_trip")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusGone {
		t.Errorf("the page answers %d after the withdrawal", res.StatusCode)
	}
}

func TestApprovedFollowersOnlyGetWhatIsForThem(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "Secret", alice.ids("Harbour Lights")...)
	id, handle := alice.publish("Secret", playlists.Followers)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice, bob)
	if lists := bob.music.Playlists(); len(lists) != 0 {
		t.Fatalf("before approval Bob has %+v", lists)
	}

	alice.decide(id, true)
	settle(alice, bob)
	makeDue(t, bob)
	settle(alice, bob)
	bob.holds("Secret · alice", "Harbour Lights")
}

// housemate adds a second account, with a music server of its own, to somebody's bridge.
func housemate(host *person, name string, dialect subsonictest.Dialect, songs ...playlists.Track) *person {
	host.t.Helper()
	p := &person{bridge: host.bridge, t: host.t, music: subsonictest.NewServer(dialect), songs: map[string]string{}}
	p.music.AddUser(name, "key")
	for _, s := range songs {
		p.songs[s.Title] = p.music.AddSong(s)
	}
	music := httptest.NewServer(p.music)
	p.t.Cleanup(music.Close)
	var err error
	if p.account, err = p.store.AddAccount(p.t.Context(), playlists.Account{Handle: name, Name: name}); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.subsonic.Connect(p.t.Context(), p.account.ID, music.URL, name, "key"); err != nil {
		p.t.Fatal(err)
	}
	return p
}

func TestTwoAccountsOfOneBridgeMeetInTheJournal(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := housemate(alice, "bob", subsonictest.LMS, boats, harbour)
	alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats")...)
	_, handle := alice.publish("Road trip", playlists.Unlisted)

	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice)

	bob.holds("Road trip · alice", "Harbour Lights", "Paper Boats")
}

func TestAHousemateIsApprovedLikeAnybodyElse(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := housemate(alice, "bob", subsonictest.Gonic, boats, harbour)
	list := alice.music.AddPlaylist("alice", "Secret", alice.ids("Harbour Lights")...)
	id, handle := alice.publish("Secret", playlists.Followers)
	bob.follow(handle, playlists.Sync, playlists.Keep)
	settle(alice)
	if lists := bob.music.Playlists(); len(lists) != 0 {
		t.Fatalf("before approval Bob has %+v", lists)
	}

	alice.decide(id, true)
	settle(alice)
	bob.holds("Secret · alice", "Harbour Lights")

	alice.decide(id, false)
	alice.music.SetPlaylist(list, alice.ids("Paper Boats", "Harbour Lights")...)
	alice.step(alice.subsonic.PollOnce)
	settle(alice)
	bob.holds("Secret · alice", "Harbour Lights")
}

// decide approves or removes the one follower of a playlist.
func (p *person) decide(id playlists.ID, approve bool) {
	p.t.Helper()
	pub, err := p.store.Publication(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	followers, err := p.fed.Followers(p.t.Context(), pub.PublicID)
	if err != nil || len(followers) != 1 || followers[0].Approved == approve {
		p.t.Fatalf("followers: %+v, %v", followers, err)
	}
	if err := p.fed.Decide(p.t.Context(), pub.PublicID, followers[0].ID, approve); err != nil {
		p.t.Fatal(err)
	}
}

func TestASharedLinkIsEnoughToImport(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "alice", subsonictest.Navidrome, harbour, boats)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	alice.music.AddPlaylist("alice", "For Bob", alice.ids("Paper Boats")...)
	_, link := alice.publish("For Bob", playlists.Link)

	bob.follow(link, playlists.Once, playlists.Keep)
	settle(bob)

	bob.holds("For Bob · alice", "Paper Boats")
}
