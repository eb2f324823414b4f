package match

import "iter"

// pieces is a list that grows without being copied, and leaves no garbage as it does.
type pieces[T any] struct {
	full [][]T // each of pieceSize
	open []T
}

const pieceSize = 1 << 13

func (p *pieces[T]) add(v T) {
	if len(p.open) == pieceSize {
		p.full = append(p.full, p.open)
		p.open = make([]T, 0, pieceSize)
	}
	p.open = append(p.open, v)
}

func (p *pieces[T]) len() int { return len(p.full)*pieceSize + len(p.open) }

func (p *pieces[T]) at(i int) *T {
	if n := i / pieceSize; n < len(p.full) {
		return &p.full[n][i%pieceSize]
	}
	return &p.open[i%pieceSize]
}

// all yields where the values are, in their order.
func (p *pieces[T]) all() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for n := range len(p.full) + 1 {
			piece := p.open
			if n < len(p.full) {
				piece = p.full[n]
			}
			for i := range piece {
				if !yield(&piece[i]) {
					return
				}
			}
		}
	}
}
