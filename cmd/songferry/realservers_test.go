//go:build supysonic

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/subsonicbridge/supysonictest"
)

// Alice's files. Bob has the same recordings as somebody else tagged them; what each pair tests stands above his. They
// are short, since encoding even silence takes its time.
var aliceMusic = []supysonictest.File{
	{Path: "harbour.flac", Title: "Harbour Lights", Artist: "The Lanterns", Album: "Coastline", Track: 1, Year: 1994, Seconds: 54},
	{Path: "boats.flac", Title: "Paper Boats (feat. Mara Lind)", Artist: "The Lanterns", Album: "Coastline", Track: 2, Year: 1994, Seconds: 66},
	{Path: "station.ogg", Title: "夜の駅", Artist: "青い電車", Album: "終電", Track: 1, Year: 2003, Seconds: 76},
	{Path: "joga.mp3", Title: "Jóga", Artist: "Björk Dóttir", Album: "Homogen", Track: 1, Year: 1997, Seconds: 75},
	{Path: "train.flac", Title: "Slow Train (2009 Remaster)", Artist: "Iron Valley", Album: "Rails", Track: 4, Year: 2009, Seconds: 62},
	{Path: "tide.flac", Title: "Tide", Artist: "Mara Lind", Album: "Salt", Track: 7, Year: 2015, Seconds: 47},
	{Path: "drive.flac", Title: "Night Drive", Artist: "Velvet Motor", Album: "Engine", Track: 3, Year: 1985, Seconds: 60},
	{Path: "rare.flac", Title: "Only Here", Artist: "The Unheard", Album: "Demo Tape", Track: 1, Seconds: 48},
}

var bobMusic = []supysonictest.File{
	// remaster, artist the other way round, another edition
	{Path: "remaster/harbour.flac", Title: "Harbour Lights - 2011 Remaster", Artist: "Lanterns, The", Album: "Coastline (Deluxe Edition)", Track: 1, Year: 2011, Seconds: 55},
	// the guest is in the artist
	{Path: "deluxe/boats.ogg", Title: "Paper Boats", Artist: "The Lanterns feat. Mara Lind", Album: "Coastline (Deluxe Edition)", Track: 2, Year: 2011, Seconds: 66},
	// another script, only on a compilation
	{Path: "best/station.flac", Title: "夜の駅", Artist: "青い電車", Album: "ベスト", Track: 9, Year: 2012, Seconds: 76},
	// the same recording on the album, without diacritics, and on a compilation, with them: the album is the one meant
	{Path: "album/joga.flac", Title: "Joga", Artist: "Bjork Dottir", Album: "Homogen", Track: 1, Year: 1997, Seconds: 75},
	{Path: "hits/joga.flac", Title: "Jóga", Artist: "Björk Dóttir", Album: "Now 38", AlbumArtist: "Various Artists", Track: 12, Year: 1998, Seconds: 75},
	// the first release of what Alice has as a remaster
	{Path: "first/train.mp3", Title: "Slow Train", Artist: "Iron Valley", Album: "Rails", Track: 4, Year: 1978, Seconds: 61},
	{Path: "tide.mp3", Title: "Tide", Artist: "Mara Lind", Album: "Salt", Track: 7, Year: 2015, Seconds: 47},
	// a live take is not the recording
	{Path: "live/drive.flac", Title: "Night Drive (Live at the Roxy)", Artist: "Velvet Motor", Album: "Live at the Roxy", Track: 3, Year: 1987, Seconds: 71},
	{Path: "noise.ogg", Title: "Harbour", Artist: "Nobody", Album: "Lights", Seconds: 30},
}

func TestAPlaylistLivesOnBetweenTwoRealServers(t *testing.T) {
	t.Parallel()
	alice := newHome(t, []string{"alice"}, aliceMusic)
	bob := newHome(t, []string{"bob", "carol", "dave"}, bobMusic)
	list := alice.make("alice", "Road trip", "harbour.flac", "boats.flac", "drive.flac", "station.ogg", "rare.flac", "joga.mp3", "train.flac")
	alice.serve()
	bob.serve()
	first := []string{"remaster/harbour.flac", "deluxe/boats.ogg", "best/station.flac", "album/joga.flac", "first/train.mp3"}

	road := alice.publish("alice", "Road trip", "public")
	if road.Handle != "@alice_road_trip@"+strings.TrimPrefix(alice.url, "http://") || road.Tracks != 7 || road.Audience != "public" {
		t.Fatalf("published: %+v", road)
	}

	contains(t, "the dry run", bob.must("import", "--account", "bob", "--dry-run", road.Handle), "5 of 7", "1 to check", "Night Drive", "Only Here", "Nothing was written")
	if lists, err := bob.lists("bob"); err != nil || len(lists) > 0 {
		t.Fatalf("after a dry run Bob has %+v, %v", lists, err)
	}

	contains(t, "follow", bob.must("follow", "--account", "bob", road.Handle), "5 of 7", "kept in step")
	bob.must("follow", "--account", "carol", "--on-withdraw", "drop", road.Handle)
	bob.must("follow", "--account", "dave", "--once", road.URL)
	for _, user := range []string{"bob", "carol", "dave"} {
		l := bob.comes(user, "Road trip · alice", first...)
		contains(t, "the comment", l.Comment, "Songferry copy", "by alice", "5 of 7 tracks")
		if l.Public {
			t.Errorf("the other users of the music server see %s's copy", user)
		}
	}

	inStep := func(name string, songs ...string) {
		t.Helper()
		bob.comes("bob", name, songs...)
		bob.comes("carol", name, songs...)
	}
	alice.add("alice", list, "tide.flac")
	inStep("Road trip · alice", append(slices.Clone(first), "tide.mp3")...)
	alice.remove("alice", list, 0)
	inStep("Road trip · alice", "deluxe/boats.ogg", "best/station.flac", "album/joga.flac", "first/train.mp3", "tide.mp3")
	alice.set("alice", list, "tide.flac", "joga.mp3", "rare.flac", "boats.flac", "station.ogg")
	inStep("Road trip · alice", "tide.mp3", "album/joga.flac", "deluxe/boats.ogg", "best/station.flac")
	alice.rename("alice", list, "Long road")
	inStep("Long road · alice", "tide.mp3", "album/joga.flac", "deluxe/boats.ogg", "best/station.flac")

	addresses := federatedAddresses(t, road.URL)
	contains(t, "the withdrawal", alice.must("playlist", "publish", "--account", "alice", "--audience", "private", "Long road"), "private")
	for _, a := range addresses {
		if code, _, err := get(a, activityJSON); err != nil || code != http.StatusGone {
			t.Errorf("%s answers %d after the withdrawal, %v", a, code, err)
		}
	}
	if code, page, err := get(road.URL, ""); err != nil || code != http.StatusGone {
		t.Errorf("the page answers %d after the withdrawal, %v: %s", code, err, page)
	}
	await(t, "Carol's copy to go with its source", func() error {
		lists, err := bob.lists("carol")
		if err == nil && len(lists) > 0 {
			err = fmt.Errorf("she has %+v", lists)
		}
		return err
	})
	await(t, "Bob's copy to become his own", func() error {
		if own := bob.playlists("bob"); len(own) != 1 || own[0].Name != "Long road · alice" {
			return fmt.Errorf("his playlists: %+v", own)
		}
		return nil
	})
	kept := bob.comes("bob", "Long road · alice", "tide.mp3", "album/joga.flac", "deluxe/boats.ogg", "best/station.flac")
	contains(t, "the comment", kept.Comment, "Was a copy of a playlist by alice", "no longer shares it")
	once := bob.comes("dave", "Road trip · alice", first...)
	contains(t, "the comment", once.Comment, "by alice", "5 of 7 tracks")

	alice.keepsSecrets()
	bob.keepsSecrets()
}

const activityJSON = "application/activity+json"

// federatedAddresses returns the ids of a playlist's actor and collection, found from its page as other servers do.
func federatedAddresses(t *testing.T, page string) []string {
	t.Helper()
	code, body, err := get(page, activityJSON)
	if err != nil || code != http.StatusOK {
		t.Fatalf("%s answers %d, %v", page, code, err)
	}
	var actor struct {
		ID      string
		Streams []string
	}
	if err := json.Unmarshal([]byte(body), &actor); err != nil || actor.ID == "" || len(actor.Streams) != 1 {
		t.Fatalf("%v: %s", err, body)
	}
	return append(actor.Streams, actor.ID)
}

func TestAPersonAtHomeWithoutAnAddressReceives(t *testing.T) {
	t.Parallel()
	alice := newHome(t, []string{"alice"}, aliceMusic)
	bob := newHome(t, []string{"bob"}, bobMusic, "SONGFERRY_URL=", "SONGFERRY_REFRESH_INTERVAL=1s")
	list := alice.make("alice", "Evening", "joga.mp3", "tide.flac")
	alice.serve()
	bob.serve()
	evening := alice.publish("alice", "Evening", "unlisted")

	bob.must("follow", "--account", "bob", evening.Handle)
	bob.comes("bob", "Evening · alice", "album/joga.flac", "tide.mp3")
	alice.add("alice", list, "boats.flac")
	bob.comes("bob", "Evening · alice", "album/joga.flac", "tide.mp3", "deluxe/boats.ogg")
	alice.must("playlist", "publish", "--account", "alice", "--audience", "private", "Evening")
	await(t, "Bob's copy to say that it is over", func() error {
		l, err := bob.list("bob", "Evening · alice")
		if err == nil && !strings.Contains(l.Comment, "no longer shares it") {
			err = fmt.Errorf("its comment is %q", l.Comment)
		}
		return err
	})

	s := bob.run("playlist", "publish", "--account", "bob", "--audience", "public", "Evening · alice")
	if s.code != 1 {
		t.Errorf("publishing without an address ended with %d", s.code)
	}
	contains(t, "the refusal", s.err, "no public address", "SONGFERRY_URL")
	contains(t, "the daemon's log", bob.readLog(), "no public address is set")
}

func TestAPlaylistComesFromALinkAPageAndAFile(t *testing.T) {
	t.Parallel()
	alice := newHome(t, []string{"alice"}, aliceMusic)
	bob := newHome(t, []string{"bob"}, bobMusic, "SONGFERRY_REFRESH_INTERVAL=1s")
	alice.make("alice", "夜 & Jóga", "station.ogg", "joga.mp3")
	secret := alice.make("alice", "For Bob", "tide.flac", "rare.flac")
	alice.serve()
	bob.serve()
	night := alice.publish("alice", "夜 & Jóga", "public")
	link := alice.publish("alice", "For Bob", "link")

	bob.must("import", "--account", "bob", night.URL)
	bob.comes("bob", "夜 & Jóga · alice", "best/station.flac", "album/joga.flac")

	bob.must("follow", "--account", "bob", link.URL)
	byLink := "For Bob · alice"
	bob.comes("bob", byLink, "tide.mp3")

	code, jspf, err := get(night.URL+".jspf", "")
	if err != nil || code != http.StatusOK {
		t.Fatalf("the JSPF answers %d, %v", code, err)
	}
	file := filepath.Join(t.TempDir(), "night.jspf")
	if err := os.WriteFile(file, []byte(jspf), 0o600); err != nil {
		t.Fatal(err)
	}
	contains(t, "the dry run", bob.must("import", "--account", "bob", "--dry-run", file), "2 of 2")
	bob.must("import", "--account", "bob", "--name", "From a file", file)
	lists, err := bob.lists("bob")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(lists, func(l musicList) bool { return strings.HasPrefix(l.Name, "From a file") })
	if at < 0 || !slices.Equal(lists[at].Songs, []string{"best/station.flac", "album/joga.flac"}) {
		t.Errorf("Bob has %+v", lists)
	}

	alice.set("alice", secret, "boats.flac")
	bob.comes("bob", byLink, "deluxe/boats.ogg")
}

// BenchmarkEditReachesTheFriend measures from an edit on Alice's server until Bob's holds it, with 1 s between polls:
// go test -tags supysonic -run '^$' -bench Reaches -benchtime 20x ./cmd/songferry
func BenchmarkEditReachesTheFriend(b *testing.B) {
	quiet := "SONGFERRY_LOG_LEVEL=info"
	alice, bob := newHome(b, []string{"alice"}, aliceMusic, quiet), newHome(b, []string{"bob"}, bobMusic, quiet)
	list := alice.make("alice", "Road trip", "harbour.flac")
	alice.serve()
	bob.serve()
	bob.must("follow", "--account", "bob", alice.publish("alice", "Road trip", "public").Handle)
	mine := []string{"harbour.flac", "tide.flac", "joga.mp3", "boats.flac"}
	theirs := []string{"remaster/harbour.flac", "tide.mp3", "album/joga.flac", "deluxe/boats.ogg"}
	bob.comes("bob", "Road trip · alice", theirs[0])
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		at := (i + 1) % len(mine)
		start := time.Now()
		alice.set("alice", list, mine[at], "train.flac")
		bob.comes("bob", "Road trip · alice", theirs[at], "first/train.mp3")
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds(), "median-s")
	b.ReportMetric(took[len(took)-1].Seconds(), "slowest-s")
}
