// Package match answers one question: which of my files is this track?
//
// A wanted track is looked up by recording id, by ISRC, by an exact text key and last by similar text. Every file
// found on any of these ways goes through the same comparison, which yields points and gates: points say how much the
// two rows agree, a closed gate says why agreement is not enough (a remix, another movement, a doubtful artist). Number,
// length and album together are the row's place: they vouch for text that is spoilt or missing.
//
//	fold, words                             text → comparable words, every script kept
//	title, version, credit, album, row      a Track → what its words mean; nothing is thrown away unread
//	builder, indexing, record, catalog      a library → an Index, in a few pieces of memory
//	vocabulary, table, numbering, pieces    … and what these are made of
//	lookup, search, query, nameless         a row → candidates
//	compare, titles, versions, credits      two rows → evidence
//	gates, place, judge                     evidence → class
//	choose, releases, explain               candidates → Resolution, with the tracks of an album kept together
//
// Only Exact and Likely are ever written to a person's server, so a doubt always becomes Review.
package match

import "github.com/songferry/songferry/playlists"

// Song is a file of a library. ID is the music server's, and opaque.
type Song struct {
	ID string
	playlists.Track
}

// Class says how sure a Resolution is.
type Class string

const (
	Exact   Class = "exact"   // an id or all of the text agrees
	Likely  Class = "likely"  // similar, and nothing speaks against it
	Review  Class = "review"  // a person should look
	Missing Class = "missing" // the library does not have it
)

// Automatic reports whether a match of this class is used without asking.
func (c Class) Automatic() bool { return c == Exact || c == Likely }

// Policy says how much a file may differ from the wanted track. The zero value is SameRecording.
type Policy string

const (
	SameRelease   Policy = "release"   // the recording, on the album asked for
	SameRecording Policy = "recording" // the recording, on any album
	AnyVersion    Policy = "any"       // also a live take, an edit, a demo of it
)

// Resolution is the answer for one wanted row.
type Resolution struct {
	Class      Class
	Song       string  // id of the file; "" unless Class is Exact or Likely
	Score      float64 // 0 to 1, of the best candidate
	Why        []Reason
	Candidates []Candidate // at most five, best first
}

// Candidate is a file that came near.
type Candidate struct {
	Song  string
	Score float64
	Why   []Reason
}

const maxCandidates = 5

// Version is raised when rows may resolve differently, or Key changes: what was kept by an older one holds no longer.
const Version = 4

// Resolve finds, for each wanted track, the song of this library that is the same recording, and says why.
// The result has one Resolution per wanted row, in the same order. Two rows may resolve to one song. Where a recording is on
// several releases, the tracks of one wanted album are taken from one release if they can be.
func (ix *Index) Resolve(wanted []playlists.Track, p Policy) []Resolution {
	s := ix.scratch.get(ix)
	defer ix.scratch.put(s)
	out, on := make([]Resolution, len(wanted)), make([]releases, len(wanted))
	for i := range wanted {
		out[i] = ix.resolve(&wanted[i], p, s)
		on[i] = ix.releases(&out[i], &s.wanted, s.pairs)
	}
	ix.keepAlbumsTogether(out, on)
	return out
}

// resolve goes from the strongest evidence to the weakest and stops at the first that decides.
func (ix *Index) resolve(t *playlists.Track, p Policy, s *scratch) Resolution {
	s.reader.read(t, &s.wanted)
	s.pairs, s.filesUsed = s.pairs[:0], 0
	for _, find := range []func(*row, *scratch) []uint32{ix.byRecording, ix.byISRC, ix.byKey, ix.bySimilarText, ix.byPlace} {
		for _, n := range find(&s.wanted, s) {
			if !s.pairs.has(n) {
				s.pairs = append(s.pairs, ix.compare(n, p, s))
			}
		}
		if s.pairs.anyExact() {
			break
		}
	}
	r := ix.choose(&s.wanted, s.pairs)
	if r.Class == Missing {
		if other, ok := ix.exchanged(t, p, s); ok {
			return other
		}
	}
	return r
}
