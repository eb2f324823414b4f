package web_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// hundred publishes a playlist of a hundred tracks, all that can be known of which is known, each tenth with a note.
func (w *world) hundred() playlists.Publication {
	w.t.Helper()
	p := playlists.Playlist{Name: "A hundred songs for the road", Summary: "Songs for the *coast road*, windows down.\n\n- start at dusk\n- no skipping\n\nMore at https://alice.example/road."}
	for i := range 100 {
		t := playlists.Track{Title: fmt.Sprintf("The %dth song about the sea (2011 Remaster)", i), Artist: fmt.Sprintf("The Lanterns of %c", 'A'+i%26), Album: fmt.Sprintf("Nightfall over Harbour No. %d", i/10),
			AlbumBy: "The Lanterns", Duration: 180 + i, Number: i % 12, Year: 1990 + i%30, MBID: fmt.Sprintf("b97670e0-08fc-4b2c-b1e7-3a5d2a1e6%03d", i), ISRC: []string{fmt.Sprintf("GBAYE97%05d", i)}}
		if i%10 == 0 {
			t.Note = "Because the ferry leaves at dusk, and this is how it sounds from the upper deck."
		}
		p.Tracks = append(p.Tracks, t)
	}
	pub, err := w.store.Publish(w.t.Context(), w.record(p), playlists.Public)
	if err != nil {
		w.t.Fatal(err)
	}
	return pub
}

// What a browser loads, but for a cover: the page, its style, its script, its icon and what says that it can be installed.
// Browsers load it compressed; a proxy that does not let that through shall not cost a visitor more than 60 kB either.
func TestAPageOfAHundredTracksWeighsLessThan60Kilobytes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	page := "/@" + w.hundred().Handle
	html := w.get(page)
	total, plain := 0, 0
	paths := []string{page}
	for _, n := range html.all("link[rel=stylesheet], link[rel=icon], link[rel=manifest], script[src]") {
		paths = append(paths, attr(n, "href")+attr(n, "src"))
	}
	for _, path := range paths {
		a := w.get(path, "Accept-Encoding", "gzip")
		z, err := gzip.NewReader(strings.NewReader(a.text))
		total += len(a.text)
		if a.Header.Get("Content-Encoding") != "gzip" {
			plain += len(a.text)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(z)
		if err != nil || string(whole) != w.get(path, "Accept-Encoding", "gzip;q=0").text || !slices.Contains(a.Header.Values("Vary"), "Accept-Encoding") {
			t.Errorf("%s differs when compressed: %v, %v", path, err, a.Header)
		}
		plain += len(whole)
	}
	t.Logf("%d bytes, %d without compression, %d of them HTML", total, plain, len(html.text))
	if len(paths) != 5 || len(html.all("ol.tracks li")) != 100 || plain > 60_000 || total > 17_000 {
		t.Errorf("%d bytes, %d without compression, in %v", total, plain, paths)
	}
}

// BenchmarkPlaylistPage loads the page of a playlist of a hundred tracks from the database, and in turn with it the same
// bytes from a handler that has them. p50-ms is the median time to the first byte, bare-p50-ms that of the handler, ratio
// what the first is of the second; browsers take the compressed one.
func BenchmarkPlaylistPage(b *testing.B) {
	w := setup(b)
	page := "/@" + w.hundred().Handle
	for _, coding := range []string{"identity", "gzip"} {
		body := w.get(page, "Accept-Encoding", coding).text
		bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, body)
		}))
		b.Cleanup(bare.Close)
		b.Run(coding, func(b *testing.B) {
			b.ReportAllocs()
			var ours, bares []time.Duration
			for b.Loop() {
				ours = append(ours, firstByte(b, w.server.URL+page, coding))
				bares = append(bares, firstByte(b, bare.URL, coding))
			}
			b.ReportMetric(median(ours), "p50-ms")
			b.ReportMetric(median(bares), "bare-p50-ms")
			b.ReportMetric(median(ours)/median(bares), "ratio")
		})
	}
}

// firstByte returns how long an answer takes until its headers are there, which come with the first bytes. It reads it all.
func firstByte(b *testing.B, address, coding string) time.Duration {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", coding)
	begin := time.Now()
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(begin)
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		b.Fatal(err)
	}
	_ = res.Body.Close()
	return took
}

// median is in milliseconds.
func median(took []time.Duration) float64 {
	slices.Sort(took)
	return float64(took[len(took)/2].Microseconds()) / 1000
}
