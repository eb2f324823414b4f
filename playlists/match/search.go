package match

import (
	"cmp"
	"slices"
)

// Bounds of the search for similar text, per wanted row.
const (
	maxPostings    = 1500 // songs looked at because of words in their titles
	maxCreditSongs = 1500 // songs weighed because of their artists
	maxAlbumSongs  = 400  // … because of their albums
	maxEntries     = 400  // credits, or albums, weighed
	maxNearEntries = 8    // … whose songs are weighed
	maxSimilar     = 10   // songs compared in full
	maxSlipWords   = 12   // words one slip away from a wanted word

	minOverlap = 360 // of 1000: words in common that are worth a full comparison
)

// Points of 1000 for what agrees beside the words. The same number and length by a like artist are worth a look.
const (
	samePlacePoints  = 460
	sameNumberPoints = 100 // and the length is unknown
	sameLengthPoints = 50
)

// Shares of the weight of words.
const (
	minTitleShared = 0.5 // of a wanted title that a song must share to be weighed
	minTitleLike   = 0.4 // of one title that must be in the other, unless the lengths agree
	minCovered     = 0.6 // of a credit, or album, or of the wanted one, that must be in the other
	minSameArtist  = 0.8 // of the longer of two credits, where they are taken for one artist's
	minSpread      = 0.3 // … of the longer of the two
	followed       = 0.6 // of wanted words, rarest first, that lead to credits and albums
)

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
	artistHere       bool // the library has something by the wanted artist, or nearly
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

// bySimilarText finds songs that share words with the wanted row, or words that are a slip away. The rarest words lead
// to songs, credits and albums; all words of a song so found are then weighed.
func (ix *Index) bySimilarText(w *row, s *scratch) []uint32 {
	q, r := &s.query, &w.readings[0]
	q.start()
	q.artistHere = false
	q.title, q.titleWeight = q.title[:0], 0
	if r.title.says(w.track) != "" {
		q.title, q.titleWeight = q.mark(w.titleWords(), true, q.title)
	}
	q.all = q.titleWeight
	q.artist = q.artist[:0]
	for i := range r.by.names {
		if by := &r.by.names[i]; by.whole {
			var weight float32
			q.artist, weight = q.mark(by.words, false, q.artist)
			q.all += weight
		}
	}
	var weight float32
	q.album, weight = q.mark(r.album.words, false, q.album[:0])
	q.all += weight
	q.followTitle(w, q.title)
	if q.titleWeight == 0 { // titles may have the artist or the album
		q.followTitle(w, q.artist)
		q.followTitle(w, q.album)
	}
	q.followEntries(&q.credits, q.artist, minSpread, maxCreditSongs)
	q.followEntries(&q.albums, q.album, minSpread, maxAlbumSongs)
	if len(w.readings) > 1 { // the artist or the album may stand in the title
		q.followEntries(&q.credits, q.title, 0, maxCreditSongs)
		q.followEntries(&q.albums, q.title, 0, maxAlbumSongs)
	}
	return q.best(w, s.found[:0])
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
		q.numbers = q.ix.vocabulary.find(q.ix.hash(w), q.numbers)
		for _, n := range q.numbers[word.from:] {
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

// neighbours appends the words that are one slip away from w.
func (ix *Index) neighbours(w string, out []uint32) []uint32 {
	from := len(out)
	out = ix.slips.find(ix.hash(w), out)
	ix.eachSlip(w, func(hash uint64) {
		out = ix.vocabulary.find(hash, out)
		out = ix.slips.find(hash, out)
	})
	found := compacted(out[from:])
	slices.SortStableFunc(found, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(ix.weights[a], ix.weights[b]), cmp.Compare(ix.firstSong(a), ix.firstSong(b)))
	})
	return out[:from+min(len(found), maxSlipWords)]
}

// firstSong is the first song with a word, by which words of one weight are put in an order that is
// the same however the library came.
func (ix *Index) firstSong(word uint32) uint32 {
	if songs := ix.byTitle.of(word); len(songs) > 0 {
		return songs[0]
	}
	for _, c := range []*catalog{&ix.credits, &ix.albums} {
		if entries := c.byWord.of(word); len(entries) > 0 {
			return c.songs.of(entries[0])[0]
		}
	}
	return 0
}

// follow calls fn with what the lists of wanted words hold, rarest words first, and with the words' weight. It stops when so
// many were visited or fn has no more use for them.
func (q *query) follow(ws []wanted, most int, of func(word uint32) []uint32, fn func(w *wanted, items []uint32) bool) {
	for i := range ws {
		ws[i].songs = 0
		for _, n := range q.numbers[ws[i].from:ws[i].to] {
			ws[i].songs += len(of(n))
		}
	}
	slices.SortStableFunc(ws, func(a, b wanted) int { return cmp.Compare(a.songs, b.songs) })
	for i := range ws {
		for _, n := range q.numbers[ws[i].from:ws[i].to] {
			items := of(n)
			items = items[:min(len(items), most)]
			most -= len(items)
			if !fn(&ws[i], items) {
				return
			}
		}
	}
}

// followTitle notes the songs that share most of the title. Where an artist is wanted their length must not be another: songs
// of that artist are found by it. Songs that have only its commonest words are not found where these are too many.
func (q *query) followTitle(w *row, words []wanted) {
	alone := q.titleWeight == 0 || !w.readings[0].by.known()
	least := float32(0)
	for i := range words {
		least += minTitleShared * words[i].weight
	}
	q.follow(words, maxPostings, q.ix.byTitle.of, func(word *wanted, songs []uint32) bool {
		for _, n := range songs {
			sh := &q.shared[n]
			if sh.round != q.round {
				*sh = shared{round: q.round}
			}
			if sh.weight == 0 {
				q.touched = append(q.touched, n)
			}
			if sh.weight != noted {
				sh.weight += word.weight
			}
		}
		return true
	})
	for _, n := range q.touched {
		if q.shared[n].weight < least {
			q.shared[n].weight = 0 // other words begin anew
		} else if alone || !q.otherLength(n, w) || len(q.ix.credits.words.of(q.ix.songs[n].credit)) == 0 {
			q.note(n)
		}
	}
}

// otherLength: both lengths are known and more than five seconds apart.
func (q *query) otherLength(n uint32, w *row) bool {
	length, wanted := int(q.ix.songs[n].length), w.track.Duration
	return length > 0 && wanted > 0 && abs(length-wanted) > 5
}

// followEntries notes the songs of the credits, or albums, that are like the wanted words. least is how much of the longer must
// be in the shorter.
func (q *query) followEntries(s *sums, ws []wanted, least float32, most int) {
	weight, spent, last := float32(0), float32(0), (*wanted)(nil)
	for _, w := range ws {
		weight += w.weight
	}
	hits := q.hits[:0]
	q.follow(ws, maxEntries, s.catalog.byWord.of, func(w *wanted, entries []uint32) bool {
		for _, entry := range entries {
			sum := q.sum(s, entry)
			if sum.hit >= minCovered*min(sum.all, weight) && sum.hit >= least*max(sum.all, weight) && !sum.listed {
				sum.listed = true
				q.artistHere = q.artistHere || s == &q.credits && sum.hit >= minSameArtist*max(sum.all, weight)
				hits = append(hits, hit{entry, int(1000 * sum.hit)})
			}
		}
		if w != last {
			spent, last = spent+w.weight, w
		}
		return spent <= followed*weight
	})
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.overlap, a.overlap), cmp.Compare(s.catalog.songs.of(a.song)[0], s.catalog.songs.of(b.song)[0]))
	})
	for _, h := range hits[:min(len(hits), maxNearEntries)] {
		songs := s.catalog.songs.of(h.song)
		songs = songs[:min(len(songs), most)]
		most -= len(songs)
		for _, n := range songs {
			q.note(n)
		}
	}
	q.hits = hits[:0]
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

// note has a song weighed, once.
func (q *query) note(n uint32) {
	if sh := &q.shared[n]; sh.round != q.round || sh.weight != noted {
		*sh = shared{q.round, noted}
		q.songs = append(q.songs, n)
	}
}

// best returns the noted songs that share most words with the wanted row.
func (q *query) best(w *row, out []uint32) []uint32 {
	hits := q.hits[:0]
	for _, n := range q.songs {
		if o := q.overlap(n, w); o >= minOverlap {
			hits = append(hits, hit{n, o})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.overlap, a.overlap), cmp.Compare(a.song, b.song))
	})
	for _, h := range hits[:min(len(hits), maxSimilar)] {
		out = append(out, h.song)
	}
	q.hits = hits[:0]
	return out
}

// overlap is how much of both rows' words, by weight, and of both titles, the two have in common, of 1000, and a little more
// for the same length and number. A title's word counts wherever the other row has it. It is 0 where the titles are unlike.
func (q *query) overlap(n uint32, w *row) int {
	var title sum
	f, h := q.ix.record(n), &q.ix.songs[n]
	for range f.number() {
		q.count(&title, uint32(f.number()))
	}
	known := h.length > 0 && w.track.Duration > 0
	length := known && abs(int(h.length)-w.track.Duration) <= 2
	number := h.number > 0 && int(h.number) == w.track.Number
	if title.hit < minTitleLike*title.all && title.titleHit < minTitleLike*q.titleWeight && !length && (known || !number) {
		return 0
	}
	row := title
	row.add(&q.sum(&q.credits, h.credit).sum)
	row.add(&q.sum(&q.albums, h.album).sum)
	inTitles := title.hit + min(row.titleHit, q.titleWeight)
	o := int(500*2*row.hit/max(row.all+q.all, 1) + 500*inTitles/max(title.all+q.titleWeight, 1))
	switch {
	case length && number:
		o += samePlacePoints
	case length:
		o += sameLengthPoints
	case number && !known:
		o += sameNumberPoints
	}
	return o
}
