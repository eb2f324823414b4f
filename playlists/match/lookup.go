package match

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Bounds of the search for similar text, per wanted row.
const (
	maxSameID    = 50   // files with one recording id, ISRC or key that are compared
	maxPostings  = 2500 // songs looked at for the words of one field
	maxWeighed   = 400  // songs whose words are all weighed
	maxSimilar   = 10   // songs compared in full
	maxSlipWords = 8    // words one slip away from a wanted word
	minOverlap   = 300  // of 1000: words in common that are worth a full comparison
)

func (ix *Index) byRecording(w *row, s *scratch) []uint32 {
	if w.track.MBID == "" {
		return nil
	}
	id := strings.ToLower(w.track.MBID)
	found := ix.recordings.find(ix.hash(id), s.found[:0])
	return bounded(slices.DeleteFunc(found, func(n uint32) bool { return !strings.EqualFold(ix.song(n).MBID, id) }))
}

func (ix *Index) byISRC(w *row, s *scratch) []uint32 {
	found := s.found[:0]
	for _, code := range w.track.ISRC {
		found = ix.codes.find(ix.hash(plainISRC(code)), found)
	}
	return bounded(found)
}

func (ix *Index) byKey(w *row, s *scratch) []uint32 {
	found := s.found[:0]
	for i := range w.readings {
		r := &w.readings[i]
		for _, by := range r.by.names {
			found = ix.keys.find(ix.keyHash(by.key, r.title.key), found)
		}
	}
	return bounded(found)
}

func bounded(found []uint32) []uint32 {
	slices.Sort(found)
	found = slices.Compact(found)
	return found[:min(len(found), maxSameID)]
}

// scratch is the working memory of one Resolve.
type scratch struct {
	found   []uint32
	marks   []mark    // per word of the library: what it means to the wanted row
	marked  []uint32  // words with a mark
	shared  []float32 // per song: weight of the words that led to it
	near    []uint32  // those of touched that are weighed
	touched []uint32  // songs with shared words
}

// mark: weight of a wanted word, or of one that is a slip away.
type mark struct {
	weight float32
	title  bool
}

type pool struct{ free sync.Pool }

func (p *pool) get(ix *Index) *scratch {
	if s, ok := p.free.Get().(*scratch); ok {
		return s
	}
	return &scratch{found: make([]uint32, 0, 256), marks: make([]mark, len(ix.weights)), shared: make([]float32, len(ix.songs))}
}

func (p *pool) put(s *scratch) { p.free.Put(s) }

func (s *scratch) clear() {
	for _, w := range s.marked {
		s.marks[w] = mark{}
	}
	for _, n := range s.touched {
		s.shared[n] = 0
	}
	s.marked, s.touched = s.marked[:0], s.touched[:0]
}

// bySimilarText finds songs that share words with the wanted row, or words that are a slip away. The rarest words lead
// to songs; all words of a song so found are then weighed.
func (ix *Index) bySimilarText(w *row, s *scratch) []uint32 {
	defer s.clear()
	r := &w.readings[0]
	q := query{ix: ix, s: s}
	q.title = q.mark(r.title.words, true)
	q.touch()
	artist := float32(0)
	for _, by := range r.by.names {
		if by.whole {
			artist += q.mark(by.words, false)
		}
	}
	q.touch()
	q.all = q.title + artist + q.mark(r.album.words, false)
	if artist == 0 {
		q.touch()
	}
	return q.best(w.track.Duration)
}

type query struct {
	ix         *Index
	s          *scratch
	from       int     // s.marked from here has not led to songs yet
	title, all float32 // weight of the wanted words
}

// mark marks words and their neighbours, and returns the weight of the words.
func (q *query) mark(ws []string, title bool) (total float32) {
	for _, w := range ws {
		weight := q.ix.unknown
		for _, n := range q.ix.vocabulary.find(q.ix.hash(w), q.s.found[:0]) {
			weight = q.ix.weights[n]
			q.set(n, weight, title)
		}
		total += weight
		for _, n := range q.ix.neighbours(w, q.s.found[:0]) {
			q.set(n, 0.8*weight, title)
		}
	}
	return total
}

func (q *query) set(n uint32, weight float32, title bool) {
	m := &q.s.marks[n]
	if m.weight == 0 {
		q.s.marked = append(q.s.marked, n)
	}
	m.weight, m.title = max(m.weight, weight), m.title || title
}

// neighbours appends the words that are one slip away from w.
func (ix *Index) neighbours(w string, out []uint32) []uint32 {
	out = ix.slips.find(ix.hash(w), out)
	ix.eachSlip(w, func(hash uint64) {
		out = ix.vocabulary.find(hash, out)
		out = ix.slips.find(hash, out)
	})
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxSlipWords)]
}

// touch visits the songs of the words marked since the last time, rarest words first, up to a bound.
func (q *query) touch() {
	fresh := q.s.marked[q.from:]
	postings := &q.ix.postings
	slices.SortFunc(fresh, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(len(postings.of(a)), len(postings.of(b))), cmp.Compare(a, b))
	})
	left := maxPostings
	for _, word := range fresh {
		songs := postings.of(word)
		songs = songs[:min(len(songs), left)]
		left -= len(songs)
		for _, n := range songs {
			if q.s.shared[n] == 0 {
				q.s.touched = append(q.s.touched, n)
			}
			q.s.shared[n] += q.s.marks[word].weight
		}
	}
	q.from = len(q.s.marked)
}

// nearest returns the songs with the most shared weight, about maxWeighed at the most.
func (q *query) nearest() []uint32 {
	if len(q.s.touched) <= maxWeighed {
		return q.s.touched
	}
	var steps [64]int
	step := func(n uint32) int { return min(int(64*q.s.shared[n]/max(q.all, 1)), 63) }
	for _, n := range q.s.touched {
		steps[step(n)]++
	}
	cut, sum := 63, steps[63]
	for cut > 0 && sum+steps[cut-1] <= maxWeighed {
		cut--
		sum += steps[cut]
	}
	out := q.s.near[:0]
	for _, n := range q.s.touched {
		if len(out) < maxWeighed && step(n) >= cut {
			out = append(out, n)
		}
	}
	q.s.near = out
	return out
}

// best returns the songs seen that share most words with the wanted row.
func (q *query) best(duration int) []uint32 {
	type hit struct {
		song    uint32
		overlap int
	}
	var hits []hit
	for _, n := range q.nearest() {
		if o := q.overlap(n); o >= minOverlap {
			if d := q.ix.song(n).Duration; d > 0 && duration > 0 && abs(d-duration) <= 3 {
				o += 50
			}
			hits = append(hits, hit{n, o})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.overlap, a.overlap), cmp.Compare(a.song, b.song))
	})
	out := q.s.found[:0]
	for _, h := range hits[:min(len(hits), maxSimilar)] {
		out = append(out, h.song)
	}
	return out
}

// overlap is how much of both rows' words, by weight, and of both titles, the two have in common, of 1000. A title's word
// counts wherever the other row has it.
func (q *query) overlap(n uint32) int {
	var all, hit, title, titleHit, wantedHit float32
	titleLen := int(q.ix.titleLen[n])
	for i, word := range q.ix.contents.of(n) {
		weight, m := q.ix.weights[word], &q.s.marks[word]
		common := min(weight, m.weight)
		all += weight
		hit += common
		if i < titleLen {
			title += weight
			titleHit += common
		}
		if m.title {
			wantedHit += m.weight
		}
	}
	wantedHit = min(wantedHit, q.title)
	return int(500*2*hit/max(all+q.all, 1) + 500*(titleHit+wantedHit)/max(title+q.title, 1))
}
