//go:build fedify

package main

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/federation/fedifytest"
	"github.com/songferry/songferry/playlists"
)

// says checks properties that Fedify read.
func says(t *testing.T, what string, got fedifytest.Object, want map[string]any) {
	t.Helper()
	for name, value := range want {
		if !reflect.DeepEqual(got[name], value) {
			t.Errorf("%s: %s is %#v, want %#v", what, name, got[name], value)
		}
	}
}

// stream returns the one collection that an actor has in its streams.
func stream(t *testing.T, actor fedifytest.Object) string {
	t.Helper()
	if ids, _ := actor["streamIds"].([]any); len(ids) == 1 {
		if id, _ := ids[0].(string); id != "" {
			return id
		}
	}
	t.Fatalf("the streams of %s: %v", actor.Text("id"), actor["streamIds"])
	return ""
}

// keyOf is how Fedify reads the key of an actor of ours.
func keyOf(actor string) []any {
	return []any{map[string]any{"type": "Key", "id": actor + "#main-key", "ownerId": actor, "publicKey": "RSASSA-PKCS1-v1_5"}}
}

func TestFedifyResolvesEveryActorAndTheServer(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	a.make("Road trip", harbour)
	road := a.publish("alice", "Road trip", "public")
	a.make("For friends", boats)
	friends := a.publish("alice", "For friends", "followers")

	alice := a.fedify.Lookup(fedifytest.Nobody, "@alice@"+a.host()).Text("id")
	actors := map[string]map[string]any{
		road.Handle: {
			"type": "Service", "preferredUsername": "alice_road_trip", "name": "Road trip", "url": road.URL, "attributionId": alice,
			"summary":                   `<p>A playlist by <a href="` + a.front.URL + `/@alice">alice</a> · 1 track</p>`,
			"manuallyApprovesFollowers": false, "discoverable": true, "indexable": false,
			"attachments": []any{map[string]any{"type": "PropertyValue", "name": "Curator", "value": `<a href="` + a.front.URL + `/@alice" rel="me">@alice</a>`}},
		},
		friends.Handle:           {"type": "Service", "name": "For friends", "manuallyApprovesFollowers": true, "discoverable": false, "attributionId": alice},
		"@alice@" + a.host():     {"type": "Person", "preferredUsername": "alice", "name": "alice", "url": a.front.URL + "/@alice", "manuallyApprovesFollowers": false},
		"@127.0.0.1@" + a.host(): {"type": "Application", "preferredUsername": "127.0.0.1", "name": a.host(), "manuallyApprovesFollowers": true},
	}
	for handle, want := range actors {
		actor := a.fedify.Lookup(fedifytest.Nobody, handle)
		id := actor.Text("id")
		says(t, handle, actor, want)
		says(t, handle, actor, map[string]any{
			"inboxId": id + "/inbox", "outboxId": id + "/outbox", "followersId": id + "/followers", "followingId": id + "/following",
			"endpoints": map[string]any{"sharedInbox": a.front.URL + "/ap/inbox"}, "keys": keyOf(id),
		})
		for _, address := range []string{id, actor.Text("url")} {
			if again := a.fedify.Lookup(fedifytest.Nobody, address); again.Text("id") != id {
				t.Errorf("%s: its address %s leads to %q", handle, address, again.Text("id"))
			}
		}
		a.means(id)
		says(t, handle+"'s followers", a.fedify.Lookup(fedifytest.Nobody, actor.Text("followersId")), map[string]any{"type": "OrderedCollection", "totalItems": 0.0})
		for _, of := range []string{"outboxId", "followersId", "followingId", "featuredId"} {
			address := actor.Text(of)
			if address == "" || handle == friends.Handle && (of == "outboxId" || of == "featuredId") { // those are for approved followers
				continue
			}
			says(t, handle+"'s "+of, a.fedify.Lookup(fedifytest.Nobody, address), map[string]any{"type": "OrderedCollection", "id": address})
			a.means(address)
		}
	}

	lists := stream(t, a.fedify.Lookup(fedifytest.Nobody, alice))
	a.means(lists)
	open := a.fedify.Items(fedifytest.Nobody, lists)
	if len(open) != 1 || open[0].Text("url") != road.URL {
		t.Errorf("alice's playlists: %v", open)
	}

	info := a.fedify.NodeInfo(a.front.URL)
	if software, _ := info["software"].(map[string]any); software["name"] != "songferry" || software["version"] == "" {
		t.Errorf("the software: %v", software)
	}
	says(t, "NodeInfo", info, map[string]any{"protocols": []any{"activitypub"}, "metadata": map[string]any{
		"features": []any{"playlist-import"}, "privacyPolicyUrl": a.front.URL + "/privacy",
	}})
}

// means checks that every property of a document means something in JSON-LD.
func (a *abroad) means(address string) {
	a.t.Helper()
	if lost := a.fedify.Lost(fedifytest.Nobody, address); len(lost) > 0 {
		a.t.Errorf("the @context of %s does not define %s", address, strings.Join(lost, ", "))
	}
}

// full is a track of which everything is known.
func full(n int) playlists.Track {
	return playlists.Track{
		Title: fmt.Sprintf("Song %d", n), Artist: "The Lanterns feat. Mara Lind", Artists: []playlists.Artist{{Name: "The Lanterns"}, {Name: "Mara Lind"}},
		Album: "Coastline", AlbumBy: "The Lanterns", Duration: 60 + n, Number: n, Disc: 1, Year: 1994,
		MBID: "a8b3f2b2-6a8c-4f0a-9d54-2f6a4a2d3b11", ISRC: []string{"GBAAA9700031"},
	}
}

func TestFedifyReadsAllPagesOfAPlaylist(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	var tracks []playlists.Track
	for n := range 250 {
		tracks = append(tracks, full(n+1))
	}
	a.make("Road trip", tracks...)
	road := a.publish("alice", "Road trip", "public")

	actor := a.fedify.Lookup(fedifytest.Nobody, road.Handle)
	id := stream(t, actor)
	says(t, "the playlist", a.fedify.Lookup(fedifytest.Nobody, id), map[string]any{
		"type": "OrderedCollection", "name": "Road trip", "totalItems": 250.0, "attributionIds": []any{actor.Text("id")},
		"firstId": id + "?page=1", "lastId": id + "?page=3",
		"toIds": []any{"https://www.w3.org/ns/activitystreams#Public"}, "ccIds": []any{actor.Text("followersId")},
		"urls": []any{map[string]any{"href": road.URL, "mediaType": "text/html"}, map[string]any{"href": road.URL + ".jspf", "mediaType": "application/jspf+json"}},
	})
	items := a.fedify.Items(fedifytest.Nobody, id)
	if len(items) != len(tracks) {
		t.Fatalf("it has %d items", len(items))
	}
	for i, item := range items {
		seconds := tracks[i].Duration
		says(t, fmt.Sprintf("item %d", i), item, map[string]any{"type": "Audio", "name": tracks[i].Title, "attributionId": actor.Text("id"),
			"duration": strings.Replace(fmt.Sprintf("PT%dM%dS", seconds/60, seconds%60), "M0S", "M", 1)})
	}
	one := items[7].Text("id")
	says(t, "an item by itself", a.fedify.Lookup(fedifytest.Nobody, one), map[string]any{"type": "Audio", "id": one, "name": "Song 8"})
	for _, address := range []string{id, id + "?page=3", one} {
		a.means(address)
	}
}

func TestFedifyReadsAPlaylistByLink(t *testing.T) {
	t.Parallel()
	a := newAbroad(t, fedifytest.Options{})
	a.make("Secret", harbour, boats)
	link := a.publish("alice", "Secret", "link")

	says(t, "the playlist", a.fedify.Lookup(fedifytest.Nobody, link.URL), map[string]any{
		"type": "OrderedCollection", "id": link.URL, "name": "Secret", "totalItems": 2.0, "attributionId": a.front.URL + "/ap/actors/instance"})
	a.means(link.URL)
	items := a.fedify.Items(fedifytest.Nobody, link.URL)
	if len(items) != 2 || items[1].Text("name") != boats.Title {
		t.Fatalf("items: %v", items)
	}
	a.means(items[0].Text("id"))
}
