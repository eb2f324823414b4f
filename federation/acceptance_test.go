package federation

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// TestOtherServersAcceptOurDocuments states what the code of other servers asks of a document before it takes it. Each
// rule names the file, in that project, that asks. spoil is a change that the rule must notice: a rule that cannot fail
// proves nothing.

// A rule is asked of every document of ours that of names.
type rule struct {
	server, source string
	asks           string
	of             []string
	holds          func(d object) bool
	spoil          string // what to break, as in "publicKey.owner"
	with           any    // what to put there; nil removes it
}

var (
	actorsOfOurs   = []string{"actor_account", "actor_playlist", "actor_playlist_followers", "actor_instance"}
	peopleOfOurs   = actorsOfOurs[:3]
	collections    = []string{"collection", "collection_followers", "collection_link", "collection_unlisted"}
	answersToAsk   = []string{"accept", "reject"}
	creates        = []string{"create", "create_mention", "create_followers", "create_unlisted"}
	toFollowers    = append([]string{"update", "update_actor", "update_note", "delete", "delete_note"}, creates...)
	activitiesSent = slices.Concat([]string{"follow", "undo", "announce", "create_direct"}, answersToAsk, toFollowers)
	notes          = []string{"note", "note_mention", "note_followers", "note_unlisted", "note_direct"}
	fingers        = []string{"webfinger_playlist", "webfinger_instance"}
)

// acceptanceRules are grouped by server. What a rule is about is b.example, the bridge of the golden documents.
func acceptanceRules() []rule {
	return slices.Concat(mastodonRules(), gotosocialRules(), akkomaRules(), misskeyRules(), pixelfedRules(), lemmyRules(), peertubeRules(), friendicaRules(), funkwhaleRules())
}

func mastodonRules() []rule {
	const actor, account = "app/services/activitypub/fetch_remote_actor_service.rb", "app/services/activitypub/process_account_service.rb"
	username := regexp.MustCompile(`(?i)^[a-z0-9_]+([a-z0-9_.-]+[a-z0-9_]+)?$`)
	return []rule{
		{"Mastodon", actor, "a context that includes ActivityStreams", actorsOfOurs, func(d object) bool { return slices.Contains(d.list("@context"), any(activityStreams)) }, "@context", "https://x.example"},
		{"Mastodon", actor, "one of five types", actorsOfOurs, func(d object) bool { return isActorType(d["type"]) }, "type", "Playlist"},
		{"Mastodon", actor, "a WebFinger address that is preferredUsername at the host of the id", actorsOfOurs,
			func(d object) bool {
				return d.text("webfinger") == d.text("preferredUsername")+"@"+hostOf(d.text("id"))
			}, "webfinger", "alice@x.example"},
		{"Mastodon", "app/models/account.rb USERNAME_ONLY_RE", "a usual user name", actorsOfOurs, func(d object) bool { return username.MatchString(d.text("preferredUsername")) }, "preferredUsername", "a b"},
		{"Mastodon", account, "an inbox", actorsOfOurs, func(d object) bool { return d.text("inbox") != "" }, "inbox", nil},
		{"Mastodon", account, "a page on the host of the id", actorsOfOurs, func(d object) bool { return sameHostAs(d, "url") }, "url", "https://x.example/@alice"},
		{"Mastodon", account, "a list of fields, also of one", peopleOfOurs, func(d object) bool { return d["attachment"] == nil || isList(d["attachment"]) }, "attachment", map[string]any{}},
		{"Mastodon", account, "endpoints that are an object", actorsOfOurs, func(d object) bool { return d.object("endpoints").text("sharedInbox") != "" }, "endpoints", "https://b.example/ap/inbox"},
		{"Mastodon", "app/services/activitypub/fetch_remote_key_service.rb", "a key that names the actor as its owner", actorsOfOurs, ownsKey, "publicKey.owner", "https://x.example"},
		{"Mastodon", "app/lib/webfinger.rb", "a subject, and a self link to an actor", fingers, func(d object) bool { return strings.HasPrefix(d.text("subject"), "acct:") && selfLink(d) != "" }, "links", []any{}},
		{"Mastodon", "app/lib/activitypub/activity/accept.rb", "the Follow embedded, with who asked", answersToAsk,
			func(d object) bool {
				return d.object("object").text("type") == "Follow" && d.object("object").text("actor") != ""
			}, "object", "https://m.example/follows/1"},
		{"Mastodon", "app/lib/activitypub/activity.rb", "an object on the host of its actor", toFollowers, func(d object) bool { return hostOf(d.address("object")) == hostOf(d.text("actor")) }, "object.id", "https://x.example/1"},
		{"Mastodon", "app/lib/activitypub/activity/update.rb", "an actor updated by itself", []string{"update_actor"}, func(d object) bool { return d.address("object") == d.text("actor") }, "actor", "https://b.example/x"},
		{"Mastodon", "app/lib/activitypub/parser/status_parser.rb", "no summary: it would be a content warning", notes, func(d object) bool { return d["summary"] == nil }, "summary", "words"},
		{"Mastodon", "app/lib/activitypub/activity/create.rb", "a post by the actor who sends it", append([]string{"create_direct"}, creates...), func(d object) bool { return d.object("object").text("attributedTo") == d.text("actor") }, "object.attributedTo", "https://b.example/x"},
		{"Mastodon", "app/lib/activitypub/activity/create.rb process_mention", "a Mention of everyone who is written to", []string{"note_direct"},
			func(d object) bool {
				return len(d.list("tag")) == 1 && object(d.list("tag")[0].(map[string]any)).text("href") == d.list("to")[0]
			}, "tag", []any{}},
		{"Mastodon", "app/lib/activitypub/activity/announce.rb", "of a boost, the id of a post and the world among its readers", []string{"announce"}, func(d object) bool {
			return isHTTPS(d["object"]) && slices.Contains(append(d.list("to"), d.list("cc")...), any(publicCollection))
		}, "to,cc", []any{}},
		{"Mastodon", "app/lib/activitypub/activity/update.rb, app/services/activitypub/process_status_update_service.rb", "of an edit, when it was made", []string{"update_note"},
			func(d object) bool {
				o := d.object("object")
				return isTime(o["updated"]) && o.text("updated") >= o.text("published")
			}, "object.updated", nil},
		{"Mastodon", account + " collection_total_items", "a number of followers", []string{"followers"}, func(d object) bool { _, ok := d["totalItems"].(float64); return ok }, "totalItems", "3"},
		{"Mastodon", "app/services/activitypub/fetch_featured_collection_service.rb", "pinned posts in a list", []string{"featured", "featured_pinned"}, func(d object) bool { return isList(d["orderedItems"]) }, "orderedItems", nil},
	}
}

func gotosocialRules() []rule {
	const account, status = "internal/typeutils/astointernal.go ASRepresentationToAccount", "internal/typeutils/astointernal.go ASStatusToStatus"
	return []rule{
		{"GoToSocial", "internal/ap/interfaces.go IsAccountable", "one of five types, as one string", actorsOfOurs, func(d object) bool { return isActorType(d["type"]) }, "type", []any{"Person", "Service"}},
		{"GoToSocial", account, "a user name", actorsOfOurs, func(d object) bool { return d.text("preferredUsername") != "" }, "preferredUsername", nil},
		{"GoToSocial", account, "a key that the actor owns", actorsOfOurs, ownsKey, "publicKey.owner", "https://b.example/x"},
		{"GoToSocial", account, "a shared inbox on the same domain", actorsOfOurs, func(d object) bool {
			return domainOf(hostOf(d.object("endpoints").text("sharedInbox"))) == domainOf(hostOf(d.text("id")))
		}, "endpoints.sharedInbox", "https://x.other/inbox"},
		{"GoToSocial", account, "pinned posts on the same domain", actorsOfOurs, func(d object) bool { return d["featured"] == nil || sameHostAs(d, "featured") }, "featured", "https://x.other/f"},
		{"GoToSocial", "internal/ap/extract.go ExtractVisibility", "somebody a post is addressed to", notes, func(d object) bool { return len(d.list("to"))+len(d.list("cc")) > 0 }, "to,cc", []any{}},
		{"GoToSocial", status, "no name: without summary it would be a content warning", notes, func(d object) bool { return d["name"] == nil }, "name", "words"},
		{"GoToSocial", status, "a time of publication", notes, func(d object) bool { return isTime(d["published"]) }, "published", nil},
		{"GoToSocial", "internal/typeutils/astointernal.go", "no update before the publication", append(collections, peopleOfOurs...),
			func(d object) bool { return d["updated"] == nil || d.text("updated") >= d.text("published") }, "updated", "1999-01-01T00:00:00Z"},
	}
}

func akkomaRules() []rule {
	const user = "lib/pleroma/web/activity_pub/object_validators/user_validator.ex"
	return []rule{
		{"Akkoma", user, "one of five types, as one string", actorsOfOurs, func(d object) bool { return isActorType(d["type"]) }, "type", []any{"Person"}},
		{"Akkoma", user + " validate_inbox", "an inbox at the origin of the id", actorsOfOurs, func(d object) bool { return sameHostAs(d, "inbox") }, "inbox", "https://x.example/inbox"},
		{"Akkoma", user + " contain_collection_origin", "collections at the origin of the id", actorsOfOurs,
			func(d object) bool {
				return sameHostAs(d, "followers") && sameHostAs(d, "following") && (d["featured"] == nil || sameHostAs(d, "featured"))
			}, "following", "https://x.example/f"},
		{"Akkoma", user + " validate_pubkey; lib/pleroma/object/containment.ex contain_key_user", "a key id that is the actor's with a fragment", actorsOfOurs,
			func(d object) bool {
				id, _, _ := strings.Cut(d.object("publicKey").text("id"), "#")
				return id == d.text("id")
			}, "publicKey.id", "https://b.example/keys/1"},
		{"Akkoma", "lib/pleroma/object/containment.ex contain_origin", "ids at the origin of the actor", activitiesSent, func(d object) bool { return sameOrigin(d.text("id"), d.text("actor")) }, "id", "https://x.example/1"},
	}
}

func misskeyRules() []rule {
	const person = "packages/backend/src/core/activitypub/models/ApPersonService.ts validateActor"
	username := regexp.MustCompile(`^\w([\w-.]*\w)?$`)
	return []rule{
		{"Misskey", person, "https in id and page", actorsOfOurs, func(d object) bool { return isHTTPS(d["id"]) && isHTTPS(d["url"]) }, "url", "http://b.example/@alice"},
		{"Misskey", person, "an inbox that is text", actorsOfOurs, func(d object) bool { return d.text("inbox") != "" }, "inbox", []any{"https://b.example/i"}},
		{"Misskey", person, "a usual user name of at most 128", actorsOfOurs, func(d object) bool { s := d.text("preferredUsername"); return len(s) <= 128 && username.MatchString(s) }, "preferredUsername", "-a"},
		{"Misskey", person, "name and summary that are text", actorsOfOurs, func(d object) bool { return isTextOrNone(d["name"]) && isTextOrNone(d["summary"]) }, "summary", []any{}},
		{"Misskey", person, "a key id on the host of the id", actorsOfOurs, func(d object) bool { return hostOf(d.object("publicKey").text("id")) == hostOf(d.text("id")) }, "publicKey.id", "https://x.example/k"},
		{"Misskey", "packages/backend/src/queue/processors/InboxProcessorService.ts", "an id that is text on the signer's host", activitiesSent, func(d object) bool { return hostOf(d.text("id")) == hostOf(d.text("actor")) }, "id", nil},
		{"Misskey", "packages/backend/src/core/activitypub/models/ApNoteService.ts validateNote", "id and author on one host", notes, func(d object) bool { return hostOf(d.text("attributedTo")) == hostOf(d.text("id")) }, "attributedTo", "https://x.example/a"},
	}
}

func pixelfedRules() []rule {
	const helpers = "app/Util/ActivityPub/Helpers.php "
	verbs := []string{"Create", "Announce", "Like", "Follow", "Delete", "Accept", "Reject", "Undo", "Tombstone"} // no Update: it is ignored
	every := slices.Concat(actorsOfOurs, activitiesSent, notes)
	return []rule{
		{"Pixelfed", helpers + "validateUrl", "https, and a host with a dot", actorsOfOurs, func(d object) bool { return isHTTPS(d["id"]) && strings.Contains(hostOf(d.text("id")), ".") }, "id", "https://localhost/a"},
		{"Pixelfed", helpers + "fetchFromUrl", "a depth of eight at most", every, func(d object) bool { return depthOf(map[string]any(d)) <= 8 }, "x", nested(8)},
		{"Pixelfed", helpers + "validateObject", "a known verb, id and actor that are text, an object", append([]string{"follow", "undo", "accept", "reject", "delete", "delete_note", "announce", "create_direct"}, creates...),
			func(d object) bool {
				return slices.Contains(verbs, d.text("type")) && d.text("id") != "" && isHTTPS(d["actor"]) && d["object"] != nil
			}, "actor", map[string]any{}},
		{"Pixelfed", helpers + "validateObject", "of a Create, a published time and an object with type and author", append([]string{"create_direct"}, creates...),
			func(d object) bool {
				o := d.object("object")
				return isTime(d["published"]) && o.text("type") != "" && isHTTPS(o["attributedTo"])
			}, "published", nil},
		{"Pixelfed", helpers + "normalizeAudience", "lists of addressees, both of them", notes, func(d object) bool { return isList(d["to"]) && isList(d["cc"]) }, "cc", nil},
		{"Pixelfed", helpers + "verifyAttachments", "only images as attachments", notes, func(d object) bool {
			return !slices.ContainsFunc(d.list("attachment"), func(v any) bool { m, _ := v.(map[string]any); return m["type"] != "Image" && m["type"] != "Document" })
		}, "attachment", []any{map[string]any{"type": "Audio"}}},
	}
}

func lemmyRules() []rule {
	const person, site = "crates/apub/objects/src/protocol/person.rs", "crates/apub/objects/src/protocol/instance.rs"
	return []rule{
		{"Lemmy", person, "a user's type: a Group would be a community", peopleOfOurs, func(d object) bool {
			return slices.Contains([]string{"Person", "Service", "Organization"}, d.text("type"))
		}, "type", "Group"},
		{"Lemmy", person, "name, inbox, outbox and key", peopleOfOurs, func(d object) bool { return d.text("preferredUsername") != "" && hasBoxes(d) && ownsKey(d) }, "outbox", nil},
		{"Lemmy", site, "of a site, a name, inbox, outbox and key", []string{"actor_instance"}, func(d object) bool {
			return d.text("type") == "Application" && d.text("name") != "" && hasBoxes(d) && ownsKey(d)
		}, "name", nil},
		{"Lemmy", "crates/apub/activities/src/protocol/following/accept.rs", "one addressee at most", append(answersToAsk, "follow", "undo"), func(d object) bool { return d["to"] == nil || isList(d["to"]) && len(d.list("to")) == 1 }, "to", []any{"https://b.example/1", "https://b.example/2"}},
		{"Lemmy", "crates/apub/objects/src/protocol/note.rs", "times that can be read", notes, func(d object) bool { return isTime(d["published"]) && (d["updated"] == nil || isTime(d["updated"])) }, "published", "yesterday"},
	}
}

func peertubeRules() []rule {
	const actor, misc = "server/core/helpers/custom-validators/activitypub/actor.ts", "server/core/helpers/custom-validators/activitypub/misc.ts"
	username := regexp.MustCompile(`^[A-Za-z0-9\-_.:]+$`)
	return []rule{
		{"PeerTube", actor, "a usual user name", actorsOfOurs, func(d object) bool { return username.MatchString(d.text("preferredUsername")) }, "preferredUsername", "a b"},
		{"PeerTube", actor + " isActorPublicKeyValid", "a key in PKIX form", actorsOfOurs, func(d object) bool {
			pem := d.object("publicKey").text("publicKeyPem")
			return strings.HasPrefix(pem, "-----BEGIN PUBLIC KEY-----") && strings.Contains(pem, "-----END PUBLIC KEY-----")
		}, "publicKey.publicKeyPem", "-----BEGIN RSA PUBLIC KEY-----"},
		{"PeerTube", actor, "no Group: that is a channel", actorsOfOurs, func(d object) bool { return d.text("type") != "Group" }, "type", "Group"},
		{"PeerTube", misc + " isBaseActivityValid", "addressees in lists", activitiesSent, func(d object) bool { return isURLList(d["to"]) && isURLList(d["cc"]) }, "to", []any{"as:Public"}},
		{"PeerTube", misc + " isObjectValid", "an object with an id", activitiesSent, func(d object) bool { return d.address("object") != "" }, "object", map[string]any{"type": "Follow"}},
		{"PeerTube", "server/core/helpers/custom-validators/activitypub/activity.ts isUndoActivityValid", "the Follow embedded in its Undo", []string{"undo"},
			func(d object) bool {
				o := d.object("object")
				return o.text("type") == "Follow" && o.address("object") != "" && isURLList(o["to"])
			}, "object", "https://b.example/1"},
	}
}

func friendicaRules() []rule {
	const contact = "src/Model/APContact.php getByURL"
	return []rule{
		{"Friendica", contact, "id, inbox and one of five types", actorsOfOurs, func(d object) bool { return d.text("id") != "" && d.text("inbox") != "" && isActorType(d["type"]) }, "inbox", nil},
		{"Friendica", "src/Protocol/ActivityPub.php getAccountType", "no Application that has followers: that is a relay, which gets nothing", peopleOfOurs, func(d object) bool { return d.text("type") != "Application" }, "type", "Application"},
		{"Friendica", contact, "a user name, which makes the address", actorsOfOurs, func(d object) bool { return d.text("preferredUsername") != "" }, "preferredUsername", nil},
		{"Friendica", "src/Protocol/ActivityPub/Receiver.php", "id, actor and object", activitiesSent, func(d object) bool { return d.text("id") != "" && d.text("actor") != "" && d["object"] != nil }, "object", nil},
	}
}

func funkwhaleRules() []rule {
	const file = "api/funkwhale_api/federation/serializers.py "
	return []rule{
		{"Funkwhale", file + "ActorSerializer", "user name, type, and ids of at most 500", actorsOfOurs, func(d object) bool {
			return d.text("preferredUsername") != "" && isActorType(d["type"]) && len(d.text("id")) <= 500
		}, "preferredUsername", nil},
		{"Funkwhale", file + "ActorWebfingerSerializer", "aliases, and a self link of exactly its type", fingers, func(d object) bool { return len(d.list("aliases")) > 0 && selfLink(d) != "" }, "aliases", nil},
		{"Funkwhale", file + "PaginatedCollectionSerializer", "first and last page and a count of what it is to read", collections,
			func(d object) bool {
				_, counted := d["totalItems"].(float64)
				return counted && isHTTPS(d["first"]) && isHTTPS(d["last"])
			}, "last", nil},
		{"Funkwhale", file + "BaseActivitySerializer validate_recipients", "somebody it is addressed to", activitiesSent, func(d object) bool { return len(d.list("to"))+len(d.list("cc")) > 0 }, "to,cc", nil},
		{"Funkwhale", file + "FollowActionSerializer, UndoFollowSerializer", "the Follow embedded with id, actor and object", append(answersToAsk, "undo"), func(d object) bool {
			o := d.object("object")
			return o.text("type") == "Follow" && isHTTPS(o["id"]) && isHTTPS(o["actor"]) && isHTTPS(o["object"])
		}, "object.id", nil},
		{"Funkwhale", file + "DeleteSerializer", "an object with an id", []string{"delete"}, func(d object) bool { return d.address("object") != "" }, "object.id", nil},
	}
}

func TestOtherServersAcceptOurDocuments(t *testing.T) {
	t.Parallel()
	docs := acceptedDocuments(t)
	for _, r := range acceptanceRules() {
		t.Run(r.server+" asks for "+r.asks, func(t *testing.T) {
			for _, name := range r.of {
				if d, ok := docs[name]; !ok {
					t.Fatalf("there is no document %s", name)
				} else if !r.holds(decoded(t, d)) {
					t.Errorf("%s (%s) refuses %s:\n%s", r.server, r.source, name, indented(t, d))
				}
				if r.holds(spoiled(decoded(t, docs[name]), r.spoil, r.with)) {
					t.Errorf("the rule does not notice %s in %s", r.spoil, name)
				}
			}
		})
	}
}

// acceptedDocuments are those of emitted, and what they lack.
func acceptedDocuments(t *testing.T) map[string]any {
	a, alice, p, pub := testAddresses(t), aliceAccount(), roadTrip(), roadTripPublication(playlists.Public)
	docs := maps.Clone(emitted(t))
	docs["update_actor"] = newActorUpdate(a.Activity("07"), playlistActor(alice, p, pub, shownKey(pub.PublicID, a), a), pub, a)
	reply := newNote(a.Note("n2"), a.Actor(alice.PublicID), "en", "<p>hello</p>")
	_, bob := mention("https://m.example/users/bob", "https://m.example/@bob", "@bob@m.example")
	reply.To, reply.Tag, reply.Published = []string{bob.Href}, []tag{bob}, "2026-06-01T00:00:00Z"
	docs["create_direct"] = newCreate(a.Activity("09"), reply)
	for _, name := range append([]string{"create_direct"}, creates...) {
		docs[strings.Replace(name, "create", "note", 1)] = decoded(t, docs[name])["object"]
	}
	return docs
}

// TestOurWebFingerAndActorsAgree walks Mastodon's round trip (fetch_remote_actor_service.rb check_webfinger!).
func TestOurWebFingerAndActorsAgree(t *testing.T) {
	t.Parallel()
	docs := emitted(t)
	for finger, actor := range map[string]string{"webfinger_playlist": "actor_playlist", "webfinger_instance": "actor_instance"} {
		f, a := object(decoded(t, docs[finger])), object(decoded(t, docs[actor]))
		if f.text("subject") != "acct:"+a.text("webfinger") || selfLink(f) != a.text("id") {
			t.Errorf("%s says %s %s, %s says %s %s", finger, f.text("subject"), selfLink(f), actor, a.text("webfinger"), a.text("id"))
		}
	}
}

func isActorType(v any) bool {
	s, _ := v.(string)
	return slices.Contains([]string{"Application", "Group", "Organization", "Person", "Service"}, s)
}

func sameHostAs(d object, key string) bool {
	return d.text(key) != "" && hostOf(d.text(key)) == hostOf(d.text("id"))
}

func ownsKey(d object) bool {
	key := d.object("publicKey")
	return key.text("owner") == d.text("id") && key.text("publicKeyPem") != "" && key.text("id") != ""
}

func hasBoxes(d object) bool { return isHTTPS(d["inbox"]) && isHTTPS(d["outbox"]) }

func selfLink(d object) string {
	for _, v := range d.list("links") {
		if l := object(v.(map[string]any)); l.text("rel") == "self" && l.text("type") == activityJSON {
			return l.text("href")
		}
	}
	return ""
}

func isList(v any) bool { _, ok := v.([]any); return ok }

func isTextOrNone(v any) bool { s, ok := v.(string); return v == nil || ok && s != "" }

func isHTTPS(v any) bool {
	s, _ := v.(string)
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

func isURLList(v any) bool {
	return v == nil || isList(v) && !slices.ContainsFunc(v.([]any), func(e any) bool { return !isHTTPS(e) })
}

func isTime(v any) bool {
	s, _ := v.(string)
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// depthOf counts as PHP's json_decode does: a value that is neither object nor list has a depth of its own.
func depthOf(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, depthOf(e))
		}
	case []any:
		for _, e := range v {
			deepest = max(deepest, depthOf(e))
		}
	default:
		return 0
	}
	return deepest + 1
}

func nested(n int) any {
	var v any = "x"
	for range n {
		v = []any{v}
	}
	return v
}

// spoiled changes one member, named by its path, or several, named with commas between.
func spoiled(d object, path string, value any) object {
	for key := range strings.SplitSeq(path, ",") {
		at := map[string]any(d)
		if outer, inner, ok := strings.Cut(key, "."); ok {
			if m, ok := at[outer].(map[string]any); ok {
				at, key = m, inner
			} else { // only an id: make it an object that lacks all
				at[outer] = map[string]any{}
				continue
			}
		}
		if value == nil {
			delete(at, key)
		} else {
			at[key] = value
		}
	}
	return d
}
