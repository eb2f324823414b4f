package match

import "unicode/utf8"

// alignment is how the words of two texts correspond.
type alignment struct {
	likeness float64 // weight of the words in common, of 1
	clash    bool    // each side has a word that the other lacks
	extra    bool    // one side has a word that the other lacks
	letters  bool    // on each side a single letter is left over: Suite A, Suite B
	numbers  agreement
	version  kind // a word left over that names a version; "" for none
	slip     slip // the first two words that were paired although they are not equal
}

// slip is a word as it stands in the one text and in the other.
type slip struct{ a, b string }

// agreement of something that both rows may have.
type agreement uint8

const (
	agrees   agreement = iota
	oneSided           // only one of them has it
	differs            // both have it, and it is not the same
)

// align pairs equal words first, then words that are a slip apart, then words that are written in one and in two.
func (ix *Index) align(a, b []string) alignment {
	var x, y side
	x.init(ix, a)
	y.init(ix, b)
	for i := range x.words {
		x.pair(&y, i, func(a, b string) float64 {
			if a == b {
				return 1
			}
			return 0
		})
	}
	for i := range x.words {
		x.pair(&y, i, likeness)
	}
	x.pairJoined(&y)
	y.pairJoined(&x)
	out := alignment{likeness: (x.common + y.common) / max(x.total+y.total, 0.001)}
	left, right := x.left(), y.left()
	out.clash, out.extra = left.words && right.words, left.words || right.words
	out.letters = left.letters && right.letters
	out.slip = x.slip
	out.version = left.version
	if out.version == "" {
		out.version = right.version
	}
	switch {
	case left.numbers && right.numbers:
		out.numbers = differs
	case left.numbers || right.numbers:
		out.numbers = oneSided
	}
	return out
}

// side is one of the two texts while they are aligned.
type side struct {
	words  []string
	weight [maxWords]float64
	paired [maxWords]bool
	common float64 // weight of paired words, less for a slip
	total  float64
	slip   slip
}

func (s *side) init(ix *Index, ws []string) {
	s.words = ws[:min(len(ws), maxWords)]
	for i, w := range s.words {
		s.weight[i] = float64(ix.weightOf(w))
		s.total += s.weight[i]
	}
}

func (ix *Index) weightOf(w string) float32 {
	if n, known := ix.word(w); known {
		return ix.weights[n]
	}
	return ix.unknown
}

// pair finds the unpaired word of other that is most like s's word i.
func (s *side) pair(other *side, i int, like func(a, b string) float64) {
	if s.paired[i] {
		return
	}
	best, at := 0.0, -1
	for j := range other.words {
		if other.paired[j] {
			continue
		}
		if l := like(s.words[i], other.words[j]); l > best {
			best, at = l, j
		}
	}
	if at >= 0 {
		s.take(i, best)
		other.take(at, best)
		if best < 1 && s.slip == (slip{}) {
			s.slip = slip{s.words[i], other.words[at]}
		}
	}
}

func (s *side) take(i int, like float64) {
	s.paired[i] = true
	s.common += like * s.weight[i]
}

// pairJoined pairs two neighbouring words of s with one of other's ("Time Difference", "TimeDifference").
func (s *side) pairJoined(other *side) {
	for i := 0; i+1 < len(s.words); i++ {
		if s.paired[i] || s.paired[i+1] || isNumber(s.words[i]) || isNumber(s.words[i+1]) {
			continue
		}
		both := s.words[i] + s.words[i+1]
		for j := range other.words {
			if l := likeness(both, other.words[j]); !other.paired[j] && l > 0 {
				s.take(i, l)
				s.take(i+1, l)
				other.take(j, l)
				break
			}
		}
	}
}

type leftover struct {
	words, numbers, letters bool
	version                 kind
}

func (s *side) left() leftover {
	var l leftover
	for i, w := range s.words {
		if s.paired[i] {
			continue
		}
		if isNumber(w) {
			l.numbers = true
		}
		if v, ok := versionWords[w]; ok && (v.place == anywhere || w == "live" || w == "mix") {
			l.version = v.kind
		}
		l.letters = l.letters || len(w) == 1
		l.words = l.words || !slight[w]
	}
	return l
}

// slight words may be missing or replaced without making another title. Single letters are not among them: "Suite A"
// is not "Suite B".
var slight = wordSet(`the an and of und et de la le les der die das el los in on to for feat`)

// runes is the length of a text in characters.
func runes(s string) int { return utf8.RuneCountInString(s) }
