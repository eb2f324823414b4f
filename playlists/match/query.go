package match

// query is a wanted row while songs with similar words are searched.
type query struct {
	ix               *Index
	marks            []mark   // per word of the library: what it means to the wanted row
	marked           []uint32 // words with a mark
	title            []wanted // words of the title, …
	artist           []wanted
	album            []wanted
	titleWeight, all float32  // weight of the wanted words of the title, and of all
	numbers          []uint32 // of words, which wanted refers to
	round            uint32   // counts queries
	shared           []shared // per song
	touched          []uint32 // songs that share words of the title
	songs            []uint32 // to be weighed
	credits, albums  sums
	hits             []hit
}

// mark: weight of a wanted word, or of one that is a slip away.
type mark struct {
	weight float32
	title  bool
}

// wanted is a wanted word: its weight, and which words of the library it may be.
type wanted struct {
	weight   float32
	from, to int // in query.numbers
	songs    int // that have one of them
}

// shared is the weight of the wanted title's words that a song was found to have, noted if it is to be weighed.
type shared struct {
	round  uint32
	weight float32
}

const noted = -1

// sum is how much of some words the wanted row has.
type sum struct {
	all      float32 // weight of the words
	hit      float32 // weight of those that are wanted
	titleHit float32 // weight of those that are wanted in the title
}

func (s *sum) add(o *sum) { s.all, s.hit, s.titleHit = s.all+o.all, s.hit+o.hit, s.titleHit+o.titleHit }

// entrySum is the sum of a credit or an album.
type entrySum struct {
	sum
	round  uint32 // in which it was made
	listed bool   // its songs are weighed
}

// sums of a catalog's entries.
type sums struct {
	catalog *catalog
	of      []entrySum
}

type hit struct {
	song    uint32
	overlap int
}

func newQuery(ix *Index) query {
	return query{
		ix: ix, marks: make([]mark, len(ix.weights)), shared: make([]shared, ix.Len()),
		credits: sums{&ix.credits, make([]entrySum, len(ix.credits.at))}, albums: sums{&ix.albums, make([]entrySum, len(ix.albums.at))},
	}
}

func (q *query) start() {
	for _, w := range q.marked {
		q.marks[w] = mark{}
	}
	q.marked, q.numbers, q.touched, q.songs = q.marked[:0], q.numbers[:0], q.touched[:0], q.songs[:0]
	if q.round++; q.round == 0 { // once in four thousand million
		clear(q.shared)
		clear(q.credits.of)
		clear(q.albums.of)
		q.round = 1
	}
}

// mark marks words and their neighbours, appends them to out, and returns the weight of the words.
func (q *query) mark(ws []string, title bool, out []wanted) ([]wanted, float32) {
	total := float32(0)
	for _, w := range ws {
		word := wanted{weight: q.ix.unknown, from: len(q.numbers)}
		if n, known := q.ix.word(w); known {
			q.numbers = append(q.numbers, n)
			word.weight = q.ix.weights[n]
			q.set(n, word.weight, title)
		}
		exact := len(q.numbers)
		q.numbers = q.ix.neighbours(w, q.numbers)
		for _, n := range q.numbers[exact:] {
			q.set(n, 0.8*word.weight, title)
		}
		word.to = len(q.numbers)
		out = append(out, word)
		total += word.weight
	}
	return out, total
}

func (q *query) set(n uint32, weight float32, title bool) {
	m := &q.marks[n]
	if m.weight == 0 {
		q.marked = append(q.marked, n)
	}
	m.weight, m.title = max(m.weight, weight), m.title || title
}

// sum weighs the words of a credit or an album.
func (q *query) sum(s *sums, entry uint32) *entrySum {
	sum := &s.of[entry]
	if sum.round == q.round {
		return sum
	}
	*sum = entrySum{round: q.round}
	for _, word := range s.catalog.words.of(entry) {
		q.count(&sum.sum, word)
	}
	return sum
}

// count adds a word to a sum.
func (q *query) count(s *sum, word uint32) {
	weight, m := q.ix.weights[word], &q.marks[word]
	s.all += weight
	s.hit += min(weight, m.weight)
	if m.title {
		s.titleHit += m.weight
	}
}
