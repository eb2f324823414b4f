package playlists

import "slices"

// Diff is the difference between two versions of a playlist.
type Diff struct {
	Added   []Track
	Removed []Track
	Moved   int // rows that changed place among those that stayed
	Renamed bool
}

// DiffOf compares two versions of one playlist by the names of their rows (Track.Item).
func DiffOf(old, new Playlist) Diff {
	d := Diff{Renamed: old.Name != new.Name}
	place := make(map[string]int, len(old.Tracks))
	for i, t := range old.Tracks {
		place[t.Item] = i
	}
	var stayed []int // places in old, in the order of new
	kept := make(map[string]bool, len(new.Tracks))
	for _, t := range new.Tracks {
		kept[t.Item] = true
		if i, ok := place[t.Item]; ok {
			stayed = append(stayed, i)
		} else {
			d.Added = append(d.Added, t)
		}
	}
	for _, t := range old.Tracks {
		if !kept[t.Item] {
			d.Removed = append(d.Removed, t)
		}
	}
	d.Moved = len(stayed) - longestRising(stayed)
	return d
}

// longestRising returns the length of the longest rising subsequence (patience sorting, O(n log n)).
func longestRising(a []int) int {
	var tails []int
	for _, x := range a {
		i, _ := slices.BinarySearch(tails, x)
		if i == len(tails) {
			tails = append(tails, x)
		} else {
			tails[i] = x
		}
	}
	return len(tails)
}

// nameItems gives every row of next a name: a row that stands in prev keeps its name there, duplicates in their order;
// a row that names itself (a Remote one) keeps that; others get a fresh one.
func nameItems(prev, next []Track) {
	free := make(map[string][]string, len(prev))
	for _, t := range prev {
		k := t.sameness()
		free[k] = append(free[k], t.Item)
	}
	used := make(map[string]bool, len(next))
	for i := range next {
		t := &next[i]
		k := t.sameness()
		if t.Item == "" && len(free[k]) > 0 {
			t.Item, free[k] = free[k][0], free[k][1:]
		}
		for t.Item == "" || used[t.Item] {
			t.Item = randomText()[:12]
		}
		used[t.Item] = true
	}
}

// sameness is equal for two rows that a person would call the same row of a list.
func (t Track) sameness() string {
	if t.MBID != "" {
		return t.MBID
	}
	return t.Artist + "\x00" + t.Title + "\x00" + t.Album
}
