package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

var (
	radio = track("Ida Thorne", "Kitchen Radio", 187)
	grain = track("Salt Choir", "Fields of Grain", 241)
)

type runnable interface {
	Run(context.Context, *Settings, terminal) error
}

// says runs a command beside the person's bridge and returns what it prints.
func (p *person) says(c runnable) string {
	p.t.Helper()
	out, err := p.tries(c)
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *person) tries(c runnable) (string, error) {
	p.t.Helper()
	var out bytes.Buffer
	err := c.Run(p.t.Context(), &p.settings, terminal{Out: &out, Err: &out})
	return out.String(), err
}

// copy names a copy of the person's for a command.
func (p *person) copy(name string) chosenCopy {
	return chosenCopy{Account: p.account.Handle, Target: name}
}

// hears checks that a text has these parts.
func (p *person) hears(text string, parts ...string) {
	p.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			p.t.Errorf("%q is not in: %s", part, text)
		}
	}
}

// sharing starts Alice, who shares a playlist of five songs.
func sharing(t *testing.T) (alice *person, list, handle string) {
	alice = newPerson(t, "alice", subsonictest.Navidrome, harbour, boats, station, radio, grain)
	list = alice.music.AddPlaylist("alice", "Road trip", alice.ids("Harbour Lights", "Paper Boats", "夜の駅", "Kitchen Radio", "Fields of Grain")...)
	_, handle = alice.publish("Road trip", playlists.Public)
	return alice, list, handle
}

func TestTooLittleForAListIsSaidAndAListMadeWhenAsked(t *testing.T) {
	t.Parallel()
	_, _, handle := sharing(t)
	bob := newPerson(t, "bob", subsonictest.Gonic, harbour)

	bob.hears(bob.imports(importCommand{Target: handle, DryRun: true}),
		"1 of 5 tracks", "less than a quarter, so no list would be made", "Nothing was written")
	bob.hears(bob.imports(importCommand{Target: handle, DryRun: true, JSON: true}), `"state": "too few found"`)
	note := "Only 1 of its 5 tracks is in your library, so no list was made yet. It is made by itself once 2 are."
	agree := "`songferry following agree --account bob \"Road trip\"` makes it all the same; " +
		"`songferry missing --account bob --playlist \"Road trip\"` lists what is missing."
	bob.hears(bob.followsAgain(handle), "Road trip: 1 of 5 tracks", note+" "+agree, "missing   The Lanterns – Paper Boats")
	bob.hears(bob.followsAgain(handle), note) // to say it again is no yes
	bob.hears(bob.says(followingList{Account: "bob"}), "1 of 5", note+" "+agree)
	bob.hears(bob.says(followingList{Account: "bob", JSON: true}), `"state": "too few found"`, `"note": "`+note+`"`)
	if lists := bob.music.Playlists(); len(lists) != 0 {
		t.Fatalf("bob has %+v", lists)
	}

	bob.hears(bob.says(followingAgree{chosenCopy: bob.copy("Road trip")}), "1 of 5 tracks")
	bob.holds("Road trip · alice", "Harbour Lights")
	if out, err := bob.tries(followingAgree{chosenCopy: bob.copy(handle)}); !strings.Contains(playlists.Say(err), "asks nothing") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestTooLittleForAListIsAnsweredToAPhone(t *testing.T) {
	t.Parallel()
	alice, _, handle := sharing(t)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour)
	phone := newPhone(t, "bob")
	phone.prove(bob)
	phone.writes(bob, "follow "+handle)
	settle(alice, bob)
	bob.hears(phone.last(t), "1 of 5 found. That is less than a quarter, so there is no list yet: it comes by itself once you have 2.")

	bob.songs["Paper Boats"] = bob.music.AddSong(boats)
	bob.music.Rescan()
	bob.step(bob.subsonic.PollOnce)
	settle(alice, bob)
	bob.holds("Road trip · alice", "Harbour Lights", "Paper Boats")
	bob.hears(phone.last(t), "enough of it is in your library now, so there is a list; 2 of 5 found.")
}

func TestAPersonSaysWhoseOrderACopyIsIn(t *testing.T) {
	t.Parallel()
	alice, list, handle := sharing(t)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats, station)
	bob.followsAgain(handle)
	const name = "Road trip · alice"
	bob.rearranges(name, "夜の駅", "Harbour Lights", "Paper Boats")
	bob.hears(bob.followsAgain(handle), "You put this list in another order", "`songferry following order --account bob \""+name+"\" mine` keeps it",
		"`songferry following order --account bob \""+name+"\" original` goes back")
	bob.hears(bob.says(followingShow{chosenCopy: bob.copy(name)}),
		"3 of 5 tracks are in your library; kept in step, from "+handle, "in another order", "mine` keeps it")
	bob.holds(name, "夜の駅", "Harbour Lights", "Paper Boats")

	bob.hears(bob.says(followingOrder{bob.copy(name), "original"}), "follows the original order")
	bob.holds(name, "Harbour Lights", "Paper Boats", "夜の駅")
	bob.rearranges(name, "Paper Boats", "夜の駅", "Harbour Lights")
	bob.hears(bob.says(followingOrder{bob.copy(name), "mine"}), "stays in your order")
	alice.music.SetPlaylist(list, alice.ids("夜の駅", "Harbour Lights", "Kitchen Radio")...)
	alice.step(alice.subsonic.PollOnce)
	settle(alice, bob)
	makeDue(t, bob)
	settle(alice, bob)
	bob.holds(name, "夜の駅", "Harbour Lights")
	bob.hears(bob.says(followingList{Account: "bob", JSON: true}), `"state": "own order"`)
}

// rearranges is what the person does in a music app.
func (p *person) rearranges(name string, titles ...string) {
	p.t.Helper()
	list, ok := p.music.PlaylistNamed(p.account.Handle, name)
	if !ok {
		p.t.Fatalf("there is no list %q", name)
	}
	p.music.SetPlaylist(list.ID, p.ids(titles...)...)
}

func TestWhatIsNotForAPersonIsShownAndTakenBack(t *testing.T) {
	t.Parallel()
	_, _, handle := sharing(t)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats, station)
	bob.followsAgain(handle)
	const name = "Road trip · alice"
	bob.rearranges(name, "夜の駅")
	bob.followsAgain(handle)
	bob.holds(name, "夜の駅")
	bob.hears(bob.says(followingShow{chosenCopy: bob.copy(name)}), "`songferry following restore --account bob \""+name+"\" SONG`",
		"  The Lanterns – Harbour Lights\n", "  The Lanterns – Paper Boats\n")
	var shown copyDetails
	err := json.Unmarshal([]byte(bob.says(followingShow{bob.copy(name), true})), &shown)
	if err != nil || len(shown.Refused) != 2 || shown.Name != name || shown.State != subsonicbridge.Written {
		t.Fatalf("%+v, %v", shown, err)
	}

	bob.hears(bob.says(followingRestore{bob.copy(name), "Paper Boats"}), "The Lanterns – Paper Boats is no longer kept out of "+name)
	bob.holds(name, "Paper Boats", "夜の駅")
	bob.says(followingRestore{bob.copy(name), shown.Refused[0].ID})
	bob.holds(name, "Harbour Lights", "Paper Boats", "夜の駅")
	if out, err := bob.tries(followingRestore{bob.copy(name), "Paper Boats"}); playlists.CodeOf(err) != playlists.NotFound {
		t.Errorf("%v: %s", err, out)
	}
}

// An answer answers what was asked, and nothing else.
func TestAnOrderIsNoConsentToALoss(t *testing.T) {
	t.Parallel()
	alice, list, handle := sharing(t)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats)
	bob.followsAgain(handle)
	alice.music.SetPlaylist(list)
	alice.step(alice.subsonic.PollOnce)
	settle(alice, bob)
	makeDue(t, bob)
	settle(alice, bob)
	const name = "Road trip · alice"
	bob.hears(bob.says(followingList{Account: "bob"}), "went from 5 tracks to 0 at once", "`songferry following agree --account bob \""+name+"\"` lets it shrink.")
	bob.says(followingOrder{bob.copy(name), "mine"})
	bob.holds(name, "Harbour Lights", "Paper Boats")
	bob.hears(bob.says(followingList{Account: "bob", JSON: true}), `"state": "asks"`)
	bob.hears(bob.says(followingAgree{chosenCopy: bob.copy(name)}), "The playlist is empty now. Your list stays as it is")
	bob.holds(name, "Harbour Lights", "Paper Boats") // nothing empty is written over something filled
}

// Whoever imported a file has no command to give once more.
func TestACopyOfAFileMayShrinkWhenItsPersonAgrees(t *testing.T) {
	t.Parallel()
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, joga)
	file := filepath.Join(t.TempDir(), "Sunday.csv")
	if err := os.WriteFile(file, []byte("Title,Artist\nHarbour Lights,The Lanterns\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bob.imports(importCommand{Target: file})
	list, ok := bob.music.PlaylistNamed("bob", "Sunday")
	if !ok {
		t.Fatal("no list was made")
	}
	bob.music.DeletePlaylist(list.ID)
	bob.music.Rescan()
	bob.music.AddSong(radio)
	bob.music.Rescan()
	bob.step(bob.subsonic.PollOnce)
	settle(bob)
	bob.hears(bob.says(followingList{Account: "bob"}), "You deleted this list", "`songferry following agree --account bob \"Sunday\"` makes it again.")
	bob.says(followingAgree{chosenCopy: bob.copy("Sunday")})
	bob.holds("Sunday", "Harbour Lights")
}

// Others name playlists, and what is shown is pasted into a shell.
func TestAHintHasNothingInItThatAShellReads(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Road trip · Zoë": `"Road trip · Zoë"`,
		"$(reboot)": "id1", "a`b": "id1", `a"b`: "id1", "a!b": "id1", "-x": "id1", "": "id1"} {
		if got := inShell(followingRow{ID: "id1", Name: name}); got != want {
			t.Errorf("%q is named %s, want %s", name, got, want)
		}
	}
}

func TestACopyIsPausedResumedAndGivenUpWithItsList(t *testing.T) {
	t.Parallel()
	alice, list, handle := sharing(t)
	bob := newPerson(t, "bob", subsonictest.Navidrome, harbour, boats, station)
	bob.followsAgain(handle)
	const name = "Road trip · alice"
	bob.hears(bob.says(followingPause{bob.copy(name)}), name+" stays as it is. `songferry following resume --account bob \""+name+"\"` goes on.")
	alice.music.SetPlaylist(list, alice.ids("Harbour Lights", "夜の駅", "Kitchen Radio")...)
	alice.step(alice.subsonic.PollOnce)
	settle(alice, bob)
	makeDue(t, bob)
	settle(alice, bob)
	bob.holds(name, "Harbour Lights", "Paper Boats", "夜の駅")
	bob.hears(bob.says(followingList{Account: "bob"}), "You paused this", "resume")
	bob.hears(bob.says(followingResume{bob.copy(name)}), "2 of 3 tracks")
	bob.holds(name, "Harbour Lights", "夜の駅")
	bob.hears(bob.says(unfollowCommand{Account: "bob", Remove: true, Target: name}), "no longer followed. You stopped this, and the list is no longer on your music server.")
	if lists := bob.lists(); len(lists) != 0 {
		t.Errorf("bob has %v", lists)
	}
}
