package federation

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// golden are the documents of one kind of server, in the shape that its own code gives them: testdata/golden/SERVER.json,
// where every document names the file that builds it. They are invented values in real shapes, not recordings.
type golden struct {
	Server    string
	Sources   map[string]string
	Documents map[string]json.RawMessage
}

// goldens reads all of them, by the name of their file.
func goldens(t testing.TB) map[string]golden {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden documents: ", err)
	}
	all := map[string]golden{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = g
	}
	return all
}

// document returns one, by "server/name".
func goldenDocument(t testing.TB, all map[string]golden, name string) []byte {
	t.Helper()
	server, doc, _ := strings.Cut(name, "/")
	text, ok := all[server].Documents[doc]
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return text
}

func TestGoldenDocumentsNameTheirSource(t *testing.T) {
	t.Parallel()
	all := goldens(t)
	for name, g := range all {
		for doc := range g.Documents {
			if g.Sources[doc] == "" {
				t.Errorf("%s/%s has no source", name, doc)
			}
		}
	}
	// What every server has that federates posts. Funkwhale and PeerTube have no direct messages, Funkwhale boosts nothing.
	for _, server := range []string{"mastodon", "gotosocial", "akkoma", "misskey", "pixelfed", "lemmy", "peertube", "friendica", "funkwhale"} {
		for _, doc := range []string{"person", "webfinger", "create", "direct", "follow", "accept", "undo", "like", "announce", "delete", "delete_actor", "update"} {
			none := doc == "direct" && (server == "peertube" || server == "funkwhale") || doc == "announce" && server == "funkwhale"
			if _, ok := all[server].Documents[doc]; ok == none {
				t.Errorf("%s/%s: there %v", server, doc, ok)
			}
		}
	}
}

// plainActor is an actor whose addresses follow the usual scheme.
func plainActor(id, kind, handle, name, url, sharedInbox string) RemoteActor {
	return RemoteActor{ID: id, Type: kind, Handle: handle, Name: name, URL: url, SharedInbox: sharedInbox,
		Inbox: id + "/inbox", Followers: id + "/followers", Keys: []PublicKey{{ID: id + "#main-key"}}}
}

func TestActorsOfEveryServerAreRead(t *testing.T) {
	t.Parallel()
	all := goldens(t)
	with := func(a RemoteActor, change func(*RemoteActor)) RemoteActor { change(&a); return a }
	const gts, fr = "https://gts.example", "https://fr.example"
	friendica := func(user, kind, name, url string) RemoteActor {
		return with(plainActor(fr+url, kind, user, name, fr+url, fr+"/inbox"), func(a *RemoteActor) {
			a.Inbox, a.Followers = fr+"/inbox/"+user, fr+"/followers/"+user
		})
	}
	mainKey := func(a *RemoteActor) { a.Keys = []PublicKey{{ID: a.ID + "/main-key"}} }
	for name, want := range map[string]RemoteActor{
		"mastodon/person": plainActor("https://m.example/users/bob", "Person", "bob", "Bob the Builder :verified:", "https://m.example/@bob", "https://m.example/inbox"),
		"mastodon/application": with(plainActor("https://m.example/actor", "Application", "m.example", "", "https://m.example/about/more?instance_actor=true", "https://m.example/inbox"),
			func(a *RemoteActor) { a.Followers, a.ManuallyApproves = "", true }),
		"gotosocial/person": with(plainActor(gts+"/users/carol", "Person", "carol", "Carol", gts+"/@carol", gts+"/sharedInbox"),
			func(a *RemoteActor) { mainKey(a); a.ManuallyApproves = true }),
		"gotosocial/application": with(plainActor(gts+"/users/gts.example", "Application", "gts.example", "gts.example", gts+"/@gts.example", ""), mainKey),
		"gotosocial/stub":        {ID: gts + "/users/carol", Type: "Person", Handle: "carol", Keys: []PublicKey{{ID: gts + "/users/carol/main-key"}}},
		"akkoma/person":          plainActor("https://akk.example/users/dan", "Person", "dan", "Дан 🦊", "https://akk.example/users/dan", "https://akk.example/inbox"),
		"akkoma/application":     plainActor("https://akk.example/internal/fetch", "Application", "internal.fetch", "Akkoma", "https://akk.example/internal/fetch", "https://akk.example/inbox"),
		"misskey/person":         plainActor("https://mk.example/users/9abc", "Person", "erin", "エリン", "https://mk.example/@erin", "https://mk.example/inbox"),
		"misskey/service":        plainActor("https://mk.example/users/9bot", "Service", "bot", "", "https://mk.example/@bot", "https://mk.example/inbox"),
		"pixelfed/person":        plainActor("https://px.example/users/fay", "Person", "fay", "Fay", "https://px.example/fay", "https://px.example/f/inbox"),
		"pixelfed/application": with(plainActor("https://px.example/i/actor", "Application", "px.example", "", "https://px.example/site/kb/instance-actor", ""),
			func(a *RemoteActor) { a.Followers, a.ManuallyApproves = "", true }),
		"lemmy/person": with(plainActor("https://l.example/u/gus", "Person", "gus", "", "", "https://l.example/inbox"), func(a *RemoteActor) { a.Followers = "" }),
		"lemmy/group": with(plainActor("https://l.example/c/music", "Group", "music", "Music!", "", "https://l.example/inbox"),
			func(a *RemoteActor) { a.AttributedTo = "https://l.example/c/music/moderators" }),
		"peertube/person": plainActor("https://pt.example/accounts/hana", "Person", "hana", "Hana", "https://pt.example/a/hana", "https://pt.example/inbox"),
		"peertube/group": with(plainActor("https://pt.example/video-channels/hana_channel", "Group", "hana_channel", "Hana's channel", "https://pt.example/a/hana_channel", "https://pt.example/inbox"),
			func(a *RemoteActor) { a.AttributedTo = "https://pt.example/accounts/hana" }),
		"peertube/application":   plainActor("https://pt.example/accounts/peertube", "Application", "peertube", "peertube", "https://pt.example/a/peertube", "https://pt.example/inbox"),
		"friendica/person":       friendica("ida", "Person", "Ida", "/profile/ida"),
		"friendica/organization": friendica("club", "Organization", "Club", "/profile/club"),
		"friendica/application":  friendica("friendica", "Application", "Friendica System Account", "/friendica"),
		"funkwhale/person":       plainActor("https://fw.example/federation/actors/jo", "Person", "jo", "Jo", "https://fw.example/@jo", "https://fw.example/federation/shared/inbox"),
		"funkwhale/application":  plainActor("https://fw.example/federation/actors/service", "Service", "service", "service", "https://fw.example/@jo", "https://fw.example/federation/shared/inbox"),
		"funkwhale/channel": with(plainActor("https://fw.example/federation/actors/show", "Person", "show", "Show", "https://fw.example/channels/show", "https://fw.example/federation/shared/inbox"),
			func(a *RemoteActor) { a.AttributedTo = "https://fw.example/federation/actors/jo" }),
		"bookwyrm/person": with(plainActor("https://bw.example/user/kim", "Person", "kim", "Kim", "", "https://bw.example/inbox"),
			func(a *RemoteActor) { a.Keys = []PublicKey{{ID: a.ID + "/#main-key"}} }),
	} {
		got, err := decodeActor(goldenDocument(t, all, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.Keys) != 1 {
			t.Fatalf("%s: keys %+v", name, got.Keys)
		}
		if key, err := remoteKey(got.ID, got.Keys[0]); err != nil || key.Owner != want.ID {
			t.Errorf("%s: key %+v, %v", name, key, err)
		}
		got.Keys[0].PEM = ""
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
	}
}

func TestWebFingerAnswersOfEveryServerAreRead(t *testing.T) {
	t.Parallel()
	all := goldens(t)
	for name, want := range map[string]string{
		"mastodon": "@bob@m.example https://m.example/users/bob", "gotosocial": "@carol@gts.example https://gts.example/users/carol",
		"akkoma": "@dan@akk.example https://akk.example/users/dan", "misskey": "@erin@mk.example https://mk.example/users/9abc",
		"pixelfed": "@fay@px.example https://px.example/users/fay", "friendica": "@ida@fr.example https://fr.example/profile/ida",
		"peertube": "@hana_channel@pt.example https://pt.example/video-channels/hana_channel", "funkwhale": "@jo@fw.example https://fw.example/federation/actors/jo",
		"lemmy": "@music@l.example https://l.example/u/music", // a person and a community of one name: the person stands first
	} {
		got, err := parseJRD(goldenDocument(t, all, name+"/webfinger"))
		if err != nil || got.subject.String()+" "+got.actorID != want || got.actorHost != hostOf(got.actorID) {
			t.Errorf("%s: %+v, %v, want %s", name, got, err, want)
		}
	}
}

func TestActivitiesOfEveryServerAreRead(t *testing.T) {
	t.Parallel()
	all := goldens(t)
	const ours, alice, followID, post = "https://b.example/ap/actors/roadtrippublicid", "https://b.example/ap/actors/alicepublicid",
		"https://b.example/ap/activities/follow-1", "https://b.example/ap/notes/n1"
	type sender struct{ server, id string }
	m, g := sender{"mastodon", "https://m.example/users/bob"}, sender{"gotosocial", "https://gts.example/users/carol"}
	ak, mk := sender{"akkoma", "https://akk.example/users/dan"}, sender{"misskey", "https://mk.example/users/9abc"}
	px, le := sender{"pixelfed", "https://px.example/users/fay"}, sender{"lemmy", "https://l.example/u/gus"}
	pt, fr, fw := sender{"peertube", "https://pt.example/accounts/hana"}, sender{"friendica", "https://fr.example/profile/ida"}, sender{"funkwhale", "https://fw.example/federation/actors/jo"}
	const community, channel, music = "https://l.example/c/music", "https://pt.example/video-channels/hana_channel", "https://fw.example/federation/music/"
	read := 0
	check := func(s sender, doc, kind, id, object, objectType string, more ...func(*envelope)) {
		t.Helper()
		e, err := parseEnvelope(goldenDocument(t, all, s.server+"/"+doc))
		if err != nil {
			t.Errorf("%s/%s: %v", s.server, doc, err)
			return
		}
		if string(e.Raw) != string(goldenDocument(t, all, s.server+"/"+doc)) {
			t.Errorf("%s/%s is not kept as it came", s.server, doc)
		}
		e.Raw = nil
		want := envelope{ID: id, Type: kind, Actor: s.id, ObjectID: object, ObjectType: objectType}
		for _, change := range more {
			change(&want)
		}
		if !reflect.DeepEqual(e, want) {
			t.Errorf("%s/%s:\ngot  %+v\nwant %+v", s.server, doc, e, want)
		}
		read++
	}
	by := func(actor string) func(*envelope) { return func(e *envelope) { e.Actor = actor } }
	owner := func(id string) func(*envelope) { return func(e *envelope) { e.ObjectOwner = id } }
	of := func(actor, object string) func(*envelope) {
		return func(e *envelope) { e.ObjectActor, e.ObjectObject = actor, object }
	}

	check(m, "create", "Create", m.id+"/statuses/113/activity", m.id+"/statuses/113", "Note", owner(m.id))
	check(m, "direct", "Create", m.id+"/statuses/114/activity", m.id+"/statuses/114", "Note", owner(m.id))
	check(m, "follow", "Follow", "https://m.example/7d1b4a8e-1f0a-4b77-a7d4-0b3a2c5f2a11", ours, "")
	check(m, "accept", "Accept", m.id+"#accepts/follows/7", followID, "Follow", of(alice, m.id))
	check(m, "reject", "Reject", m.id+"#rejects/follows/7", followID, "Follow", of(alice, m.id))
	check(m, "undo", "Undo", m.id+"#follows/12/undo", "https://m.example/7d1b4a8e-1f0a-4b77-a7d4-0b3a2c5f2a11", "Follow", of(m.id, ours))
	check(m, "block", "Block", "https://m.example/0c1ff5b5-5a2d-4f9d-9b3e-2f6f5a8f0c31", ours, "")
	check(m, "like", "Like", m.id+"#likes/99", post, "")
	check(m, "announce", "Announce", m.id+"/statuses/115/activity", post, "")
	check(m, "delete", "Delete", m.id+"/statuses/113#delete", m.id+"/statuses/113", "Tombstone")
	check(m, "delete_actor", "Delete", m.id+"#delete", m.id, "")
	check(m, "update", "Update", m.id+"#updates/1751364000", m.id, "Person")
	check(m, "flag", "Flag", "https://m.example/reports/1", ours, "", by("https://m.example/actor"))

	check(g, "create", "Create", g.id+"/statuses/01J/activity#Create", g.id+"/statuses/01J", "Note", owner(g.id))
	check(g, "create_iri", "Create", g.id+"/statuses/01J/activity#Create", g.id+"/statuses/01J", "")
	check(g, "direct", "Create", g.id+"/statuses/01K/activity#Create", g.id+"/statuses/01K", "Note", owner(g.id))
	check(g, "follow", "Follow", g.id+"/follow/01F", ours, "")
	check(g, "accept", "Accept", g.id+"/accepts/01G", followID, "Follow", of(alice, g.id))
	check(g, "undo", "Undo", g.id+"/undo/01H", g.id+"/follow/01F", "Follow", of(g.id, ours))
	check(g, "like", "Like", g.id+"/liked/01L", post, "")
	check(g, "announce", "Announce", g.id+"/statuses/01M", post, "")
	check(g, "delete", "Delete", g.id+"/statuses/01J#delete", g.id+"/statuses/01J", "")
	check(g, "delete_actor", "Delete", g.id+"#delete", g.id, "")
	check(g, "update", "Update", g.id+"#updates/01N", g.id, "Person")

	const akActs, akObject = "https://akk.example/activities/", "https://akk.example/objects/1a522f2e-d5ab-454b-93d7-e58bc0650c2a"
	actorToo := func(e *envelope) { e.ObjectActor = ak.id }
	check(ak, "create", "Create", akActs+"c1", akObject, "Note", owner(ak.id), actorToo)
	check(ak, "direct", "Create", akActs+"c2", akObject+"d", "Note", owner(ak.id), actorToo)
	check(ak, "follow", "Follow", akActs+"f1", ours, "")
	check(ak, "accept", "Accept", akActs+"a1", followID, "")
	check(ak, "undo", "Undo", akActs+"u1", akActs+"f1", "Follow", of(ak.id, ours))
	check(ak, "undo_id", "Undo", akActs+"u2", akActs+"f1", "")
	check(ak, "like", "Like", akActs+"l1", post, "")
	check(ak, "react", "EmojiReact", akActs+"r1", post, "")
	check(ak, "announce", "Announce", akActs+"n1", post, "")
	check(ak, "delete", "Delete", akActs+"d1", akObject, "")
	check(ak, "delete_actor", "Delete", akActs+"d2", ak.id, "")
	check(ak, "update", "Update", akActs+"up1", ak.id, "Person")

	check(mk, "create", "Create", "https://mk.example/notes/9n1/activity", "https://mk.example/notes/9n1", "Note", owner(mk.id))
	check(mk, "direct", "Create", "https://mk.example/notes/9n2/activity", "https://mk.example/notes/9n2", "Note", owner(mk.id))
	check(mk, "follow", "Follow", "https://mk.example/follows/9abc/9xyz", ours, "")
	check(mk, "accept", "Accept", "https://mk.example/4b1a8c1e-95c5-4e1c-8a66-0a2f4f8e0f11", followID, "Follow", of(alice, mk.id))
	check(mk, "undo", "Undo", "https://mk.example/follows/9abc/9xyz/undo", "https://mk.example/follows/9abc/9xyz", "Follow", of(mk.id, ours))
	check(mk, "like", "Like", "https://mk.example/likes/9l1", post, "")
	check(mk, "announce", "Announce", "https://mk.example/notes/9r1/activity", post, "")
	check(mk, "delete", "Delete", "https://mk.example/0fa4b2f0-0d9a-4e36-a0b9-6d4be4a2f001", "https://mk.example/notes/9n1", "Tombstone")
	check(mk, "delete_actor", "Delete", "https://mk.example/0fa4b2f0-0d9a-4e36-a0b9-6d4be4a2f002", mk.id, "")
	check(mk, "update", "Update", mk.id+"#updates/1751364000123", mk.id, "Person")

	check(px, "create", "Create", "https://px.example/p/fay/1/activity", "https://px.example/p/fay/1", "Note", owner(px.id))
	check(px, "direct", "Create", "https://px.example/p/fay/2/activity", "https://px.example/p/fay/2", "Note", owner(px.id))
	check(px, "follow", "Follow", px.id+"#follow/1", ours, "")
	check(px, "accept", "Accept", px.id+"#accepts/follows/1", "", "Follow", of(alice, px.id)) // it may forget our id
	check(px, "undo", "Undo", px.id+"#follow/1/undo", px.id+"#follows/1", "Follow", of(px.id, ours))
	check(px, "like", "Like", px.id+"#likes/5", post, "")
	check(px, "announce", "Announce", "https://px.example/p/fay/3", post, "")
	check(px, "delete", "Delete", "https://px.example/p/fay/1#delete", "https://px.example/p/fay/1", "Tombstone")
	check(px, "delete_actor", "Delete", px.id+"#delete", px.id, "")
	check(px, "update", "Update", px.id+"#updates/1", px.id, "Person")

	const leActs = "https://l.example/activities/"
	check(le, "create", "Create", leActs+"create/6e11", "https://l.example/post/7", "Page", owner(le.id))
	check(le, "direct", "Create", leActs+"create/987d", "https://l.example/private_message/1", "Note", owner(le.id))
	check(le, "follow", "Follow", leActs+"follow/6abc", ours, "")
	check(le, "accept", "Accept", leActs+"accept/75f0", followID, "Follow", by(community), of(alice, community))
	check(le, "undo", "Undo", leActs+"undo/dd83", leActs+"follow/6abc", "Follow", of(le.id, ours))
	check(le, "like", "Like", leActs+"like/efcf", post, "")
	check(le, "announce", "Announce", leActs+"announce/8030", leActs+"create/6e11", "Create", by(community), of(le.id, "https://l.example/post/7"))
	check(le, "delete", "Delete", leActs+"delete/f2ab", "https://l.example/post/7", "")
	check(le, "delete_actor", "Delete", leActs+"delete/041d", le.id, "")
	check(le, "update", "Update", leActs+"update/d3c4", community, "Group", owner(community+"/moderators"))

	const video, clips = "https://pt.example/videos/watch/e794", "https://pt.example/video-playlists/9f21"
	check(pt, "create", "Create", video+"/comments/5/activity", video+"/comments/5", "Note", owner(pt.id), func(e *envelope) { e.ObjectReplyTo = post })
	check(pt, "follow", "Follow", pt.id+"/follows/1", ours, "")
	check(pt, "accept", "Accept", "https://pt.example/accepts/follows/1", followID, "Follow", by(channel), of(alice, channel))
	check(pt, "undo", "Undo", pt.id+"/follows/1/undo", pt.id+"/follows/1", "Follow", of(pt.id, ours))
	check(pt, "like", "Like", pt.id+"/likes/9", post, "")
	check(pt, "announce", "Announce", video+"/announces/299", video, "", by(channel))
	check(pt, "delete", "Delete", video+"/comments/5/delete", video+"/comments/5", "")
	check(pt, "delete_actor", "Delete", pt.id+"/delete", pt.id, "")
	check(pt, "update", "Update", channel+"/updates/2026-07-01T10:00:00.000Z", channel, "Group", by(channel), owner(pt.id))
	check(pt, "create_playlist", "Create", clips+"/activity", clips, "Playlist", by(channel), owner(channel))

	const frObject = "https://fr.example/objects/4edd2508"
	check(fr, "create", "Create", frObject+"#Create", frObject, "Note", owner(fr.id))
	check(fr, "direct", "Create", "https://fr.example/objects/5fee#Create", "https://fr.example/objects/5fee", "Note", owner(fr.id), func(e *envelope) { e.ObjectActor = fr.id })
	check(fr, "follow", "Follow", "https://fr.example/activity/8c1f", ours, "")
	check(fr, "accept", "Accept", "https://fr.example/activity/8c2f", followID, "Follow", of(alice, fr.id))
	check(fr, "undo", "Undo", "https://fr.example/activity/8c3f", "https://fr.example/activity/8c1f", "Follow", of(fr.id, ours))
	check(fr, "like", "Like", "https://fr.example/objects/6aaa", post, "")
	check(fr, "announce", "Announce", "https://fr.example/objects/7aaa#Announce", post, "")
	check(fr, "delete", "Delete", frObject+"#Delete", frObject, "Tombstone")
	check(fr, "delete_actor", "Delete", "https://fr.example/activity/9aaa", fr.id, "")
	check(fr, "update", "Update", "https://fr.example/activity/9bbb", fr.id, "Person")

	check(fw, "create", "Create", music+"uploads/88f0/activity", music+"uploads/88f0", "Audio", owner(fw.id))
	check(fw, "follow", "Follow", fw.id+"#follows/0b1f", ours, "")
	check(fw, "accept", "Accept", fw.id+"#follows/0b2f/accept", followID, "Follow", of(alice, fw.id))
	check(fw, "undo", "Undo", fw.id+"#follows/0b1f/undo", fw.id+"#follows/0b1f", "Follow", of(fw.id, ours))
	check(fw, "like", "Like", fw.id+"/likes/1", "https://b.example/ap/playlists/roadtrippublicid/items/k3f8", "")
	check(fw, "listen", "Listen", fw.id+"/listens/1", music+"tracks/1", "")
	check(fw, "delete", "Delete", fw.id+"#delete/1", "", "Audio") // two ids in one object
	check(fw, "delete_actor", "Delete", fw.id+"#delete/2", fw.id, "Person")
	check(fw, "update", "Update", fw.id+"#update/3", fw.id, "Person")
	check(fw, "create_playlist", "Create", music+"playlists/5c1e#create", music+"playlists/5c1e", "Playlist", owner(fw.id))

	check(sender{"bookwyrm", "https://bw.example/user/kim"}, "add", "Add", "https://bw.example/list/1/list-item/2#add", "https://bw.example/list/1/list-item/2", "ListItem",
		func(e *envelope) { e.ObjectActor, e.TargetID = e.Actor, "https://bw.example/list/1" })

	activities := 0
	for _, server := range all {
		for _, doc := range server.Documents {
			if _, err := parseEnvelope(doc); err == nil {
				activities++
			}
		}
	}
	if read != activities {
		t.Errorf("%d of %d activities are compared", read, activities)
	}
}

func TestListsOfOtherServersAreReadOrRefused(t *testing.T) {
	t.Parallel()
	all := goldens(t)
	track := playlists.Track{Item: itemName("https://fw.example/federation/music/uploads/88f0"), Title: "Jóga", Artist: "Björk",
		Artists: []playlists.Artist{{Name: "Björk", MBID: "87c5dedd-371d-4a53-9f7f-80522fb7f3cb"}}, Album: "Homogenic", AlbumBy: "Björk",
		AlbumID: "e8f70201-8899-3f0c-9e07-5d6495bc8046", Duration: 305, Number: 2, Disc: 1, Year: 1997, MBID: "771ab043-e821-421c-8a4b-72c54fa86afc"}
	song := playlists.Track{Item: itemName("https://bwg.example/66a1"), Title: "Low Tide", Number: 1, Note: "la la"}
	for name, want := range map[string]RemoteCollection{
		"funkwhale/playlist": {ID: "https://fw.example/federation/music/playlists/5c1e", Name: "Trip", AttributedTo: "https://fw.example/federation/actors/jo", Total: 2,
			First: "https://fw.example/federation/music/playlists/5c1e?page=1"},
		"peertube/playlist": {ID: "https://pt.example/video-playlists/9f21", Name: "Clips", AttributedTo: "https://pt.example/video-channels/hana_channel", Total: 2,
			First: "https://pt.example/video-playlists/9f21?page=1", Audience: playlists.Public},
		"bandwagon/children": {ID: "https://bwg.example/66a0/pub/children", AttributedTo: "https://bwg.example/@65f0", Total: 1, Items: []playlists.Track{song}},
	} {
		got, err := decodeCollection(goldenDocument(t, all, name))
		got.Next, got.Published, got.Updated = "", want.Published, want.Updated
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, want)
		}
	}
	for name, want := range map[string][]playlists.Track{
		"funkwhale/library_page": {track}, "funkwhale/playlist_page": nil, "peertube/playlist_page": nil, "bookwyrm/list_page": nil,
	} {
		got, next, err := decodePage(goldenDocument(t, all, name))
		if err != nil || next != "" || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %q, %v", name, got, next, err)
		}
	}
	for _, name := range []string{"funkwhale/library", "bookwyrm/list", "bandwagon/album", "bandwagon/song", "mastodon/featured"} {
		_, err := decodeCollection(goldenDocument(t, all, name))
		problem(t, name, err, playlists.Invalid)
	}
}

func TestAListWithoutReadableTracksIsNotAnEmptyPlaylist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.instance()
	mix := w.list(other, "mix", "One")
	want := w.wants(w.alice, mix.actor.ID)
	// It becomes what Funkwhale serves: pages of rows that name their tracks only.
	doc := mix.document()
	delete(doc, "orderedItems")
	doc["type"], doc["totalItems"], doc["first"] = "Playlist", 1, mix.id+"?page=1"
	mix.Put(mix.path(), doc)
	mix.Put(mix.path()+"?page=1", map[string]any{"id": mix.id + "?page=1", "type": "CollectionPage", "partOf": mix.id,
		"items": []any{map[string]any{"type": "PlaylistTrack", "id": mix.id + "/1", "track": mix.URL + "/tracks/1", "index": 0}}})
	w.reads(want.Playlist)
	if got := w.has(want.Playlist); len(got) != 1 || w.sourceError(want.Playlist) == "" {
		t.Errorf("has %v, says %q", got, w.sourceError(want.Playlist))
	}
	_, err := w.Lookup(t.Context(), w.account("bob").ID, mix.actor.ID)
	problem(t, "looked up", err, playlists.Invalid)
}
