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
	minSpread      = 0.3 // … of the longer of the two
	followed       = 0.6 // of wanted words, rarest first, that lead to credits and albums
)

// bySimilarText finds songs that share words with the wanted row, or words that are a slip away. The rarest words lead
// to songs, credits and albums; all words of a song so found are then weighed.
func (ix *Index) bySimilarText(w *row, s *scratch) []uint32 {
	q, r := &s.query, &w.readings[0]
	q.start()
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
	q.follow(words, maxPostings, q.ix.titled, func(word *wanted, songs []uint32) bool {
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
	with := func(word uint32) []uint32 { return q.ix.entries(s.catalog, word) }
	q.follow(ws, maxEntries, with, func(w *wanted, items []uint32) bool {
		for _, item := range items {
			entry := item - s.catalog.first
			sum := q.sum(s, entry)
			if sum.hit >= minCovered*min(sum.all, weight) && sum.hit >= least*max(sum.all, weight) && !sum.listed {
				sum.listed = true
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
	for range f.count() {
		q.count(&title, uint32(f.count()))
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
