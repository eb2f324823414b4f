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

func (p *pair) titleGates() (g gates) {
	place := p.samePlace()
	switch p.words.numbers {
	case differs:
		g |= otherNumber
	case oneSided:
		if !place && !p.sameSpot() && !(p.albumSame() && p.within(2)) {
			g |= loneNumber
		}
	}
	if p.words.clash && !place && !(p.sameLengthOnAlbum() && p.title >= 0.65 && !p.words.letters && p.words.numbers == agrees) {
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
	switch {
	case p.lossy, p.sameSpot() && p.title >= reviewTitle, p.albumSame() && p.number != differs && p.within(3):
		return true
	case p.albumSame() && p.artist >= 0.95 && p.title >= 0.8 && (p.within(1) || p.number == agrees || !p.durationKnown && p.number != differs):
		return true
	case p.albumSame() && p.artist >= 0.8 && p.title >= 0.6 && !p.words.clash && (p.within(1) || p.nearPlace()):
		return true
	}
	n := max(runes(p.w.title.key), runes(p.f.title.key))
	return n > 8 && distance(p.w.title.key, p.f.title.key, slipsIn(n)) <= slipsIn(n)
}

// slipsIn is how many slips a text of so many letters may have: one in ten.
func slipsIn(runes int) int { return (runes + 9) / 10 }

func (p *pair) versionGates() gates {
	switch {
	case p.version == differs:
		return clashVersion
	case p.version == oneSided && !(p.looseVersion() && (p.albumSame() && p.within(2) || p.albumSaysIt() && p.sameSpot())):
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

// albumSaysIt: only the name of one row's album makes it another version, and the other row has no album.
func (p *pair) albumSaysIt() bool {
	return !p.albumKnown && p.titleSame && slices.Equal(p.w.title.kinds(), p.f.title.kinds())
}

func (p *pair) artistGates() gates {
	switch {
	case p.sameSlip(), p.slipInBoth() && !(p.albumSame() && p.within(3)) && !p.sameSpot():
		return doubtfulArtist
	case p.artistKnown && (p.artist >= 0.95 || p.artist >= 0.85 && (p.supported() || p.number == agrees)), p.vouched():
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
		return similar && p.albumSame() && p.within(2) || p.titleSame && p.tellingPlace()
	case similar && p.albumSame() && (p.within(5) || p.titleSame && !p.durationKnown):
		return true
	case similar && p.artist >= 0.75 && p.titleSame && p.within(2) && runes(p.w.title.key) >= 6:
		return true
	case p.nearPlace() && p.title >= 0.9, p.sameSpot() && p.title >= 0.85:
		return true
	case (similar || !p.artistKnown && len(p.w.title.key) >= minTellingTitle) && p.sameName() && p.number == agrees && p.within(1):
		return true
	case p.titleSame && p.albumSame() && p.w.album.telling():
		return p.within(2) || !p.artistKnown && !p.durationKnown
	}
	return !p.artistKnown && p.albumSame() && p.within(5)
}

// minTellingTitle is the least bytes of a title's key that few songs share.
const minTellingTitle = 10

// sameName: the titles are the same, or were once something that is no part of the name was left out.
func (p *pair) sameName() bool { return p.titleSame || p.titleNote != "" }

func (p *pair) otherGates(policy Policy) (g gates) {
	if p.durationKnown && abs(p.delta) > 20 && !p.sameButLength() {
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

// sameButLength: some servers and files state a wrong length; all else agrees.
func (p *pair) sameButLength() bool {
	if p.generic || p.artist < 0.85 {
		return false
	}
	return p.albumSame() && (p.titleSame || p.title >= 0.85 && p.number == agrees) || p.titleSame && p.number == agrees && p.albumKnown && p.album >= 0.6
}

// tolerable: kinds that AnyVersion takes for want of the recording itself.
func (p *pair) tolerable() bool {
	switch p.versionKind {
	case live, edit, extended, acoustic, demo, alternate:
		return true
	}
	return false
}
