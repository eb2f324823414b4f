package subsonicbridge

// occurrence is a copy of a song in a list; n, from 0, tells it from the song's other copies.
type occurrence struct {
	entry
	n int
}

type copyOf struct {
	id string
	n  int
}

func (o occurrence) copyOf() copyOf { return copyOf{o.ID, o.n} }

// numbered numbers the copies of each song in their order.
func numbered(list []entry) []occurrence {
	seen := map[string]int{}
	out := make([]occurrence, len(list))
	for i, x := range list {
		x.Theirs = false
		out[i] = occurrence{x, seen[x.ID]}
		seen[x.ID]++
	}
	return out
}

// numberedAs numbers the copies in list as their twins in like are numbered. Those without a twin come after them, in
// their order; where sameOrder is false, all of them are numbered in their order.
func numberedAs(like, list []entry) (out []occurrence, sameOrder bool) {
	out = numbered(list)
	twin, ok := twins(like, list)
	if !ok {
		return out, false
	}
	model, next := numbered(like), countIDs(like, all)
	for i := range out {
		o := &out[i]
		if twin[i] >= 0 {
			o.n = model[twin[i]].n
			continue
		}
		o.n = next[o.ID]
		next[o.ID]++
	}
	return out, true
}

// reordered reports whether the source's songs that were written and are still there stand in another order. Moving
// what they put in themselves is no question of order: it stays where they put it.
func reordered(written, server []entry) bool {
	var ours []entry
	for _, x := range written {
		if !x.Theirs {
			ours = append(ours, x)
		}
	}
	_, ok := twins(ours, server)
	return !ok
}

// twins matches rows of two lists that hold the same song, as many copies of each as both lists have, in the order of
// both. It returns for each row of b the place of its twin in a, -1 where it has none; ok is false when the songs that
// both have stand in different orders.
func twins(a, b []entry) (twin []int, ok bool) {
	if twin, ok = walk(a, b, true); !ok {
		// Where a lacks a copy of one song and b a copy of another, either may be the next row to pass over.
		twin, ok = walk(a, b, false)
	}
	return twin, ok
}

// walk goes through both lists at once and passes over the rows that only one of them has.
func walk(a, b []entry, firstInA bool) (twin []int, ok bool) {
	spareA, spareB := surplus(a, b), surplus(b, a)
	twin = make([]int, len(b))
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		skipA := i < len(a) && spareA[a[i].ID] > 0
		skipB := j < len(b) && spareB[b[j].ID] > 0
		switch {
		case i < len(a) && j < len(b) && a[i].ID == b[j].ID:
			twin[j] = i
			i, j = i+1, j+1
		case skipA && (firstInA || !skipB):
			spareA[a[i].ID]--
			i++
		case skipB:
			spareB[b[j].ID]--
			twin[j] = -1
			j++
		default:
			return nil, false
		}
	}
	return twin, true
}

// surplus counts how many more copies of each song a has than b; what is not positive means nothing.
func surplus(a, b []entry) map[string]int {
	n := countIDs(a, all)
	for _, x := range b {
		n[x.ID]--
	}
	return n
}
