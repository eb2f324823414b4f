//go:build fedify

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/songferry/songferry/federation/fedifytest"
)

// comes waits until Fedify has received and taken n activities of one type, and returns the newest. about is the type of
// what they are about, if that matters.
func comes(t *testing.T, p *fedifytest.Peer, kind, about string, n int) fedifytest.Received {
	t.Helper()
	var got []fedifytest.Received
	await(t, fmt.Sprintf("%s no. %d", kind, n), func() error {
		got = slices.DeleteFunc(p.Received(kind), func(r fedifytest.Received) bool { return about != "" && r.About().Text("type") != about })
		posts := p.Posts(kind)
		if taken := slices.DeleteFunc(slices.Clone(posts), refused); len(got) < n || len(taken) < n {
			return fmt.Errorf("there are %d; the inbox answered %v", len(got), posts)
		}
		return nil
	})
	newest := got[len(got)-1]
	if len(got) != n || len(newest.Lost) > 0 {
		t.Fatalf("%d times %s, %v; its @context does not define %q", len(got), kind, newest.Activity, newest.Lost)
	}
	return newest
}

func refused(e fedifytest.Exchange) bool { return e.Status != http.StatusAccepted }

// answers checks an Accept or Reject of a Follow.
func answers(t *testing.T, answer fedifytest.Received, actor, follow, follower string) {
	t.Helper()
	about := answer.About()
	if answer.Activity.Text("actor") != actor || about.Text("id") != follow || about.Text("type") != "Follow" || about.Text("actor") != follower {
		t.Errorf("the answer to %s: %v", follow, answer.Activity)
	}
}

// followers returns the ids of a playlist's followers; those who wait for approval end in "?".
func (a *abroad) followers(playlist string) (ids []string) {
	a.t.Helper()
	var rows []followerRow
	if err := json.Unmarshal([]byte(a.must("follower", "list", "--account", "alice", "--json", playlist)), &rows); err != nil {
		a.t.Fatal(err)
	}
	for _, r := range rows {
		if !r.Approved {
			r.ID += "?"
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// awaitFollowers waits until a playlist has exactly these followers.
func (a *abroad) awaitFollowers(playlist string, want ...string) {
	a.t.Helper()
	await(a.t, fmt.Sprintf("the followers %q", want), func() error {
		if got := a.followers(playlist); !slices.Equal(got, want) {
			return fmt.Errorf("they are %q", got)
		}
		return nil
	})
}

func TestFedifyFollowsAPlaylistUntilItDoesNot(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	songs := a.add(harbour, boats, station)
	list := a.music.AddPlaylist("alice", "Road trip", songs[0])
	road := a.publish("alice", "Road trip", "public")
	actor := a.fedify.Lookup(fedifytest.Nobody, road.Handle)
	id := actor.Text("id")

	follow := a.fedify.Send("Follow", id, id)
	answers(t, comes(t, a.fedify, "Accept", "Follow", 1), id, follow, a.fedify.ID("fay"))
	witness := fedifytest.Start(t, fedifytest.Options{FirstKnock: fedifytest.Cavage})
	witness.Send("Follow", id, id)
	comes(t, witness, "Accept", "Follow", 1)
	a.awaitFollowers("Road trip", a.fedify.ID("fay"), witness.ID("fay"))

	a.music.SetPlaylist(list, songs[0], songs[1])
	for _, p := range []*fedifytest.Peer{a.fedify, witness} {
		update := comes(t, p, "Update", "OrderedCollection", 1)
		if about := update.About(); update.Activity.Text("actor") != id || about.Text("id") != stream(t, actor) || about["totalItems"] != 2.0 {
			t.Errorf("the news: %v", update.Activity)
		}
	}

	a.fedify.Send("Undo", follow, id)
	a.awaitFollowers("Road trip", witness.ID("fay"))
	a.music.SetPlaylist(list, songs...)
	comes(t, witness, "Update", "OrderedCollection", 2)
	// All deliveries of that edit are on their way now, and those to one host keep their order.
	again := a.fedify.Send("Follow", id, id)
	answers(t, comes(t, a.fedify, "Accept", "Follow", 2), id, again, a.fedify.ID("fay"))
	comes(t, a.fedify, "Update", "OrderedCollection", 1)

	a.must("playlist", "publish", "--account", "alice", "--audience", "private", "Road trip")
	farewell := comes(t, a.fedify, "Delete", "Tombstone", 1)
	if farewell.Activity.Text("actor") != id || farewell.About().Text("id") != id {
		t.Errorf("the farewell: %v", farewell.Activity)
	}
	if got := a.fedify.Status(fedifytest.Nobody, id); got != http.StatusGone {
		t.Errorf("the actor answers %d after the withdrawal", got)
	}
}

func TestFedifyReadsAPlaylistForFollowersOnceApproved(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	a.make("For friends", harbour, boats)
	friends := a.publish("alice", "For friends", "followers")
	actor := a.fedify.Lookup(fedifytest.Nobody, friends.Handle)
	id, list, fay := actor.Text("id"), stream(t, actor), a.fedify.ID("fay")
	answer := func(when string, nobody, someone int) {
		t.Helper()
		for _, address := range []string{list, list + "?page=1"} {
			if got := a.fedify.Status(fedifytest.Nobody, address); got != nobody {
				t.Errorf("%s %s answers %d without a signature", when, address, got)
			}
			if got := a.fedify.Status(fedifytest.Fay, address); got != someone {
				t.Errorf("%s %s answers fay %d", when, address, got)
			}
		}
	}

	answer("before she asks,", http.StatusNotFound, http.StatusNotFound)
	follow := a.fedify.Send("Follow", id, id)
	a.awaitFollowers("For friends", fay+"?")
	answer("while she waits,", http.StatusNotFound, http.StatusNotFound)

	if got := a.fedify.Received("Accept"); len(got) > 0 {
		t.Errorf("accepted unasked: %v", got)
	}
	name := "@fay@" + hostOf(a.fedify.URL)
	a.must("follower", "approve", "--account", "alice", "For friends", name)
	answers(t, comes(t, a.fedify, "Accept", "Follow", 1), id, follow, fay)
	answer("once approved,", http.StatusNotFound, http.StatusOK)
	items := a.fedify.Items(fedifytest.Fay, list)
	if len(items) != 2 || items[0].Text("name") != harbour.Title || items[1].Text("name") != boats.Title {
		t.Errorf("fay reads %v", items)
	}

	a.must("follower", "remove", "--account", "alice", "For friends", name)
	answers(t, comes(t, a.fedify, "Reject", "Follow", 1), id, follow, fay)
	answer("once removed,", http.StatusNotFound, http.StatusNotFound)
}

func TestFedifyBlocksAndDeletesItself(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	a.make("Road trip", harbour)
	id := a.fedify.Lookup(fedifytest.Nobody, a.publish("alice", "Road trip", "public").Handle).Text("id")
	fay := a.fedify.ID("fay")

	a.fedify.Send("Follow", id, id)
	a.awaitFollowers("Road trip", fay)
	a.fedify.Send("Block", id, id)
	a.awaitFollowers("Road trip")

	a.fedify.Send("Follow", id, id)
	a.awaitFollowers("Road trip", fay)
	a.fedify.Leave(id)
	a.awaitFollowers("Road trip")
}
