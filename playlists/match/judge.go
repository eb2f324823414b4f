package match

// Points of 1000, tuned on the MusicBrainz 20K and iTunes-Amazon sets.
const (
	titlePoints, artistPoints, albumPoints, durationPoints = 500, 250, 150, 100

	likelyScore = 740
	reviewScore = 600
	reviewTitle = 0.5 // likeness of titles below which only the same place on an album is worth a look
	spoiltTitle = 0.2 // likeness of titles below which the same place does not decide
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

func (p *pair) classify() Class {
	switch {
	case p.sameID:
		return p.classifyID()
	case p.sameISRC && p.gates&(clashVersion|otherVersion|otherNumber|otherRelease) == 0 && p.secondSignal():
		return Exact
	case p.untitled:
		return p.classifyUntitled()
	case p.title < reviewTitle && (p.nearPlace() && p.w.album.telling() || p.spoilt() && (p.sameSpot() || p.sameLengthOnAlbum())), p.gates&(clashVersion|otherNumber) != 0 && p.samePlace():
		return p.classifyPlace()
	case p.gates&(clashVersion|otherNumber) != 0, p.title < reviewTitle, p.gates&otherArtist != 0 && !(p.titleSame && p.supported()):
		return Missing
	case p.gates == 0 && p.textIsExact():
		return Exact
	case p.gates == 0 && (p.score >= likelyScore || p.sameSpot()):
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
