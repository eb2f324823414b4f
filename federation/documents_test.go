package federation

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// A null context within a document takes the meaning from all that stands under it.
func TestNoPartOfADocumentForgetsItsContext(t *testing.T) {
	t.Parallel()
	for name, d := range acceptedDocuments(t) {
		if bytes.Contains(indented(t, d), []byte(`"@context": null`)) {
			t.Errorf("%s has a part without context", name)
		}
	}
}

// emitted are all documents that this package writes, by the name of their golden file.
func emitted(t testing.TB) map[string]any {
	a, alice, p := testAddresses(t), aliceAccount(), roadTrip()
	public, link := roadTripPublication(playlists.Public), roadTripPublication(playlists.Link)
	unlisted, followers := roadTripPublication(playlists.Unlisted), roadTripPublication(playlists.Followers)
	page := func(pub playlists.Publication) pageDocument {
		d, ok := collectionPage(p, pub, a, 1)
		if !ok {
			t.Fatal("the playlist has no first page")
		}
		return d
	}
	follow := json.RawMessage(`{"id":"https://m.example/follows/1","type":"Follow","actor":"https://m.example/users/bob","object":"https://b.example/ap/actors/roadtrippublicid"}`)
	request := json.RawMessage(`{"id":"https://m.example/requests/1","type":"QuoteRequest","actor":"https://m.example/users/bob","object":"https://b.example/ap/notes/01K1","instrument":"https://m.example/posts/1"}`)
	actor, bob := a.Actor(public.PublicID), "https://m.example/users/bob"
	key := shownKey(public.PublicID, a)
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	covered, coveredLink := withCover(public), withCover(link)
	docs := map[string]any{
		"actor_account":            accountActor(alice, shownKey(alice.PublicID, a), a),
		"actor_instance":           instanceActor(shownKey(instanceID, a), a),
		"actor_playlist":           playlistActor(alice, p, public, key, a),
		"actor_playlist_followers": playlistActor(alice, p, followers, key, a),
		"actor_playlist_cover":     playlistActor(alice, p, covered, key, a),
		"collection":               collectionDocument(p, public, a),
		"collection_cover":         collectionDocument(p, covered, a),
		"collection_link_cover":    collectionDocument(p, coveredLink, a),
		"collection_followers":     collectionDocument(p, followers, a),
		"collection_link":          collectionDocument(p, link, a),
		"collection_unlisted":      collectionDocument(p, unlisted, a),
		"page":                     page(public),
		"page_link":                page(link),
		"followers":                countedCollection(a.Followers(public.PublicID), 3),
		"featured":                 listedCollection(a.Featured(public.PublicID)),
		"account_playlists":        accountPlaylists(alice, []string{public.PublicID}, a),
		"accept":                   newAccept(a.Activity("01"), actor, bob, follow),
		"reject":                   newReject(a.Activity("02"), actor, bob, follow),
		"follow":                   newFollow(a.Activity("03"), a.Actor(alice.PublicID), bob),
		"undo":                     newUndoFollow(a.Activity("04"), a.Actor(alice.PublicID), a.Activity("03"), bob),
		"update":                   newUpdate(a.Activity("05"), p, public, a),
		"delete":                   newDelete(a.Activity("06"), public, at, a),
		"tombstone":                newTombstone(actor, "Service", at),
		"webfinger_account":        accountWebFinger(alice.Handle, alice.PublicID, a),
		"move":                     newMove(a.Activity("07"), public.PublicID, "https://new.example/ap/actors/1", a),
		"update_account_playlists": settled(a).rosterUpdate(alice, []string{public.PublicID}, 1).body,
		"actor_playlist_moved":     movedActor(playlistActor(alice, p, public, key, a)),
		"stamp_quote":              newStampDocument(newStamp(quoteStamp, public.PublicID, "01K1", "https://m.example/posts/1"), a),
		"stamp_feature":            newStampDocument(newStamp(featureStamp, public.PublicID, public.PublicID, "https://m.example/collections/1"), a),
		"accept_request":           newAnswer("Accept", a.Activity("08"), actor, bob, request, a.Stamp(public.PublicID, "quote-1")),
		"reject_request":           newAnswer("Reject", a.Activity("09"), actor, bob, request, ""),
		"webfinger_playlist":       actorWebFinger(public.Handle, public.PublicID, a),
		"webfinger_instance":       instanceWebFinger(a),
		"nodeinfo_links":           nodeInfoLinks(a),
		"nodeinfo":                 newNodeInfo(a, software{"1.2.3", "takedown@music.example"}, 4),
	}
	maps.Copy(docs, emittedPosts(a))
	return docs
}

// emittedPosts are the documents around a post about the playlist.
func emittedPosts(a Addresses) map[string]any {
	p, pub, owner := roadTrip(), roadTripPublication(playlists.Public), aliceAccount()
	at := time.Date(2026, 6, 2, 3, 4, 5, 0, time.UTC)
	elsewhere := &RemoteActor{ID: "https://m.example/users/alice", URL: "https://m.example/@alice", Handle: "alice"}
	made := func(pub playlists.Publication, curator *RemoteActor) post {
		n := newsNote("01k1", story{pub: pub, list: p, owner: owner, tracks: p.Tracks[:2]}, curator, a)
		n.Published = dateTime(at)
		return post{ID: "01k1", Actor: pub.PublicID, Note: n, Published: at}
	}
	news := made(pub, nil)
	corrected := news.Note
	corrected.Updated = dateTime(at.Add(time.Hour))
	pin := listedCollection(a.Featured(pub.PublicID), pinnedNote(owner, p, pub, a))
	pin.Context = raw(noteContext)
	return map[string]any{
		"create":           newCreate(a.Activity("07"), news.Note),
		"create_mention":   newCreate(a.Activity("07"), made(pub, elsewhere).Note),
		"create_followers": newCreate(a.Activity("07"), made(roadTripPublication(playlists.Followers), nil).Note),
		"create_unlisted":  newCreate(a.Activity("07"), made(roadTripPublication(playlists.Unlisted), nil).Note),
		"announce":         newAnnounce(a.Activity("08"), owner, news, a),
		"update_note":      newNoteUpdate(a.Activity("09"), corrected),
		"delete_note":      newNoteDelete(a.Activity("10"), news, at, a),
		"featured_pinned":  pin,
	}
}

// movedActor is an actor with everything that it may say of others.
func movedActor(d actorDocument) actorDocument {
	d.AlsoKnownAs, d.MovedTo, d.InteractionPolicy = []string{"https://old.example/ap/actors/1"}, "https://new.example/ap/actors/1", canFeaturePublicly()
	return d
}

// TestDocumentsAreAsPromised compares with testdata/documents. UPDATE_GOLDEN=1 writes them anew.
func TestDocumentsAreAsPromised(t *testing.T) {
	t.Parallel()
	for name, d := range emitted(t) {
		file := filepath.Join("testdata", "documents", name+".json")
		got := indented(t, d)
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what %s holds (UPDATE_GOLDEN=1 go test ./federation writes it anew):\n%s", name, file, got)
		}
	}
}

// indented encodes d as it is sent, then lays it out for reading.
func indented(t testing.TB, d any) []byte {
	t.Helper()
	sent, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, sent, "", "  "); err != nil {
		t.Fatal(err)
	}
	// Only for the eye: encoding/json escapes these for browsers.
	r := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
	return []byte(r.Replace(b.String()) + "\n")
}

func TestDocumentsTellNothingInternal(t *testing.T) {
	t.Parallel()
	for name, d := range emitted(t) {
		if got := string(indented(t, d)); strings.Contains(got, "internal-") {
			t.Errorf("%s holds an internal id:\n%s", name, got)
		}
	}
}

func TestASharedLinkTellsNothingOfItsCurator(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"collection_link", "collection_link_cover", "page_link"} {
		got := strings.ToLower(string(indented(t, emitted(t)[name])))
		for _, secret := range []string{"alicepublicid", "roadtrippublicid", "@alice", "/ap/playlists"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s tells %q:\n%s", name, secret, got)
			}
		}
	}
}

func TestPagesCoverThePlaylistOnce(t *testing.T) {
	t.Parallel()
	a, pub := testAddresses(t), roadTripPublication(playlists.Public)
	for _, c := range []struct{ tracks, pages int }{{0, 1}, {1, 1}, {100, 1}, {101, 2}, {250, 3}} {
		p := playlists.Playlist{Tracks: make([]playlists.Track, c.tracks)}
		items, n := 0, 1
		for {
			d, ok := collectionPage(p, pub, a, n)
			if !ok {
				t.Fatalf("%d tracks: no page %d", c.tracks, n)
			}
			items += len(d.OrderedItems)
			if d.Next == "" {
				break
			}
			n++
		}
		if items != c.tracks || n != c.pages {
			t.Errorf("%d tracks: %d items on %d pages, want %d pages", c.tracks, items, n, c.pages)
		}
		for _, beyond := range []int{0, -1, n + 1} {
			if _, ok := collectionPage(p, pub, a, beyond); ok {
				t.Errorf("%d tracks: there is a page %d", c.tracks, beyond)
			}
		}
	}
}

func TestNothingWasUpdatedBeforeItBegan(t *testing.T) {
	t.Parallel()
	p, pub := roadTrip(), roadTripPublication(playlists.Public)
	p.Updated = pub.Since.Add(-24 * time.Hour)
	if got := collectionDocument(p, pub, testAddresses(t)); got.Updated != got.Published {
		t.Errorf("updated %s, published %s", got.Updated, got.Published)
	}
}

func TestListsOfOneStayLists(t *testing.T) {
	t.Parallel()
	docs := emitted(t)
	for name, fields := range map[string][]string{
		"actor_playlist":    {`"streams": [`, `"attachment": [`},
		"collection":        {`"to": [`, `"cc": [`, `"url": [`},
		"page":              {`"isrc": [`, `"artist_credit": [`},
		"featured":          {`"orderedItems": []`},
		"account_playlists": {`"orderedItems": [`},
		"accept":            {`"to": [`},
	} {
		got := string(indented(t, docs[name]))
		for _, f := range fields {
			if !strings.Contains(got, f) {
				t.Errorf("%s has no %s", name, f)
			}
		}
	}
}

// settled is a Federation that is good for addresses only.
func settled(a Addresses) *Federation {
	f := &Federation{}
	f.here.Store(&a)
	return f
}
