package match

// samePlace: the same track of the same album, as far as everything but the title tells.
func (e *evidence) samePlace() bool {
	return e.albumSame() && e.number == agrees && e.within(2) && e.artistKnown && e.artist >= 0.85
}

// nearPlace is samePlace where the length or the artist is unknown, or the artist badly misspelt.
func (e *evidence) nearPlace() bool {
	return e.albumSame() && e.number == agrees && (e.within(2) || !e.durationKnown) && !(e.artistKnown && e.artist < 0.5)
}

// sameSpot: by one artist, the same number on its album and the same length. Without the album's name that is much, not all.
func (e *evidence) sameSpot() bool {
	return e.number == agrees && e.within(1) && e.artistKnown && e.artist >= 0.85
}

// classifyUntitled: a row without a title is recognised by its place, if the album's name is its own. Less than that is
// for a person to look at.
func (p *pair) classifyUntitled() Class {
	artist := p.artistKnown && p.artist >= 0.8
	switch {
	case p.samePlace() && p.w.album.telling() && p.gates&(otherIDs|otherRelease) == 0 && (p.version == agrees || p.looseVersion()):
		return Likely
	case p.nearPlace() && p.w.album.telling(), artist && p.within(2) && (p.albumSame() || p.number == agrees):
		return Review
	case artist && p.number == agrees && !p.durationKnown && !p.albumKnown, p.albumSame() && p.within(2):
		return Review
	case artist && p.albumSame() && p.number != differs && !p.durationKnown:
		return Review
	}
	return Missing
}

// classifyPlace: a title that is badly spoilt, cut short or in another script.
func (p *pair) classifyPlace() Class {
	if p.gates == 0 && p.title >= spoiltTitle && p.samePlace() {
		return Likely
	}
	return Review
}
