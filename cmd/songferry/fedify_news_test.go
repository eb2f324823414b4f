//go:build fedify

package main

import (
	"testing"

	"github.com/songferry/songferry/federation/fedifytest"
)

func TestFedifyIsToldTheNews(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{}, "SONGFERRY_NEWS_QUIET_TIME=0s")
	songs := a.add(harbour, boats)
	list := a.music.AddPlaylist("alice", "Road trip", songs[0])
	road := a.publish("alice", "Road trip", "public")
	actor := a.fedify.Lookup(fedifytest.Nobody, road.Handle)
	id := actor.Text("id")
	a.fedify.Send("Follow", id, id)
	comes(t, a.fedify, "Accept", "Follow", 1)

	a.music.SetPlaylist(list, songs...)
	create := comes(t, a.fedify, "Create", "Note", 1)
	note := create.About()
	if create.Activity.Text("actor") != id || note.Text("attributedTo") != id {
		t.Errorf("the news: %v", create.Activity)
	}
	read := a.fedify.Lookup(fedifytest.Nobody, note.Text("id"))
	says(t, "the post", read, map[string]any{"type": "Note", "id": note.Text("id"), "attributionId": id, "content": note.Text("content"),
		"published": note.Text("published"), "toIds": []any{"https://www.w3.org/ns/activitystreams#Public"}, "ccIds": []any{actor.Text("followersId")}})
	contains(t, "the post", read.Text("content"), boats.Title, road.URL)
	a.means(note.Text("id"))
	if page := a.fedify.Lookup(fedifytest.Nobody, read.Text("url")); page.Text("id") != note.Text("id") {
		t.Errorf("the post's page %q leads to %v", read.Text("url"), page)
	}

	pinned := a.fedify.Items(fedifytest.Nobody, actor.Text("featuredId"))
	if len(pinned) != 1 || pinned[0].Text("type") != "Note" {
		t.Fatalf("pinned: %v", pinned)
	}
	contains(t, "the pinned post", pinned[0].Text("content"), harbour.Title, boats.Title)
	a.means(actor.Text("featuredId"))
	a.means(pinned[0].Text("id"))
	outbox := a.fedify.Items(fedifytest.Nobody, actor.Text("outboxId"))
	if len(outbox) != 1 {
		t.Fatalf("the outbox: %v", outbox)
	}
	says(t, "the outbox", outbox[0], map[string]any{"type": "Create", "id": create.Activity.Text("id"), "actorId": id, "objectId": note.Text("id")})
}
