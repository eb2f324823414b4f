package match

import "testing"

func TestPiecesAreAList(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, pieceSize - 1, pieceSize, pieceSize + 1, 3 * pieceSize} {
		var p pieces[int]
		for i := range n {
			p.add(i)
		}
		next := 0
		for v := range p.all() {
			if *v != next || p.at(next) != v {
				t.Fatalf("place %d of %d holds %d", next, n, *v)
			}
			next++
		}
		if next != n || p.len() != n {
			t.Errorf("%d of %d, length %d", next, n, p.len())
		}
	}
}
