//go:build fedify

package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/songferry/songferry/federation/fedifytest"
)

// copyOf waits until the copy that alice has is of a playlist with this number of tracks.
func (a *abroad) copyOf(tracks int) {
	a.t.Helper()
	await(a.t, fmt.Sprintf("a copy of %d tracks", tracks), func() error {
		var rows []followingRow
		if err := json.Unmarshal([]byte(a.must("following", "--account", "alice", "--json")), &rows); err != nil {
			return err
		}
		if len(rows) != 1 || rows[0].Total != tracks {
			return fmt.Errorf("there is %+v", rows)
		}
		return nil
	})
}

func TestAPlaylistOfFedifyIsFollowed(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{Tracks: []string{harbour.Title, "Never Heard"}})
	a.add(harbour, boats)
	alice := a.fedify.Lookup(fedifytest.Nobody, "@alice@"+a.host()).Text("id")
	mix := "@mix@" + hostOf(a.fedify.URL)

	contains(t, "the dry run", a.must("import", "--account", "alice", "--dry-run", mix), "Mix", harbour.Title, "Never Heard")
	a.must("follow", "--account", "alice", mix)
	follow := comes(t, a.fedify, "Follow", "", 1).Activity
	if follow.Text("actor") != alice || follow.Text("object") != a.fedify.ID("mix") {
		t.Errorf("the Follow: %v", follow)
	}
	await(t, "the Accept", func() error {
		if got := a.front.Posts("Accept"); len(got) != 1 || refused(got[0]) {
			return fmt.Errorf("there is %v", got)
		}
		return nil
	})
	a.copyOf(2)

	a.fedify.Change(alice, harbour.Title, boats.Title, "Never Heard")
	a.copyOf(3)

	a.must("unfollow", "--account", "alice", mix)
	undo := comes(t, a.fedify, "Undo", "Follow", 1)
	if undo.Activity.Text("actor") != alice || undo.About().Text("id") != follow.Text("id") {
		t.Errorf("the Undo: %v", undo.Activity)
	}
}

// What people on other servers do with a playlist that concerns nobody here must not bother them.
func TestFedifyIsNotRefusedWhatPeopleDo(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	a.make("Road trip", harbour)
	actor := a.fedify.Lookup(fedifytest.Nobody, a.publish("alice", "Road trip", "public").Handle)
	id := actor.Text("id")
	for _, kind := range []string{"Like", "Announce", "Flag"} {
		a.fedify.Send(kind, id, id)
		a.fedify.Send("Undo", a.fedify.Send(kind, stream(t, actor), id), id)
	}
	a.fedify.Write("<p>What a list!</p>", "", id)
	a.fedify.Write("<p>What a list!</p>", stream(t, actor), id)
}
