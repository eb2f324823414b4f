package subsonicbridge

// entry is a song in a list that we keep.
type entry struct {
	ID     string `json:"id"`
	Key    string `json:"key"`              // fingerprint, to know the song under a new id
	Theirs bool   `json:"theirs,omitempty"` // the person put it there, not the source

	lost bool // the library has it again, but no longer under the id that it had in the list
}

// edits is what a three-way merge starts from.
type edits struct {
	Written []entry              // as last written, under the ids that the songs have now
	Server  []entry              // as the server has it now; Theirs is not looked at
	Wanted  []entry              // as the source says now, resolved
	Refused map[string]refusal   // by key: what the person took out of the list, earlier
	Has     func(id string) bool // whether the library has the song
	Order   Order                // whose order the list is in, so far
}

// merged is the list that both sides can live with.
type merged struct {
	List      []entry
	Refused   map[string]refusal
	Reordered bool // the order is the person's
}

// merge lays what the source changed and what the person changed in their list over each other:
//
//   - a song that the person took out stays out, for this list;
//   - a song that they put in stays, also when the source never has it;
//   - the order is the source's, unless the person changed it and has not changed it back: then theirs, and new songs go
//     where the source has them relative to their neighbours;
//   - a song that vanished because its file is gone, or was gone for a while, was not taken out by the person.
//
// A song may stand in a list several times. Which of its copies is which follows from the songs around them, as long as
// the order is the same; else from their own order.
func merge(e edits) merged {
	ours := countIDs(e.Written, func(x entry) bool { return !x.Theirs })
	server := countIDs(e.Server, all)
	refused := refusals(e, server)
	wanted := withoutRefused(e.Wanted, refused, e.Server)
	want := countIDs(wanted, all)

	fromSource := numbered(wanted)
	onServer, sameOrder := numberedAs(wanted, e.Server)
	var stay []occurrence // of the server's rows, in its order
	for i := range onServer {
		o := &onServer[i]
		o.Theirs = o.n >= max(ours[o.ID], want[o.ID])
		if o.Theirs || o.n < want[o.ID] {
			stay = append(stay, *o)
		}
	}
	m := merged{Refused: refused}
	m.Reordered = e.Order == PersonOrder || !sameOrder && (e.Order == AskedOrder || reordered(e.Written, e.Server))
	if m.Reordered {
		m.List = weave(stay, fromSource)
	} else {
		m.List = weave(fromSource, stay)
	}
	return m
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
