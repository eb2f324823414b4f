package subsonicbridge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

func TestAPollKeepsThePlaylistsThatTheUserOwns(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		songs := w.own("Amber", "Birch")
		w.server.AddPlaylist("bob", "Mine", songs...)
		w.server.SetPublic(w.server.AddPlaylist("admin", "Not mine", songs...), true)
		w.poll()
		own := w.listed()
		if len(own) != 1 || own[0].Name != "Mine" || own[0].Tracks != 2 || own[0].Publication.Audience != playlists.Private {
			t.Fatalf("recorded: %+v", own)
		}
		p, err := w.store.Get(t.Context(), own[0].ID)
		w.must(err)
		if p.Curator.Name != "Bob" || p.Tracks[0].Title != "Amber" || p.Tracks[0].Artist != "The Amber Players" {
			t.Errorf("recorded: %+v", p)
		}
	})
}

func TestAPollSeesEdits(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		songs := w.own("Amber", "Birch", "Saffron")
		id := w.server.AddPlaylist("bob", "Mine", songs[0], songs[1])
		w.poll()
		w.poll()
		if p := w.onlyPlaylist(); p.Revision != 1 {
			t.Errorf("revision %d after two polls", p.Revision)
		}
		w.server.SetPlaylist(id, songs[2], songs[0])
		w.poll()
		if p := w.onlyPlaylist(); p.Revision != 2 || p.Tracks[0].Title != "Saffron" {
			t.Errorf("after an edit: %+v", p)
		}
		w.server.Rename(id, "Ours")
		w.poll()
		if p := w.onlyPlaylist(); p.Revision != 3 || p.Name != "Ours" {
			t.Errorf("after a new name: %+v", p)
		}
	})
}

// supysonic has no `changed`: an exchange of one song for another of the same length shows nowhere in its list.
func TestAPublishedPlaylistIsReadEveryTimeWhereTheServerTellsNoChange(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	songs := w.own("Amber", "Birch") // of the same length
	id := w.server.AddPlaylist("bob", "Mine", songs[0])
	w.poll()
	_, err := w.store.Publish(t.Context(), w.onlyPlaylist().ID, playlists.Public)
	w.must(err)
	w.server.SetPlaylist(id, songs[1])
	w.poll()
	if p := w.onlyPlaylist(); p.Tracks[0].Title != "Birch" {
		t.Errorf("the exchange went unnoticed: %+v", p.Tracks)
	}
}

func TestASmartPlaylistThatOnlySaysItChangedIsNotNews(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	id := w.server.AddPlaylist("bob", "Smart", w.own("Amber")...)
	w.server.SetReadOnly(id, true)
	for range 3 {
		w.server.Touch(id)
		w.poll()
	}
	if p := w.onlyPlaylist(); p.Revision != 1 {
		t.Errorf("revision %d", p.Revision)
	}
}

func TestAFailingServerLosesNothing(t *testing.T) {
	t.Parallel()
	for _, mode := range []subsonictest.Mode{subsonictest.Down, subsonictest.BadGateway, subsonictest.HTMLPage, subsonictest.WrongPassword} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newHome(t, subsonictest.Navidrome)
			w.server.AddPlaylist("bob", "Mine", w.own("Amber", "Birch")...)
			w.poll()
			id := w.onlyPlaylist().ID
			_, err := w.store.Publish(t.Context(), id, playlists.Public)
			w.must(err)
			want := w.follow(w.alice("Amber"))
			w.mirror()

			w.server.Fail(mode)
			w.alice("Amber", "Birch")
			for range 40 {
				w.clock.pass(time.Hour)
				w.poll()
				w.mirror()
			}
			s, err := w.bridge.Status(t.Context(), w.bob.ID)
			w.must(err)
			if s.LastError.String() == "" || strings.Contains(s.LastError.String(), "bob's password") || len(s.Missing) != 0 {
				t.Errorf("status: %+v", s)
			}
			if r := w.result(want); r.Error.String() == "" {
				t.Errorf("the mirror hides the failure: %+v", r)
			}
			if pub, err := w.store.Publication(t.Context(), id); err != nil || !pub.Live() {
				t.Errorf("an outage ended a publication: %+v, %v", pub, err)
			}

			w.server.Fail(subsonictest.Works)
			w.clock.pass(6 * time.Hour)
			w.poll()
			w.mirror()
			if s, err = w.bridge.Status(t.Context(), w.bob.ID); err != nil || s.LastError.String() != "" {
				t.Errorf("status after the outage: %+v, %v", s, err)
			}
			if got := strings.Join(w.server.Titles(w.result(want).ServerID), " "); got != "Amber Birch" {
				t.Errorf("the list after the outage: %q", got)
			}
		})
	}
}

func TestAFailingAccountIsTriedLessOften(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.Fail(subsonictest.Down)
	w.front.arm(0, false)
	for range 24 * 60 {
		w.poll()
	}
	if tries := w.front.requests(); tries < 24 || tries > 40 {
		t.Errorf("%d tries in a day", tries)
	}
}

func TestOneFailingAccountStopsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	w.server.AddUser("carol", "carol's password")
	carol, err := w.store.AddAccount(t.Context(), playlists.Account{Handle: "carol"})
	w.must(err)
	_, err = w.bridge.Connect(t.Context(), carol.ID, w.url, "carol", "carol's password")
	w.must(err)
	w.server.SetPassword("bob", "another")
	w.server.AddPlaylist("carol", "Hers", w.own("Amber")...)
	w.poll()
	if l, err := w.store.List(t.Context(), carol.ID); err != nil || len(l) != 1 {
		t.Errorf("carol's playlists: %+v, %v", l, err)
	}
	s, err := w.bridge.Status(t.Context(), w.bob.ID)
	w.must(err)
	if !strings.Contains(s.LastError.String(), "Sign in again") {
		t.Errorf("bob is told: %q", s.LastError)
	}
	named := s.LastError.In(func(format string, _ ...any) string { return format })
	if named != "The music server at %s does not accept this user name and password. Sign in again." {
		t.Errorf("other languages know it as %q", named)
	}
}

func TestADeletedPlaylistIsWithdrawnAfterADay(t *testing.T) {
	t.Parallel()
	for _, others := range []int{0, 1} { // without others the server shows no playlists at all
		eachDialect(t, func(w *home) {
			id := w.server.AddPlaylist("bob", "Mine", w.own("Amber")...)
			for range others {
				w.server.AddPlaylist("bob", "Other")
			}
			w.poll()
			mine := w.named("Mine")
			_, err := w.store.Publish(w.Context(), mine.ID, playlists.Public)
			w.must(err)
			w.server.DeletePlaylist(id)
			w.poll()
			s, err := w.bridge.Status(w.Context(), w.bob.ID)
			w.must(err)
			if len(s.Missing) != 1 || s.Missing[0].ID != mine.ID {
				w.Errorf("missing: %+v", s.Missing)
			}
			w.clock.pass(23 * time.Hour)
			w.poll()
			if pub, err := w.store.Publication(w.Context(), mine.ID); err != nil || !pub.Live() {
				w.Errorf("withdrawn too early: %+v, %v", pub, err)
			}
			w.clock.pass(time.Hour)
			w.poll()
			if pub, err := w.store.Publication(w.Context(), mine.ID); err != nil || pub.Live() {
				w.Errorf("still published: %+v, %v", pub, err)
			}
		})
	}
}

func TestARenumberedServerYieldsNoNewPlaylistAndNoNewRevision(t *testing.T) {
	t.Parallel()
	eachDialect(t, func(w *home) {
		songs := w.own("Amber", "Birch")
		w.server.AddPlaylist("bob", "Mine", songs...)
		w.server.AddPlaylist("bob", "Mine", songs[1]) // names are not unique
		w.server.AddPlaylist("bob", "Empty")
		w.poll()
		before := w.listed()
		w.server.Renumber()
		w.server.Rescan()
		w.poll()
		if after := w.listed(); len(after) != 3 || fmt.Sprint(before) != fmt.Sprint(after) {
			w.Errorf("before %+v\nafter  %+v", before, after)
		}
		s, err := w.bridge.Status(w.Context(), w.bob.ID)
		w.must(err)
		if len(s.Missing) != 0 {
			w.Errorf("missing: %+v", s.Missing)
		}
	})
}

// A server may give the ids of before to other playlists. Neither may then appear at the other's address.
func TestExchangedIDsDoNotExchangePlaylists(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	songs := w.own("Amber", "Birch")
	a := w.server.AddPlaylist("bob", "Public one", songs[0])
	b := w.server.AddPlaylist("bob", "Private one", songs[1])
	w.poll()
	before := w.listed()
	w.server.Rename(a, "Private one")
	w.server.Rename(b, "Public one")
	w.server.SetPlaylist(a, songs[1])
	w.server.SetPlaylist(b, songs[0])
	w.poll()
	w.poll()
	if after := w.listed(); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("before %+v\nafter  %+v", before, after)
	}
}

func TestMovingToAnotherServerKeepsPlaylistsAndLists(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	w.server.AddPlaylist("bob", "Mine", w.own("Amber", "Birch")...)
	want := w.follow(w.alice("Amber"))
	w.poll()
	w.mirror()
	before := w.listed()

	w.server = subsonictest.NewServer(subsonictest.Navidrome)
	w.server.AddUser("bob", "bob's password")
	w.server.AddPlaylist("bob", "Mine", w.own("Amber", "Birch")...)
	w.front.next = w.server
	w.url += "/music"
	w.connect()
	w.poll()
	w.mirror()
	w.poll()
	if after := w.listed(); len(after) != 1 || before[0].ID != after[0].ID {
		t.Errorf("before %+v\nafter  %+v", before, after)
	}
	if r := w.result(want); strings.Join(w.server.Titles(r.ServerID), " ") != "Amber" || len(w.lists()) != 2 {
		t.Errorf("the mirror: %+v; all lists: %+v", r, w.lists())
	}
}

func TestAutoImportedIsNotASummary(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	login, _, err := subsonicbridge.SignIn(t.Context(), nil, w.url, "bob", "bob's password")
	w.must(err)
	client := subsonicbridge.NewClient(login, nil)
	songs := w.own("Amber")
	for name, comment := range map[string]string{"file": "Auto-imported from 'secret folder/mine.m3u'", "own": "For long drives"} {
		w.must(client.Describe(t.Context(), w.server.AddPlaylist("bob", name, songs...), name, comment))
	}
	w.poll()
	for name, summary := range map[string]string{"file": "", "own": "For long drives"} {
		if p, err := w.store.Get(t.Context(), w.named(name).ID); err != nil || p.Summary != summary {
			t.Errorf("%s: summary %q, %v", name, p.Summary, err)
		}
	}
}

func TestAWrongPasswordConnectsNothing(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Navidrome)
	before, err := w.bridge.Status(t.Context(), w.bob.ID)
	w.must(err)
	_, err = w.bridge.Connect(t.Context(), w.bob.ID, w.url+"/other", "bob", "wrong secret")
	if playlists.Say(err) == "" || strings.Contains(err.Error(), "wrong secret") {
		t.Errorf("error: %v", err)
	}
	after, err := w.bridge.Status(t.Context(), w.bob.ID)
	w.must(err)
	if before.URL != after.URL {
		t.Errorf("the connection changed to %q", after.URL)
	}
}

// listed returns bob's playlists as recorded.
func (w *home) listed() []playlists.Listed {
	w.Helper()
	l, err := w.store.List(w.Context(), w.bob.ID)
	w.must(err)
	return l
}

func (w *home) onlyPlaylist() playlists.Playlist {
	w.Helper()
	l := w.listed()
	if len(l) != 1 {
		w.Fatalf("recorded: %+v", l)
	}
	p, err := w.store.Get(w.Context(), l[0].ID)
	w.must(err)
	return p
}

func (w *home) named(name string) playlists.Listed {
	w.Helper()
	for _, l := range w.listed() {
		if l.Name == name {
			return l
		}
	}
	w.Fatalf("nothing recorded is named %q", name)
	return playlists.Listed{}
}

func TestMorePlaylistsThanOnePollFetchesAllArrive(t *testing.T) {
	t.Parallel()
	w := newHome(t, subsonictest.Supysonic)
	song := w.own("Amber")
	for i := range 320 {
		w.server.AddPlaylist("bob", fmt.Sprintf("Mine %d", i), song...)
	}
	w.poll()
	if n := len(w.listed()); n != 320 {
		t.Errorf("%d playlists recorded", n)
	}
	s, err := w.bridge.Status(t.Context(), w.bob.ID)
	w.must(err)
	if len(s.Missing) != 0 || s.LastError.String() != "" {
		t.Errorf("status: %+v", s)
	}
}
