package formats_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/formats"
)

func FuzzReadJSPF(f *testing.F) { fuzz(f, "jspf") }
func FuzzReadXSPF(f *testing.F) { fuzz(f, "xspf") }
func FuzzReadM3U8(f *testing.F) { fuzz(f, "m3u8") }
func FuzzReadCSV(f *testing.F)  { fuzz(f, "csv") }

// FuzzReadPage reads the pages of shares, which are never written: what is found in one must survive as JSPF.
func FuzzReadPage(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "navidrome-share.html"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) { survives(t, "jspf", append([]byte("<html>"), data...)) })
}

// fuzz reads anything. What is accepted must survive being written and read again, as far as the format carries it.
func fuzz(f *testing.F, ext string) {
	samples, err := filepath.Glob(filepath.Join("testdata", "*."+ext))
	if err != nil || len(samples) == 0 {
		f.Fatalf("samples: %v, %v", samples, err)
	}
	for _, s := range samples {
		data, err := os.ReadFile(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(written(f, ext, full()))
	f.Fuzz(func(t *testing.T, data []byte) { survives(t, ext, data) })
}

// survives checks that what is read from data is the same when it has been written as ext and read again, as far as that
// format carries it.
func survives(t *testing.T, ext string, data []byte) {
	p, err := formats.Read("x."+ext, data)
	if err != nil {
		if playlists.Say(err) == "" {
			t.Fatalf("no sentence for a person: %v", err)
		}
		return
	}
	once, err := formats.Read("x."+ext, written(t, ext, p))
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	if len(once.Tracks) != len(p.Tracks) {
		t.Fatalf("%d tracks became %d", len(p.Tracks), len(once.Tracks))
	}
	for i, was := range p.Tracks {
		is := once.Tracks[i]
		if is.Title != was.Title || is.Artist != was.Artist || is.Album != was.Album || is.MBID != was.MBID || is.Duration != was.Duration {
			t.Fatalf("track %d changed:\n%+v\n%+v", i, was, is)
		}
	}
	twice, err := formats.Read("x."+ext, written(t, ext, once))
	if err != nil || !reflect.DeepEqual(once, twice) {
		t.Fatalf("a second time: %v\n%+v\n%+v", err, once, twice)
	}
}
