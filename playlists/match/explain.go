package match

import (
	"slices"
	"strings"
)

// reasons explains a pair, strongest evidence first.
func (p *pair) reasons(w *row) []Reason {
	out := make([]Reason, 0, 6)
	if p.sameID || p.otherID {
		out = append(out, Reason{Field: "id", What: sameOr(p.sameID, Differs)})
	}
	if p.sameISRC || p.otherISRC {
		out = append(out, Reason{Field: "isrc", What: sameOr(p.sameISRC, Differs)})
	}
	out = append(out, p.titleReason(w), p.artistReason(w))
	if v := p.versionReason(); v.What != "" {
		out = append(out, v)
	}
	if p.gates&(otherNumber|loneNumber) != 0 {
		out = append(out, Reason{Field: "number", What: Differs, Remote: w.track.Title, Local: p.s.Title})
	}
	if p.durationKnown {
		out = append(out, Reason{Field: "duration", What: sameOr(p.within(1), Similar), Delta: p.delta})
	}
	if p.albumKnown {
		out = append(out, Reason{Field: "album", What: p.albumFinding(), Remote: w.track.Album, Local: p.s.Album})
	}
	if p.gates&twoFit != 0 {
		out = append(out, Reason{Field: "library", What: Ambiguous})
	}
	return out
}

func sameOr(same bool, other What) What {
	if same {
		return Same
	}
	return other
}

func (p *pair) albumFinding() What {
	switch {
	case p.album == 1:
		return Same
	case p.albumSame():
		return Similar
	}
	return Differs
}

func (p *pair) titleReason(w *row) Reason {
	r := Reason{Field: "title", Remote: w.track.Title, Local: p.s.Title}
	switch {
	case p.gates&genericTitle != 0:
		r.What = Ambiguous
	case p.titleSame:
		r.What, r.Note = Same, p.dropped(w)
	case p.title >= reviewTitle:
		r.What = Similar
	default:
		r.What = Differs
	}
	return r
}

// dropped returns what one of the titles has beyond the other, as it is written there.
func (p *pair) dropped(w *row) string {
	for _, d := range p.w.title.dropped {
		if !slices.Contains(p.f.title.dropped, d) {
			return asWritten(w.track.Title, d)
		}
	}
	for _, d := range p.f.title.dropped {
		if !slices.Contains(p.w.title.dropped, d) {
			return asWritten(p.s.Title, d)
		}
	}
	return ""
}

// asWritten finds folded text in the title that it came from.
func asWritten(title, folded string) string {
	lower := strings.ToLower(title)
	if i := strings.Index(lower, folded); i >= 0 && len(lower) == len(title) {
		return title[i : i+len(folded)]
	}
	return folded
}

func (p *pair) artistReason(w *row) Reason {
	r := Reason{Field: "artist", Remote: w.track.Artist, Local: p.s.Artist}
	switch {
	case !p.artistKnown:
		r.What = Unknown
	case p.artistSame:
		r.What = Same
	case p.artist >= 0.95:
		r.What = Part
	case p.gates&otherArtist == 0:
		r.What = Similar
	default:
		r.What = Differs
	}
	return r
}

// versionReason is about another version; the zero Reason where it is the one asked for, or nothing tells which it is.
func (p *pair) versionReason() Reason {
	if p.version == agrees && p.gates&otherVersion != 0 && p.words.version != "" {
		return Reason{Field: "version", What: Differs, Note: string(p.words.version), Local: p.s.Title}
	}
	if p.version == agrees {
		return Reason{}
	}
	r := Reason{Field: "version", What: Differs, Note: string(p.versionKind)}
	if p.class.Automatic() {
		r.What = Part
	}
	switch {
	case !p.versionWanted:
		r.Local = string(p.versionKind)
	case p.version == differs:
		r.Remote, r.Local, r.Note = string(p.versionKind), string(p.versionKind), p.versionInstead()
	default:
		r.Remote = string(p.versionKind)
	}
	return r
}

// versionInstead names the version that the file is where another one was asked for.
func (p *pair) versionInstead() string {
	asked := p.w.kinds()
	for _, k := range p.f.kinds() {
		if !slices.Contains(asked, k) {
			return string(k)
		}
	}
	return "another " + string(p.versionKind)
}

// missingWhy explains why nothing was chosen, from the candidates that came nearest. artistHere: the library has something by
// the wanted artist.
func missingWhy(ps pairs, artistHere bool) []Reason {
	for i := range ps {
		if ps[i].titleSame && ps[i].artist >= 0.8 && ps[i].gates&(clashVersion|otherVersion) != 0 {
			v := ps[i].versionReason()
			return []Reason{{Field: "library", What: Part, Local: v.Local, Note: v.Note}}
		}
		artistHere = artistHere || ps[i].artist >= 0.8
	}
	return []Reason{{Field: "library", What: whatOf(artistHere)}}
}

func whatOf(artistHere bool) What {
	if artistHere {
		return Similar
	}
	return Absent
}
