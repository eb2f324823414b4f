package match

import (
	"cmp"
	"slices"
)

// margin is how many points a Likely file must be ahead of another recording.
const margin = 50

// choose turns the compared candidates into the answer for a row.
func (ix *Index) choose(w *row, ps pairs) Resolution {
	if len(ps) == 0 {
		return Resolution{Class: Missing, Why: missingWhy(nil, ix.hasArtist(w))}
	}
	ps.rank(w)
	best := &ps[0]
	if best.class.Automatic() {
		best.contest(ps[1:])
	}
	r := Resolution{Class: best.class, Candidates: candidates(w, ps)}
	if len(r.Candidates) > 0 {
		r.Score, r.Why = r.Candidates[0].Score, r.Candidates[0].Why
	}
	switch {
	case r.Class.Automatic():
		r.Song = best.s.ID
	case r.Class == Missing:
		r.Why = missingWhy(ps, ix.hasArtist(w))
	}
	return r
}

// rank puts the best candidate first: the surest, then, of the files that are the same recording as that, the one on
// the fittest release. Scores are whole numbers and ids come last, so the order is stable.
func (ps pairs) rank(w *row) {
	slices.SortFunc(ps, func(a, b pair) int {
		return cmp.Or(cmp.Compare(classRank(a.class), classRank(b.class)), cmp.Compare(b.score, a.score), fitness(w, &a, &b))
	})
	at := 0
	for i := range ps {
		if ps[i].class.Automatic() && sameRecording(&ps[0], &ps[i]) && fitness(w, &ps[i], &ps[at]) < 0 {
			at = i
		}
	}
	best := ps[at]
	copy(ps[1:at+1], ps[:at])
	ps[0] = best
}

// fitness orders files by how well the release fits, after ListenBrainz's canonical order.
func fitness(w *row, a, b *pair) int {
	return cmp.Or(
		cmp.Compare(b.albumFit(w), a.albumFit(w)),
		cmp.Compare(a.marking(), b.marking()),
		cmp.Compare(a.lengthStep(), b.lengthStep()),
		cmp.Compare(a.f.album.rank, b.f.album.rank),
		cmp.Compare(b.score, a.score),
		cmp.Compare(a.s.ID, b.s.ID),
	)
}

// contest lowers the class of the best where another recording fits as well.
func (best *pair) contest(others pairs) {
	for i := range others {
		o := &others[i]
		switch {
		case rivals(best, o):
			best.gates |= twoFit
			best.class = Review
			return
		case best.class == Exact && o.class == Exact && !best.sameID && best.score == o.score && !sameRecording(best, o):
			best.class = Likely // one song in two lengths, and the row does not say which
		}
	}
}

// albumFit: 3 the release asked for, 2 its name, 1 nearly, 0 another.
func (p *pair) albumFit(w *row) int {
	switch {
	case w.track.AlbumID != "" && w.track.AlbumID == p.s.AlbumID:
		return 3
	case p.albumKnown && p.w.album.key == p.f.album.key:
		return 2
	case p.albumSame():
		return 1
	}
	return 0
}

// marking: 0 if both or neither are the censored cut.
func (p *pair) marking() int {
	if (p.w.title.clean || p.w.album.clean) == (p.f.title.clean || p.f.album.clean) {
		return 0
	}
	return 1
}

func (p *pair) lengthStep() int {
	switch {
	case !p.durationKnown:
		return 1
	case p.within(2):
		return 0
	case p.within(5):
		return 1
	}
	return 2
}

// sameRecording reports whether two files are the same recording on two releases, as far as one can tell.
func sameRecording(a, b *pair) bool {
	if a.s.MBID != "" && a.s.MBID == b.s.MBID {
		return true
	}
	near := a.s.Duration == 0 || b.s.Duration == 0 || abs(a.s.Duration-b.s.Duration) <= 5
	return near && a.f.title.key == b.f.title.key && a.version == b.version && sameArtists(&a.f.by, &b.f.by) &&
		sameWords(who(&a.f.title), who(&b.f.title))
}

// rivals reports whether o is another recording that fits the wanted row about as well as best.
func rivals(best, o *pair) bool {
	if best.sameID || o.gates&(clashVersion|otherVersion|otherNumber|otherArtist|otherWords) != 0 || o.title < reviewTitle {
		return false
	}
	if best.generic {
		return o.titleSame && abs(abs(o.delta)-abs(best.delta)) < 3 && o.albumSame() == best.albumSame()
	}
	if sameRecording(best, o) || best.class == Exact && o.class != Exact {
		return false
	}
	if best.titleSame && o.titleSame { // one song, two lengths: nearer in length or on the album asked for is better
		return best.class == Likely && o.class == Likely && best.score-o.score < margin && best.lengthStep() == o.lengthStep()
	}
	return best.score-o.score < margin
}

func candidates(w *row, ps pairs) []Candidate {
	var out []Candidate
	for i := range ps {
		p := &ps[i]
		if len(out) == maxCandidates || p.class == Missing && p.gates&(clashVersion|otherNumber) == 0 {
			break
		}
		why := p.reasons(w)
		if i > 0 && ps[0].class.Automatic() && p.gates&(clashVersion|otherVersion|otherNumber) == 0 {
			why = append(why, Reason{Field: "choice", What: Differs, Note: preference(w, &ps[0], p)})
		}
		out = append(out, Candidate{Song: p.s.ID, Score: float64(p.score) / 1000, Why: why})
	}
	return out
}

// preference says what the chosen file has that another one does not.
func preference(w *row, chosen, other *pair) string {
	switch {
	case !sameRecording(chosen, other):
		return "recording"
	case chosen.albumFit(w) != other.albumFit(w):
		return "album"
	case chosen.marking() != other.marking():
		return "marking"
	case chosen.lengthStep() != other.lengthStep():
		return "length"
	case chosen.f.album.rank != other.f.album.rank:
		return "release"
	case chosen.score != other.score:
		return "score"
	}
	return ""
}
