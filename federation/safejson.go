package federation

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/maphash"
	"unicode"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
)

// jsonLimits bounds a JSON document from outside.
type jsonLimits struct {
	bytes, nodes int // a node is a value of any kind
}

var (
	documentLimits = jsonLimits{bytes: 1 << 20, nodes: 20_000}
	pageLimits     = jsonLimits{bytes: 4 << 20, nodes: 100_000} // a page of a collection
)

const (
	maxJSONDepth  = 32
	maxJSONNumber = 64 // bytes of a number's text
)

// checkJSON refuses documents that are not safe to decode: other than one object in valid UTF-8, over the limits, with
// two keys of one object that differ in case only, or with @graph, @reverse or @included.
//
// encoding/json matches keys without regard to case and lets the last win (golang/go#14750), so {"actor":…,"Actor":…}
// would be one thing to us and another to whoever checked or signed it. The three keywords let JSON-LD rearrange a
// document with the same effect (Mastodon GHSA-53m7-2wrh-q839); contexts are never fetched, so nothing else can.
//
// What stands in an @context is bounded and not looked at: it is never read, and those of music servers do have both
// "track" and "Track".
//
// Errors are Problems with code Invalid.
func checkJSON(doc []byte) error { return documentLimits.check(doc) }

func (l jsonLimits) check(doc []byte) error {
	switch {
	case len(doc) > l.bytes:
		return badJSON("it is too large")
	case !utf8.Valid(doc) || !json.Valid(doc):
		return badJSON("it is not JSON in UTF-8")
	}
	w := jsonWalk{doc: doc, nodes: l.nodes, seen: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
	w.space()
	if doc[w.at] != '{' {
		return badJSON("it is not an object")
	}
	w.value(0)
	if w.fault != "" {
		return badJSON(w.fault)
	}
	return nil
}

func badJSON(why string) error {
	return playlists.Problemf(playlists.Invalid, nil, "The other server's document cannot be read: %s.", why)
}

// jsonWalk visits every value of a document that is known to be valid JSON, so it looks at little of the grammar. It
// stops at the first fault.
type jsonWalk struct {
	doc     []byte
	at      int
	nodes   int // still allowed
	objects int // met so far; the number of an object is part of its keys' hashes
	context int // how many @context stand around what is visited
	seen    map[uint64]struct{}
	seed    maphash.Seed
	folded  []byte // scratch
	fault   string
}

func (w *jsonWalk) space() {
	for w.at < len(w.doc) {
		switch w.doc[w.at] {
		case ' ', '\t', '\n', '\r':
			w.at++
		default:
			return
		}
	}
}

func (w *jsonWalk) value(depth int) {
	w.space()
	if w.nodes--; w.nodes < 0 {
		w.fault = "it has too many values"
		return
	}
	switch w.doc[w.at] {
	case '{':
		w.members('}', depth+1)
	case '[':
		w.members(']', depth+1)
	case '"':
		w.text()
	default:
		w.word()
	}
}

// members visits what is in an object or array, up to its closing bracket.
func (w *jsonWalk) members(closing byte, depth int) {
	if depth > maxJSONDepth {
		w.fault = "it is nested too deeply"
		return
	}
	w.objects++
	object := w.objects
	w.at++
	for w.fault == "" {
		w.space()
		switch w.doc[w.at] {
		case closing:
			w.at++
			return
		case ',':
			w.at++
			w.space()
		}
		context := 0
		if closing == '}' && w.key(object) {
			context = 1
		}
		if w.fault == "" {
			w.context += context
			w.value(depth)
			w.context -= context
		}
	}
}

// key visits a key and the colon behind it, and reports whether it is @context.
func (w *jsonWalk) key(object int) bool {
	key := w.text()
	if bytes.IndexByte(key, '\\') >= 0 {
		key = unescape(key)
	}
	if w.context == 0 {
		w.checkKey(object, key)
	}
	w.space()
	w.at++
	return string(key) == "@context"
}

func (w *jsonWalk) checkKey(object int, key []byte) {
	if !w.first(object, key) {
		w.fault = "it has two keys that differ in nothing but case"
	}
	switch string(key) {
	case "@graph", "@reverse", "@included":
		w.fault = "it uses " + string(key)
	}
}

// text visits a string and returns what stands between its quotes.
func (w *jsonWalk) text() []byte {
	w.at++
	start := w.at
	for ; w.doc[w.at] != '"'; w.at++ {
		if w.doc[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	return w.doc[start : w.at-1]
}

// unescape cannot fail, for text comes from a valid document; if it did, the key would count as empty.
func unescape(text []byte) []byte {
	var s string
	_ = json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &s)
	return []byte(s)
}

// word visits a number, true, false or null.
func (w *jsonWalk) word() {
	start := w.at
	for w.at < len(w.doc) {
		switch w.doc[w.at] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			if w.at-start > maxJSONNumber {
				w.fault = "it has an overlong number"
			}
			return
		}
		w.at++
	}
}

// first reports whether an object has no key yet that folds to the same as key. A hash stands for the key, which saves
// an allocation for each; its seed is random, so nobody can aim at a false collision.
func (w *jsonWalk) first(object int, key []byte) bool {
	w.folded = binary.LittleEndian.AppendUint32(w.folded[:0], uint32(object))
	for len(key) > 0 {
		r, n := utf8.DecodeRune(key)
		key = key[n:]
		w.folded = utf8.AppendRune(w.folded, fold(r))
	}
	sum := maphash.Bytes(w.seed, w.folded)
	_, again := w.seen[sum]
	w.seen[sum] = struct{}{}
	return !again
}

// fold returns one rune for all those that encoding/json takes for the same: k, K and the Kelvin sign, s, S and ſ.
func fold(r rune) rune {
	if 'a' <= r && r <= 'z' {
		return r - 'a' + 'A'
	}
	if r < utf8.RuneSelf {
		return r
	}
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next // the smallest of its orbit
		}
		r = next
	}
}
