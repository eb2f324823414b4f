package subsonicbridge

import "maps"

// entry is a song in a list that we keep.
type entry struct {
	ID     string `json:"id"`
	Key    string `json:"key"`              // fingerprint, to know the song under a new id
	Theirs bool   `json:"theirs,omitempty"` // the person put it there, not the source
}

// edits is what a three-way merge starts from.
type edits struct {
	Written   []entry              // as last written, under the ids that the songs have now
	Server    []entry              // as the server has it now; Theirs is not looked at
	Wanted    []entry              // as the source says now, resolved
	Refused   map[string]int       // by key: how many copies the person took out of the list, earlier
	Has       func(id string) bool // whether the library has the song
	KeepOrder bool                 // the person put the list in another order, earlier
}

// merged is the list that both sides can live with.
type merged struct {
	List      []entry
	Refused   map[string]int
	Reordered bool // the order is the person's
}

// merge lays what the source changed and what the person changed in their list over each other:
//
//   - a song that the person took out stays out, for this list;
//   - a song that they put in stays, also when the source never has it;
//   - the order is the source's, unless the person changed it: then theirs, and new songs go where the source has them
//     relative to their neighbours;
//   - a song that vanished because its file is gone was not taken out by the person.
//
// A song may stand in a list several times. Its copies are told apart by their order.
func merge(e edits) merged {
	ours := countIDs(e.Written, func(x entry) bool { return !x.Theirs })
	server := countIDs(e.Server, all)
	refused := refusals(e, server)
	wanted := withoutRefused(e.Wanted, refused)
	want := countIDs(wanted, all)

	onServer, fromSource := numbered(e.Server), numbered(wanted)
	var stay []occurrence // of the server's rows, in its order
	for i := range onServer {
		o := &onServer[i]
		o.Theirs = o.n >= max(ours[o.ID], want[o.ID])
		if o.Theirs || o.n < want[o.ID] {
			stay = append(stay, *o)
		}
	}
	m := merged{Refused: refused, Reordered: e.KeepOrder || reordered(e.Written, e.Server)}
	if m.Reordered {
		m.List = weave(stay, fromSource)
	} else {
		m.List = weave(fromSource, stay)
	}
	return m
}

// refusals adds to the earlier refusals the songs that were written, are wanted still, and that the person took out.
func refusals(e edits, server map[string]int) map[string]int {
	refused := maps.Clone(e.Refused)
	if refused == nil {
		refused = map[string]int{}
	}
	wanted := countIDs(e.Wanted, all)
	written := countIDs(e.Written, func(x entry) bool { return !x.Theirs })
	done := map[string]bool{}
	for _, w := range e.Written {
		gone := written[w.ID] - server[w.ID]
		if done[w.ID] || w.Theirs || gone <= 0 || wanted[w.ID] == 0 || !e.Has(w.ID) {
			continue
		}
		done[w.ID] = true
		refused[w.Key] += gone
	}
	return refused
}

// withoutRefused leaves out as many copies of each song as were refused, the last ones first.
func withoutRefused(wanted []entry, refused map[string]int) []entry {
	keep := map[string]int{}
	for _, w := range wanted {
		keep[w.Key]++
	}
	for key, n := range refused {
		keep[key] -= n
	}
	var out []entry
	for _, w := range wanted {
		if keep[w.Key] > 0 {
			keep[w.Key]--
			out = append(out, w)
		}
	}
	return out
}

// occurrence is the n-th copy of a song in a list, from 0.
type occurrence struct {
	entry
	n int
}

type copyOf struct {
	id string
	n  int
}

func (o occurrence) copyOf() copyOf { return copyOf{o.ID, o.n} }

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

// reordered reports whether the songs that were written and are still there stand in another order.
func reordered(written, server []entry) bool {
	a, b := numbered(written), numbered(server)
	a, b = common(a, b), common(b, a)
	for i := range a {
		if a[i].copyOf() != b[i].copyOf() {
			return true
		}
	}
	return false
}

// common returns the rows of a that b has too, in a's order.
func common(a, b []occurrence) []occurrence {
	in := make(map[copyOf]bool, len(b))
	for _, o := range b {
		in[o.copyOf()] = true
	}
	var out []occurrence
	for _, o := range a {
		if in[o.copyOf()] {
			out = append(out, o)
		}
	}
	return out
}

// weave returns base, with each row that only other has set behind the row that it follows in other.
func weave(base, other []occurrence) []entry {
	in := make(map[copyOf]bool, len(base))
	for _, o := range base {
		in[o.copyOf()] = true
	}
	var start copyOf // stands for the beginning: no song has an empty id
	behind := map[copyOf][]entry{}
	anchor := start
	for _, o := range other {
		if in[o.copyOf()] {
			anchor = o.copyOf()
			continue
		}
		behind[anchor] = append(behind[anchor], o.entry)
	}
	out := behind[start]
	for _, o := range base {
		out = append(append(out, o.entry), behind[o.copyOf()]...)
	}
	return out
}

func all(entry) bool { return true }

func countIDs(list []entry, which func(entry) bool) map[string]int {
	n := make(map[string]int, len(list))
	for _, x := range list {
		if which(x) {
			n[x.ID]++
		}
	}
	return n
}

// resume returns what counts as written when a write began and nobody knows how far it came: the server's rows with a
// song that the last finished write or the interrupted one has. Nothing then looks as if the person had done it, but
// for songs that neither knows.
func resume(written, pending, server []entry) []entry {
	theirs := map[copyOf]bool{}
	known := map[string]bool{}
	for _, list := range [][]entry{written, pending} { // the interrupted write knows better
		for i, o := range numbered(list) {
			theirs[o.copyOf()] = list[i].Theirs
			known[o.ID] = true
		}
	}
	var out []entry
	for _, o := range numbered(server) {
		if known[o.ID] { // more copies than were ever written: some servers append (Funkwhale)
			o.entry.Theirs = theirs[o.copyOf()]
			out = append(out, o.entry)
		}
	}
	return out
}

// shrinks reports whether so many rows vanish at once that a mistake is likelier than an edit.
func shrinks(before, after int) bool {
	return before > 0 && after == 0 || before >= 10 && after*2 < before
}
