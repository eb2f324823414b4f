package match

import "slices"

// gates are the reasons why agreement is not enough.
type gates uint16

const (
	otherVersion   gates = 1 << iota // a remix, a live take … on one side only
	clashVersion                     // two different ones
	otherNumber                      // another movement, part, volume
	loneNumber                       // a number on one side only
	otherWords                       // each title has words of its own
	doubtfulTitle                    // similar titles, and nothing else to support it
	doubtfulArtist                   // no artist to compare, or one only similar, and nothing else to support it
	otherArtist
	otherLength
	genericTitle // nothing to tell it from others of that title
	otherIDs     // other recording id, and nothing else to support it
	otherRelease // policy SameRelease, and it is another or unknown
	twoFit       // another file fits as well
)

// Points of 1000, tuned on the MusicBrainz 20K and iTunes-Amazon sets.
const (
	titlePoints, artistPoints, albumPoints, durationPoints = 500, 250, 150, 100

	likelyScore = 740
	reviewScore = 600
	reviewTitle = 0.5 // likeness of titles below which nothing is worth a look
)

func (e *evidence) albumSame() bool { return e.albumKnown && e.album >= 0.8 }

// within reports whether both lengths are known and at most so many seconds apart.
func (e *evidence) within(seconds int) bool { return e.durationKnown && abs(e.delta) <= seconds }

// supported: something beside title and artist says that it is the same recording.
func (e *evidence) supported() bool { return e.albumSame() || e.within(3) }

// judge turns evidence into gates, a score and a class.
func (p *pair) judge(policy Policy) {
	p.score = p.points()
	p.gates = p.titleGates() | p.artistGates() | p.otherGates(policy)
	if policy == AnyVersion && p.version == oneSided && p.tolerable() {
		p.gates &^= otherVersion | otherLength
	}
	p.class = p.classify()
	if p.class == Exact { // an id can outweigh poor text
		p.score = max(p.score, likelyScore)
	}
}

// points adds up the fields, each against what it is worth when unknown.
func (p *pair) points() int {
	artist, album, duration := 0.4, 0.5, 0.5
	if p.artistKnown {
		artist = p.artist
	}
	if p.albumKnown {
		album = max(0.35, p.album) // the same recording is on many albums
	}
	if p.durationKnown {
		switch d := abs(p.delta); {
		case d <= 2:
			duration = 1
		case d <= 5:
			duration = 0.8
		case d <= 15:
			duration = 0.4
		default:
			duration = 0
		}
	}
	return int(titlePoints*p.title + artistPoints*artist + albumPoints*album + durationPoints*duration)
}

// samePlace: the same track of the same album, as far as everything but the title tells.
func (e *evidence) samePlace() bool {
	return e.albumSame() && e.number == agrees && e.within(2) && e.artistKnown && e.artist >= 0.85
}

func (p *pair) titleGates() (g gates) {
	place := p.samePlace()
	switch p.words.numbers {
	case differs:
		g |= otherNumber
	case oneSided:
		if !place && !(p.albumSame() && p.within(2)) {
			g |= loneNumber
		}
	}
	if p.words.clash && !place {
		g |= otherWords
	}
	if !p.titleSame && p.titleNote == "" && !place && !(p.supported() && p.closeEnough()) {
		g |= doubtfulTitle
	}
	numbered := slices.ContainsFunc(p.w.title.words, isNumber)
	if p.generic && (!p.albumSame() && !p.within(2) || p.number == differs && !(numbered && p.albumSame())) {
		g |= genericTitle
	}
	return g | p.versionGates()
}

// closeEnough: a short title that is only similar needs album and length, a longer one may have a slip in ten letters.
func (p *pair) closeEnough() bool {
	if p.albumSame() && p.within(3) && p.number != differs {
		return true
	}
	n := max(runes(p.w.title.key), runes(p.f.title.key))
	return n > 8 && distance(p.w.title.key, p.f.title.key, (n+9)/10) <= (n+9)/10
}

func (p *pair) versionGates() gates {
	switch {
	case p.version == differs:
		return clashVersion
	case p.version == oneSided && !(p.looseVersion() && p.albumSame() && p.within(2)):
		return otherVersion
	case p.words.version != "" && !p.titleSame && p.titleNote == "":
		return otherVersion
	case p.vague && !p.within(5) && !p.albumSame():
		return otherVersion
	}
	return 0
}

// looseVersion: kinds that a title often leaves out on an album where every track is one.
func (p *pair) looseVersion() bool {
	switch p.versionKind {
	case live, acoustic, demo, edit, variant:
		return true
	}
	return false
}

func (p *pair) artistGates() gates {
	switch {
	case p.artistKnown && p.artist >= 0.85, p.vouched():
		return 0
	case p.artistKnown && p.artist < 0.5:
		return otherArtist
	}
	return doubtfulArtist
}

// vouched: title, album and length make up for an artist that is unknown, misspelt or another of those involved.
func (p *pair) vouched() bool {
	similar := p.artistKnown && p.artist >= 0.5
	switch {
	case p.generic:
		return similar && p.albumSame() && p.within(2)
	case similar && p.albumSame() && (p.within(5) || p.titleSame && !p.durationKnown):
		return true
	case similar && p.artist >= 0.75 && p.titleSame && p.within(2) && runes(p.w.title.key) >= 6:
		return true
	case p.titleSame && p.albumSame() && p.w.album.telling():
		return p.within(2) || !p.artistKnown && !p.durationKnown
	}
	return !p.artistKnown && p.albumSame() && p.within(5)
}

func (p *pair) otherGates(policy Policy) (g gates) {
	if p.durationKnown && abs(p.delta) > 20 && !(p.albumSame() && p.titleSame && p.artist >= 0.85 && !p.generic) {
		g |= otherLength
	}
	if p.otherID && !p.within(5) && !p.albumSame() {
		g |= otherIDs
	}
	if policy == SameRelease && !p.albumSame() {
		g |= otherRelease
	}
	return g
}

// tolerable: kinds that AnyVersion takes for want of the recording itself.
func (p *pair) tolerable() bool {
	switch p.versionKind {
	case live, edit, extended, acoustic, demo, alternate:
		return true
	}
	return false
}

func (p *pair) classify() Class {
	switch {
	case p.sameID:
		return p.classifyID()
	case p.sameISRC && p.gates&(clashVersion|otherVersion|otherNumber|otherRelease) == 0 && p.secondSignal():
		return Exact
	case p.untitled && p.samePlace():
		return p.classifyPlace()
	case p.gates&(clashVersion|otherNumber) != 0, p.title < reviewTitle, p.gates&otherArtist != 0 && !(p.titleSame && p.supported()):
		return Missing
	case p.gates == 0 && p.textIsExact():
		return Exact
	case p.gates == 0 && p.score >= likelyScore:
		return Likely
	case p.score >= reviewScore:
		return Review
	}
	return Missing
}

// classifyID trusts an equal recording id unless the rest of the row says that the tag is wrong.
func (p *pair) classifyID() Class {
	sane := p.title >= 0.3 || p.artist >= 0.8 && p.within(10) || !p.comparable() && (p.within(10) || !p.durationKnown)
	mistagged := p.gates&otherNumber != 0 || p.gates&clashVersion != 0 || p.version == oneSided && !p.tolerable()
	if sane && !mistagged && p.gates&otherRelease == 0 {
		return Exact
	}
	return Review
}

// secondSignal: an ISRC alone is no proof. Some stand on every movement of a symphony.
func (p *pair) secondSignal() bool {
	return p.title >= 0.6 && !p.words.clash || !p.comparable() && p.within(5) && p.artistKnown && p.artist >= 0.8
}

// comparable: both titles are in Latin script, or neither is.
func (p *pair) comparable() bool { return isLatin(p.w.title.key) == isLatin(p.f.title.key) }

// textIsExact: nothing had to be guessed or overlooked, and no id says otherwise.
func (p *pair) textIsExact() bool {
	return p.titleSame && p.artistSame && p.version == agrees && !p.vague && !p.otherID && !p.otherISRC &&
		!p.w.guessed && !p.f.guessed && (!p.durationKnown || p.within(10))
}

// classifyPlace: a file without a title is recognised by its place, if the album's name is its own.
func (p *pair) classifyPlace() Class {
	if p.artistSame && p.album == 1 && p.w.album.telling() && p.gates&(otherIDs|otherRelease) == 0 && p.version == agrees {
		return Likely
	}
	return Review
}
