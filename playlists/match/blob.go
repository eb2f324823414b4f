package match

import (
	"encoding/binary"
	"strings"
)

// blob holds many short records in few pieces of memory, without a pointer for each. Records are strings within it, so
// reading one copies nothing.
type blob struct {
	chunks []string
	open   strings.Builder // the last chunk, while records are added
}

// chunkBits is the size of a chunk: a place is a chunk's number and what lies before the record in that chunk.
const chunkBits, chunkSize = 20, 1 << chunkBits

// add keeps a record and returns its place. A record longer than a chunk has one to itself.
func (b *blob) add(record []byte) uint32 {
	if b.open.Len()+len(record) > chunkSize && b.open.Len() > 0 {
		b.chunks = append(b.chunks, b.open.String())
		b.open.Reset()
	}
	if b.open.Len() == 0 {
		b.open.Grow(max(chunkSize, len(record)))
	}
	at := uint32(len(b.chunks))<<chunkBits | uint32(b.open.Len())
	b.open.Write(record)
	return at
}

// seal ends the open chunk, and keeps no more memory for it than it needs.
func (b *blob) seal() {
	if b.open.Len() > 0 {
		b.chunks = append(b.chunks, strings.Clone(b.open.String()))
		b.open.Reset()
	}
}

// from returns the text from a place to the end of its chunk. Everything must have been sealed.
func (b *blob) from(at uint32) fields {
	return fields(b.chunks[at>>chunkBits][at&(chunkSize-1):])
}

// fields are numbers and texts written one after the other; reading takes them off the front.
type fields string

func appendText(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

// count reads what binary.AppendUvarint wrote.
func (f *fields) count() (u uint64) {
	for i := 0; i < len(*f); i++ {
		c := (*f)[i]
		u |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			*f = (*f)[i+1:]
			break
		}
	}
	return u
}

// number reads what binary.AppendVarint wrote.
func (f *fields) number() int64 {
	u := f.count()
	return int64(u>>1) ^ -int64(u&1)
}

// text reads what appendText wrote. It keeps the whole chunk in memory.
func (f *fields) text() string {
	n := f.count()
	s := string((*f)[:n])
	*f = (*f)[n:]
	return s
}

// Ids that are UUIDs, or 32 hexadecimal digits, take half the room.
const (
	asText = iota
	asUUID
	asHex
)

// appendIDs writes two ids, and how they are written before them.
func appendIDs(out []byte, first, second string) []byte {
	forms := len(out)
	out, one := appendID(append(out, 0), first)
	out, two := appendID(out, second)
	out[forms] = one<<4 | two
	return out
}

func appendID(out []byte, id string) (longer []byte, form byte) {
	form = asHex
	if len(id) == 36 && id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-' {
		form = asUUID
	} else if len(id) != 32 {
		return appendText(out, id), asText
	}
	packed := out
	for i := 0; i < len(id); i += 2 {
		if form == asUUID && id[i] == '-' {
			i++
		}
		high, low := digits[id[i]], digits[id[i+1]]
		if high|low > 15 {
			return appendText(out, id), asText
		}
		packed = append(packed, high<<4|low)
	}
	return packed, form
}

const hexadecimal = "0123456789abcdef"

// digits are the values of the hexadecimal digits, 255 of what is none or a capital. No processor guesses whether the next one
// is a letter, but it need not know to look here.
var digits = func() (values [256]byte) {
	for c := range values {
		values[c] = 255
	}
	for value, c := range hexadecimal {
		values[c] = byte(value)
	}
	return values
}()

// ids reads what appendIDs wrote.
func (f *fields) ids() (first, second string) {
	one, two := f.forms()
	return unpacked(one, f.packedID(one)), unpacked(two, f.packedID(two))
}

// appendSecondID appends the second of what ids reads.
func (f *fields) appendSecondID(out []byte) []byte {
	one, two := f.forms()
	f.packedID(one)
	return appendUnpacked(out, two, f.packedID(two))
}

func (f *fields) forms() (one, two byte) {
	forms := (*f)[0]
	*f = (*f)[1:]
	return forms >> 4, forms & 15
}

// packedID reads what appendID wrote, as it stands there.
func (f *fields) packedID(form byte) string {
	if form == asText {
		return f.text()
	}
	id := string((*f)[:16])
	*f = (*f)[16:]
	return id
}

// unpacked returns the id that stands in this form.
func unpacked(form byte, id string) string {
	if form == asText {
		return id
	}
	var buf [36]byte
	return string(appendUnpacked(buf[:0], form, id))
}

func appendUnpacked(out []byte, form byte, id string) []byte {
	if form == asText {
		return append(out, id...)
	}
	for i := range len(id) {
		if form == asUUID && (i == 4 || i == 6 || i == 8 || i == 10) {
			out = append(out, '-')
		}
		out = append(out, hexadecimal[id[i]>>4], hexadecimal[id[i]&15])
	}
	return out
}
