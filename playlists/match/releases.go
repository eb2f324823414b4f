package match

import (
	"cmp"
	"slices"
)

// releases are the releases that the recording of a row was found on.
type releases struct {
	wanted uint64    // hash of the album that the row is from, 0 unless its name is its own
	chosen uint32    // the song
	others []release // that the album asked for does not decide about
}

// release is another file of the recording.
type release struct {
	song  uint32
	place int // among the row's candidates
}

// releases lists those of a row that was resolved.
func (ix *Index) releases(r *Resolution, w *row, ps pairs) (rs releases) {
	album := &w.readings[0].album
	if !r.Class.Automatic() || !album.telling() {
		return releases{}
	}
	by := w.track.AlbumBy
	if by == "" {
		by = w.readings[0].by.main.key
	}
	rs = releases{wanted: ix.keyHash(by, album.key), chosen: ps[0].song}
	if ps[0].albumFit(w) >= 2 { // the album asked for
		return rs
	}
	for i := 1; i < len(r.Candidates); i++ {
		if ps[i].class == r.Class && sameRecording(&ps[0], &ps[i]) {
			rs.others = append(rs.others, release{ps[i].song, i})
		}
	}
	return rs
}

// keepAlbumsTogether takes the tracks of one wanted album from the release that most of them were found on, if that is two at
// least.
func (ix *Index) keepAlbumsTogether(out []Resolution, rows []releases) {
	if !slices.ContainsFunc(rows, func(r releases) bool { return len(r.others) > 0 }) {
		return
	}
	votes := make(map[uint64]map[uint32]int) // wanted album → album of the library → rows
	for _, r := range rows {
		if r.wanted != 0 {
			if votes[r.wanted] == nil {
				votes[r.wanted] = make(map[uint32]int)
			}
			votes[r.wanted][ix.songs[r.chosen].album]++
		}
	}
	for i, r := range rows {
		if len(r.others) == 0 {
			continue
		}
		found := votes[r.wanted]
		home := ix.home(found)
		at := slices.IndexFunc(r.others, func(o release) bool { return ix.songs[o.song].album == home })
		if at >= 0 && found[home] > max(1, found[ix.songs[r.chosen].album]) {
			out[i].prefer(r.others[at].place)
		}
	}
}

// home is the album with the most votes; of several, the one whose first song comes first.
func (ix *Index) home(votes map[uint32]int) uint32 {
	var albums []uint32
	for album := range votes {
		albums = append(albums, album)
	}
	return slices.MinFunc(albums, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(ix.albums.songs.of(a)[0], ix.albums.songs.of(b)[0]))
	})
}

// prefer chooses another of the candidates.
func (r *Resolution) prefer(place int) {
	chosen := r.Candidates[place]
	chosen.Why = slices.DeleteFunc(chosen.Why, func(w Reason) bool { return w.Field == "choice" })
	chosen.Why = append(chosen.Why, Reason{Field: "choice", What: Same})
	before := &r.Candidates[0]
	before.Why = append(before.Why, Reason{Field: "choice", What: Differs, Note: "album"})
	r.Candidates = slices.Insert(slices.Delete(r.Candidates, place, place+1), 0, chosen)
	r.Song, r.Score, r.Why = chosen.Song, chosen.Score, chosen.Why
}
