package federation

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/go-fed/activity/streams"

	"github.com/songferry/songferry/playlists"
)

// TestOtherReadersUnderstandOurDocuments reads every ActivityStreams document with go-fed and compares what it kept.
func TestOtherReadersUnderstandOurDocuments(t *testing.T) {
	t.Parallel()
	for name, d := range emitted(t) {
		if strings.HasPrefix(name, "webfinger") || strings.HasPrefix(name, "nodeinfo") {
			continue
		}
		sent := decoded(t, d)
		read, err := streams.ToType(context.Background(), decoded(t, d))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		kept, err := streams.Serialize(read)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, want := reduced(kept), reduced(sent); !reflect.DeepEqual(got, want) {
			t.Errorf("%s was read as\n%s\nwant\n%s", name, indented(t, got), indented(t, want))
		}
	}
}

func decoded(t testing.TB, d any) map[string]any {
	t.Helper()
	sent, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(sent, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// reduced takes away what go-fed is known to change: contexts, lists of one, contentMap beside content, the case of what
// looks like a scheme, and whole numbers' type.
func reduced(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if k != "@context" && !(k == "contentMap" && v["content"] != nil) {
				out[k] = reduced(e)
			}
		}
		return out
	case []any:
		if len(v) == 1 {
			return reduced(v[0])
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = reduced(e)
		}
		return out
	case string:
		return strings.ToLower(v)
	case int:
		return float64(v)
	}
	return v
}

func TestWhatMakesGoFedFailDoesNotReachIt(t *testing.T) {
	t.Parallel()
	const head = `"id":"https://m.example/c","type":"OrderedCollection","attributedTo":"https://m.example/u",`
	for name, member := range map[string]string{
		"empty duration": `"duration":""`,
		"only a sign":    `"duration":"-"`,
		"attachments":    `"attachment":[` + strings.Repeat(`{},`, 15_000) + `{}]`,
		"deep owner":     `"to":{"id":` + strings.Repeat(`{"id":`, 20) + `1` + strings.Repeat(`}`, 21),
		"odd dates":      `"published":"","updated":-1`,
		"odd counts":     `"totalItems":"many","first":null`,
	} {
		if _, err := decodeCollection([]byte("{" + head + member + "}")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPanicWhileReadingIsTheSendersFault(t *testing.T) {
	t.Parallel()
	_, err := safely(func() (typed, error) { panic("index out of range") })
	if playlists.CodeOf(err) != playlists.Invalid {
		t.Errorf("got %v", err)
	}
}

func BenchmarkWritePage(b *testing.B) {
	p, pub, a := longPlaylist(), roadTripPublication(playlists.Public), testAddresses(b)
	for b.Loop() {
		d, _ := collectionPage(p, pub, a, 1)
		if _, err := json.Marshal(d); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWritePageGoFed writes the same page from go-fed's types, for comparison.
func BenchmarkWritePageGoFed(b *testing.B) {
	d, _ := collectionPage(longPlaylist(), roadTripPublication(playlists.Public), testAddresses(b), 1)
	read, err := streams.ToType(context.Background(), decoded(b, d))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := streams.Serialize(read)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadPage(b *testing.B) {
	doc := encodedLongPage(b)
	for b.Loop() {
		if _, _, err := decodePage(doc); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadPageGoFed gives the whole page to go-fed, for comparison.
func BenchmarkReadPageGoFed(b *testing.B) {
	doc := encodedLongPage(b)
	for b.Loop() {
		var m map[string]any
		if err := json.Unmarshal(doc, &m); err != nil {
			b.Fatal(err)
		}
		if _, err := streams.ToType(context.Background(), m); err != nil {
			b.Fatal(err)
		}
	}
}

func longPlaylist() playlists.Playlist {
	p := roadTrip()
	row := p.Tracks[0]
	p.Tracks = nil
	for range pageSize {
		p.Tracks = append(p.Tracks, row)
	}
	return p
}

func encodedLongPage(b *testing.B) []byte {
	d, _ := collectionPage(longPlaylist(), roadTripPublication(playlists.Public), testAddresses(b), 1)
	doc, err := json.Marshal(d)
	if err != nil {
		b.Fatal(err)
	}
	return doc
}
