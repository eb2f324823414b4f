package federation

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// streamsWords are the words of ActivityStreams 2.0 and ActivityPub that our documents use, as in the normative context
// (https://www.w3.org/ns/activitystreams.jsonld).
var streamsWords = strings.Fields(`@context id type actor object attributedTo to cc name summary content contentMap published updated url href mediaType duration
	totalItems first last next prev partOf orderedItems inbox outbox followers following streams preferredUsername endpoints sharedInbox attachment tag icon image
	formerType deleted inReplyTo width height generator target instrument result
	Accept Reject Announce Move Follow Undo Update Delete Create Tombstone OrderedCollection OrderedCollectionPage Audio Note Link Image Mention Person Service Application`)

// words calls use for every key and every type in a document, with its name.
func words(v any, use func(word string)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			words(e, use)
		}
	case map[string]any:
		for key, value := range v {
			use(key)
			if kind, ok := value.(string); ok && key == "type" {
				use(kind)
			}
			if key != "@context" && !strings.HasSuffix(key, "Map") { // whose keys are languages
				words(value, use)
			}
		}
	}
}

// definitions are the words that a context defines in place, with what they are short for; prefixes are left out.
func definitions(t *testing.T, context any) map[string]string {
	t.Helper()
	all, out := map[string]any{"as": streamsTerms}, map[string]string{}
	list, _ := context.([]any)
	for _, c := range list {
		in, _ := c.(map[string]any)
		maps.Copy(all, in)
	}
	for word, d := range all {
		iri, kind := d, ""
		if m, ok := d.(map[string]any); ok {
			iri, kind = m["@id"], " "+m["@type"].(string)
		}
		prefix, name, _ := strings.Cut(iri.(string), ":")
		if base, ok := all[prefix].(string); ok {
			iri = base + name
		}
		if strings.HasSuffix(iri.(string), "#") {
			continue // a prefix
		}
		out[word] = iri.(string) + kind
	}
	return out
}

func activityDocuments(t *testing.T) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	docs := emitted(t)
	note := newNote("https://b.example/1", "https://b.example/2", "en", "<p>New</p>")
	note.Tag, note.Attachment, note.InteractionPolicy = []tag{{Type: "Hashtag"}}, []image{{Type: "Image", Name: "A cover", Width: 1, Height: 1}}, &interactionPolicy{}
	docs["note"] = newCreate("https://b.example/3", note)
	for name, d := range docs {
		var o map[string]any
		if err := json.Unmarshal(indented(t, d), &o); err != nil {
			t.Fatal(err)
		}
		if o["@context"] != nil {
			out[name] = o
		}
	}
	if len(out) < 20 {
		t.Fatalf("only %d documents", len(out))
	}
	return out
}

func TestEveryWordThatWeSendIsInTheVocabulary(t *testing.T) {
	t.Parallel()
	known := map[string]Term{}
	for _, term := range Vocabulary() {
		if _, twice := known[term.Name]; twice || term.IRI == "" || term.Vocabulary == "" || term.Meaning == "" || term.Example == "" || (term.Of == "") != (term.Value == "") {
			t.Errorf("%s is twice in the table, or lacks something: %+v", term.Name, term)
		}
		known[term.Name] = term
	}
	used := map[string]bool{}
	for name, d := range activityDocuments(t) {
		defined := definitions(t, d["@context"])
		words(d, func(word string) {
			if slices.Contains(streamsWords, word) {
				return
			}
			used[word] = true
			term, ok := known[word]
			if !ok {
				t.Errorf("%s has %q, which is not in the vocabulary", name, word)
			}
			if ok && !term.imported && defined[word] == "" {
				t.Errorf("%s has %q, which its own context does not define", name, word)
			}
		})
	}
	for _, word := range []string{"track", "Track", "isrc", "creator", "publicKeyPem", "PropertyValue", "canQuote"} {
		if !used[word] {
			t.Errorf("no document has %q: does this test still look at them?", word)
		}
	}
}

func TestTheContextHasExactlyTheWordsOfOurDocuments(t *testing.T) {
	t.Parallel()
	inPlace := map[string]string{}
	for _, text := range []string{actorContext, musicContext, noteContext, stampContext, requestContext} {
		var c any
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		maps.Copy(inPlace, definitions(t, c))
	}
	var served map[string]any
	if err := json.Unmarshal(indented(t, contextDocument()), &served); err != nil {
		t.Fatal(err)
	}
	if got := definitions(t, served["@context"]); !maps.Equal(got, inPlace) {
		t.Errorf("/ns defines\n%v\nour documents\n%v", got, inPlace)
	}
}

func TestTheVocabularyIsAContextForPrograms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for accept, program := range map[string]bool{"application/ld+json, application/json": true, activityJSON: true, "text/html": false, "*/*": false} {
		a := w.send(http.MethodGet, w.addr().Vocabulary(), func(r *http.Request) { r.Header.Set("Accept", accept) })
		if a.status != 200 || program != strings.Contains(a.body, `"@context":["https://www.w3.org/ns/activitystreams"`) {
			t.Errorf("%s: %+v", accept, a)
		}
		if program && (a.header.Get("Content-Type") != "application/ld+json" || a.header.Get("Access-Control-Allow-Origin") != "*") {
			t.Errorf("%s: %v", accept, a.header)
		}
	}
}
