package match

import (
	"runtime"
	"testing"

	"github.com/songferry/songferry/playlists"
)

func BenchmarkNewIndex100k(b *testing.B) {
	songs := invented(100_000, 1)
	for b.Loop() {
		NewIndex(songs)
	}
}

func BenchmarkResolve100k(b *testing.B) {
	songs := invented(100_000, 1)
	ix := NewIndex(songs)
	for _, work := range workloads(songs, 500) {
		b.Run(work.name, func(b *testing.B) {
			for b.Loop() {
				ix.Resolve(work.wanted, SameRecording)
			}
			b.ReportMetric(float64(len(work.wanted)*b.N)/b.Elapsed().Seconds(), "tracks/s")
		})
	}
}

// workload is so many tracks wanted of a library.
type workload struct {
	name   string
	wanted []playlists.Track
}

func workloads(songs []Song, n int) []workload {
	absent := tracksOf(invented(max(len(songs), n), 2)[:n])
	var exact, ids, typos []playlists.Track
	for i := range n {
		t := songs[i*(len(songs)-1)/n].Track
		ids, exact, typos = append(ids, t), append(exact, withoutID(t)), append(typos, withSlip(t))
	}
	return []workload{{"id", ids}, {"exact", exact}, {"typo", typos}, {"absent", absent}}
}

// TestTheIndexIsLean: at most 200 bytes a song, ids included.
func TestTheIndexIsLean(t *testing.T) {
	songs := invented(50_000, 3)
	before := heap()
	ix := NewIndex(songs)
	perSong := float64(heap()-before) / float64(ix.Len())
	runtime.KeepAlive(ix)
	runtime.KeepAlive(songs)
	if perSong > 200 {
		t.Errorf("%.0f bytes a song", perSong)
	}
	t.Logf("%.0f bytes a song", perSong)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
