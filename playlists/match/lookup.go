package match

import "strings"

// maxSameID bounds the files with one recording id, ISRC or key that are compared.
const maxSameID = 50

func (ix *Index) byRecording(w *row, s *scratch) []uint32 {
	if w.track.MBID == "" {
		return nil
	}
	return bounded(ix.recordings.find(ix.hash(strings.ToLower(w.track.MBID)), s.found[:0]))
}

func (ix *Index) byISRC(w *row, s *scratch) []uint32 {
	found := s.found[:0]
	for _, code := range w.track.ISRC {
		found = ix.codes.find(ix.hash(plainISRC(code)), found)
	}
	return bounded(found)
}

func (ix *Index) byKey(w *row, s *scratch) []uint32 {
	found := s.found[:0]
	for i := range w.readings {
		r := &w.readings[i]
		for _, by := range r.by.names {
			found = ix.keys.find(ix.keyHash(by.key, r.title.key), found)
		}
	}
	return bounded(found)
}

func bounded(found []uint32) []uint32 {
	found = compacted(found)
	return found[:min(len(found), maxSameID)]
}
