package match

import "strings"

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
	return e.number == agrees && e.within(1) && e.artistKnown && e.artist >= 0.8
}

// sameLengthOnAlbum is samePlace without the number, for which the length must be exact.
func (e *evidence) sameLengthOnAlbum() bool {
	return e.albumSame() && e.number != differs && e.within(1) && e.artistKnown && e.artist >= 0.85
}

// tellingPlace: an unknown artist's track on an album whose name few others have, by its number and exact length.
func (p *pair) tellingPlace() bool {
	return p.albumSame() && p.w.album.telling() && len(p.w.album.key) >= minTellingAlbum && p.number == agrees && p.within(1)
}

// minTellingAlbum is the least bytes of an album's key that name it alone.
const minTellingAlbum = 8

// classifyUntitled: a row without a title is recognised by its place. Less than that is for a person to look at.
func (p *pair) classifyUntitled() Class {
	artist := p.artistKnown && p.artist >= 0.8
	sure := p.samePlace() && (p.within(1) || p.w.album.telling()) || p.sameLengthOnAlbum() && p.w.album.telling() ||
		p.tellingPlace() && (!p.artistKnown || p.artist >= 0.5)
	switch {
	case sure && p.gates&(otherIDs|otherRelease) == 0: // which version it is only a title could say
		return Likely
	case p.nearPlace() && p.w.album.telling(), artist && p.within(2) && (p.albumSame() || p.number == agrees):
		return Review
	case artist && p.number == agrees && !p.durationKnown && !p.albumKnown, p.albumSame() && p.within(2):
		return Review
	case artist && p.albumSame() && p.number != differs && !p.durationKnown, p.nameless && p.number == agrees && p.within(1):
		return Review
	}
	return Missing
}

// classifyPlace: a title that is badly spoilt, cut short or in another script.
func (p *pair) classifyPlace() Class {
	placed := p.spoilt() && (p.samePlace() || p.sameLengthOnAlbum()) || !p.comparable() && p.samePlace()
	if p.gates == 0 && placed {
		return Likely
	}
	return Review
}

// spoilt: of two titles that are unlike the one may still be the other with mistakes in it.
func (p *pair) spoilt() bool { return p.title >= spoiltTitle || p.cutShort() }

// cutShort: one title begins the other.
func (p *pair) cutShort() bool {
	a, b := p.w.title.key, p.f.title.key
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}
