package formats

import (
	"errors"
	"io"
)

// maxPortion bounds a row of a table or a token of XML, in bytes.
const maxPortion = 256 << 10

var errLongPortion = errors.New("more than 256 kB without a break")

// portions is a source that is read piece by piece, each bounded: the readers of the standard library keep a record of
// every cell and attribute, which is many times their size in the file. Buffers between make the bound a little soft.
type portions struct {
	in   io.Reader
	left int
}

// next allows the next piece to be read.
func (p *portions) next() { p.left = maxPortion }

func (p *portions) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errLongPortion
	}
	n, err := p.in.Read(b)
	p.left -= n
	return n, err
}
