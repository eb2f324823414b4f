package subsonicbridge

import (
	"encoding/json"
	"maps"

	"github.com/songferry/songferry/playlists"
)

// refusal says that a song is not for the person: they took it out of the list, or some of its copies.
type refusal struct {
	Stay  int             `json:"stay"`  // how many copies of the source's may be in the list
	Track playlists.Track `json:"track"` // the song as the library had it; zero until it was looked up
}

// UnmarshalJSON also reads what was kept at first: how many copies had been taken out, nearly always the only one.
func (r *refusal) UnmarshalJSON(data []byte) error {
	type plain refusal
	var taken int
	if json.Unmarshal(data, &taken) == nil {
		*r = refusal{}
		return nil
	}
	return json.Unmarshal(data, (*plain)(r))
}

// refusals adds to the earlier refusals the songs that were written, are wanted still, and that the person took out.
func refusals(e edits, server map[string]int) map[string]refusal {
	refused := maps.Clone(e.Refused)
	if refused == nil {
		refused = map[string]refusal{}
	}
	wanted := countIDs(e.Wanted, all)
	written := countIDs(e.Written, func(x entry) bool { return !x.Theirs })
	done, stay, gone := map[string]bool{}, map[string]int{}, map[string]bool{}
	for _, w := range e.Written {
		if w.Theirs || done[w.ID] {
			continue
		}
		done[w.ID] = true
		stay[w.Key] += min(server[w.ID], written[w.ID])
		gone[w.Key] = gone[w.Key] || server[w.ID] < written[w.ID] && wanted[w.ID] > 0 && e.Has(w.ID) && !w.lost
	}
	for key, is := range gone {
		if is {
			refused[key] = refusal{Stay: stay[key], Track: refused[key].Track}
		}
	}
	return refused
}

// withoutRefused leaves out the copies of each song that were refused: those that the server's list does not have in
// the source's order, the last ones first.
func withoutRefused(wanted []entry, refused map[string]refusal, server []entry) (out []entry) {
	there, kept := present(wanted, server), map[string]int{}
	keep := make([]bool, len(wanted))
	for _, inList := range []bool{true, false} {
		for i, w := range wanted {
			r, limited := refused[w.Key]
			if there[i] == inList && (!limited || kept[w.Key] < r.Stay) {
				keep[i] = true
				kept[w.Key]++
			}
		}
	}
	for i, w := range wanted {
		if keep[i] {
			out = append(out, w)
		}
	}
	return out
}

// present tells of each wanted row whether the server's list has it; of none when its order is another.
func present(wanted, server []entry) []bool {
	there := make([]bool, len(wanted))
	twin, ok := twins(wanted, server)
	if !ok {
		return there
	}
	for _, i := range twin {
		if i >= 0 {
			there[i] = true
		}
	}
	return there
}
