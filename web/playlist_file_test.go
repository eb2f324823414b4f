package web_test

import (
	"mime"
	"testing"

	"github.com/songferry/songferry/playlists/formats"
)

func TestDownloadsAreNamedFilesThatReadBack(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for _, f := range formats.Formats() {
		a := w.get("/@alice_road_trip." + f.Extension)
		_, parameters, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
		if err != nil || parameters["filename"] != "Road trip."+f.Extension || a.Header.Get("Content-Type") != f.MediaType {
			t.Errorf("%s: %v, %v", f.Name, a.Header, err)
		}
		p, err := formats.Read("x."+f.Extension, []byte(a.text))
		if err != nil || p.Name != "Road trip" && f.Extension != "csv" || len(p.Tracks) != 2 || p.Tracks[0].Artist != "Björk" {
			t.Errorf("%s: %+v, %v", f.Name, p, err)
		}
	}
}
