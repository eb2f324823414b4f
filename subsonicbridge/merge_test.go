package subsonicbridge

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// rowsOf reads "A B c": each letter is a song; a small one was put there by the person.
func rowsOf(text string) []entry {
	var out []entry
	for _, id := range strings.Fields(text) {
		upper := strings.ToUpper(id)
		out = append(out, entry{ID: upper, Key: "key " + upper, Theirs: id != upper})
	}
	return out
}

func show(list []entry) string {
	var out []string
	for _, x := range list {
		if x.Theirs {
			x.ID = strings.ToLower(x.ID)
		}
		out = append(out, x.ID)
	}
	return strings.Join(out, " ")
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                    string
		written, server, wanted string
		refused                 string // "A B1": no A may stay, and one B
		gone                    string // not in the library
		order                   Order
		list, refuses           string
		reordered               bool
	}{
		{name: "nothing changed", written: "A B", server: "A B", wanted: "A B", list: "A B"},
		{name: "the source changed", written: "A B C", server: "A B C", wanted: "D C A", list: "D C A"},
		{name: "the person took one out", written: "A B C", server: "A C", wanted: "A B C D", list: "A C D", refuses: "B"},
		{name: "what was taken out stays out", written: "A C", server: "A C", wanted: "B A C", refused: "B", list: "A C", refuses: "B"},
		{name: "both took it out", written: "A B C", server: "A C", wanted: "A C", list: "A C"},
		{name: "the file is gone", written: "A B C", server: "A C", wanted: "A C", gone: "B", list: "A C"},
		{name: "the person put one in", written: "A B", server: "A X B", wanted: "B A", list: "B A x"},
		{name: "at the beginning", written: "A B", server: "X A B", wanted: "A B C", list: "x A B C"},
		{name: "what was put in stays", written: "A x B", server: "A X B", wanted: "A B C", list: "A x B C"},
		{name: "what was put in is taken out again", written: "A x B", server: "A B", wanted: "A B", list: "A B"},
		{name: "the source has it now too", written: "A x", server: "A X", wanted: "A X", list: "A X"},
		{name: "the person puts back what they took out", written: "A", server: "A B", wanted: "A B", refused: "B", list: "A b", refuses: "B"},
		{name: "a new order", written: "A B C", server: "C A B", wanted: "A B C", list: "C A B", reordered: true},
		{name: "a new order and a new song", written: "A B C", server: "C A B", wanted: "A D B C", list: "C A D B", reordered: true},
		{name: "an order of before", written: "C A B", server: "C A B", wanted: "A B C D", order: AskedOrder, list: "C D A B", reordered: true},
		{name: "an order of before, put back", written: "C A B", server: "A B C", wanted: "A B C D", order: AskedOrder, list: "A B C D"},
		{name: "an order of their own that is the source's now", written: "C A B", server: "C A B", wanted: "C D A B", order: PersonOrder, list: "C D A B", reordered: true},
		{name: "the source's new order, by hand", written: "A B C", server: "C A B", wanted: "C A B", list: "C A B"},
		{name: "a new order and one less", written: "A B C D", server: "D B A", wanted: "A B C D", list: "D B A", refuses: "C", reordered: true},
		{name: "copies", written: "A B A", server: "A B A", wanted: "A A B A", list: "A A B A"},
		{name: "one copy taken out", written: "A B A", server: "A B", wanted: "A B A", list: "A B", refuses: "A1"},
		{name: "the first copy taken out", written: "A B A", server: "B A", wanted: "A B A", list: "B A", refuses: "A1"},
		{name: "the middle copy taken out", written: "A B A C A", server: "A B C A", wanted: "A B A C A", list: "A B C A", refuses: "A2"},
		{name: "the first copy stays out", written: "B A", server: "B A", wanted: "A B C A", refused: "A1", list: "B C A", refuses: "A1"},
		{name: "what was taken out stays out when the source has it twice", written: "A", server: "A", wanted: "B A B", refused: "B", list: "A", refuses: "B"},
		{name: "both took a copy out", written: "A B A", server: "A B", wanted: "A B", list: "A B", refuses: "A1"},
		{name: "a copy put in before the source's", written: "B A", server: "A B A", wanted: "B A", list: "a B A"},
		{name: "a copy of one taken out, of another put in", written: "B A C B", server: "A B A C", wanted: "B A C B", list: "a B A C", refuses: "B1"},
		{name: "what they put in moved", written: "A x B", server: "A B X", wanted: "A B C", list: "A B x C"},
		{name: "a copy put in", written: "A B", server: "A B A", wanted: "A B C", list: "A B a C"},
		{name: "a copy put in, the source's taken out", written: "A B", server: "A B A", wanted: "B", list: "B a"},
		{name: "all taken out", written: "A B", server: "", wanted: "A B", list: "", refuses: "A B"},
		{name: "new files", written: "", server: "", wanted: "A B", list: "A B"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := merge(edits{Written: rowsOf(c.written), Server: rowsOf(c.server), Wanted: rowsOf(c.wanted), Refused: refusedIn(c.refused),
				Has: func(id string) bool { return !strings.Contains(c.gone, id) }, Order: c.order})
			if show(m.List) != c.list || m.Reordered != c.reordered || !reflect.DeepEqual(m.Refused, refusedIn(c.refuses)) {
				t.Errorf("list %q, reordered %v, refused %v; want %q, %v, %q", show(m.List), m.Reordered, m.Refused, c.list, c.reordered, c.refuses)
			}
		})
	}
}

func refusedIn(text string) map[string]refusal {
	out := map[string]refusal{}
	for _, x := range strings.Fields(text) {
		stay := 0
		if len(x) > 1 {
			stay = int(x[1] - '0')
		}
		out["key "+x[:1]] = refusal{Stay: stay}
	}
	return out
}

// Whatever a person takes out or puts in, copies of a song that the list has already included, is left as they did it.
func TestAnEditIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 2))
	song := func() entry { return rowsOf(string(rune('A' + chance.IntN(5))))[0] }
	for range 3000 {
		var written []entry
		for range chance.IntN(9) {
			written = append(written, song())
		}
		server, puts := slices.Clone(written), chance.IntN(2) == 0
		for range chance.IntN(4) {
			switch {
			case puts:
				server = slices.Insert(server, chance.IntN(len(server)+1), song())
			case len(server) > 0:
				i := chance.IntN(len(server))
				server = slices.Delete(server, i, i+1)
			}
		}
		m := merge(edits{Written: written, Server: server, Wanted: written, Has: func(string) bool { return true }})
		if got := strings.ToUpper(show(m.List)); got != show(server) || m.Reordered {
			t.Fatalf("written %q, edited to %q, merged to %q, reordered %v", show(written), show(server), got, m.Reordered)
		}
	}
}

func TestWhatWasRefusedAtFirstIsStillRefused(t *testing.T) {
	t.Parallel()
	var got map[string]refusal
	if err := json.Unmarshal([]byte(`{"a": 2, "b": {"stay": 1}}`), &got); err != nil || !reflect.DeepEqual(got, map[string]refusal{"a": {}, "b": {Stay: 1}}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAMergeIsStable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ written, server, wanted string }{
		{"A B C", "C x A", "B C D A"},
		{"A x B", "y A B x", "B A C"},
		{"A A B", "B A z", "A B B A"},
	} {
		e := edits{Written: rowsOf(c.written), Server: rowsOf(c.server), Wanted: rowsOf(c.wanted), Has: func(string) bool { return true }}
		first := merge(e)
		again := edits{Written: first.List, Server: first.List, Wanted: e.Wanted, Refused: first.Refused, Has: e.Has}
		if first.Reordered {
			again.Order = AskedOrder
		}
		second := merge(again)
		if show(first.List) != show(second.List) {
			t.Errorf("%+v: first %q, then %q", c, show(first.List), show(second.List))
		}
	}
}

func TestAnInterruptedWriteIsNotThePersonsEdit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, written, pending, server, list string }{
		{"it did not begin", "A B C", "C D", "A B C", "C D"},
		{"it was done", "A B C", "C D", "C D", "C D"},
		{"it was half done", "", "A B C D", "A B", "A B C D"},
		{"it was done, and the person put one in", "A B", "B C", "B X C", "B x C"},
		{"it was appended", "A B", "C B", "A B C B", "C B"},
		{"what they put in before stays theirs", "A x", "A x B", "A X B", "A x B"},
	} {
		pending := rowsOf(c.pending)
		var wanted []entry
		for _, x := range pending {
			if !x.Theirs {
				wanted = append(wanted, x)
			}
		}
		m := merge(edits{Written: resume(rowsOf(c.written), pending, rowsOf(c.server)), Server: rowsOf(c.server), Wanted: wanted,
			Has: func(string) bool { return true }})
		if show(m.List) != c.list || m.Reordered || len(m.Refused) > 0 {
			t.Errorf("%s: list %q, reordered %v, refused %v; want %q", c.name, show(m.List), m.Reordered, m.Refused, c.list)
		}
	}
}

func TestShrinks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after int
		want          bool
	}{{0, 0, false}, {0, 5, false}, {1, 0, true}, {9, 1, false}, {10, 5, false}, {10, 4, true}, {100, 99, false}} {
		if got := shrinks(c.before, c.after); got != c.want {
			t.Errorf("shrinks(%d, %d) = %v", c.before, c.after, got)
		}
	}
}
