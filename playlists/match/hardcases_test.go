package match

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/songferry/songferry/playlists"
)

// hardCase is one line of testdata/hard-cases.jsonl: a bug that another matcher was reported to have.
type hardCase struct {
	Note, Source string
	Remote       hardRow
	Local        []hardRow
	Expect       *int  // index into Local, nil when none of them is right
	MaxClass     Class `json:"max_class"` // the surest class that is honest
}

type hardRow struct {
	Artist, Title, Album, AlbumArtist, MBID string
	Duration                                int
	ISRC                                    []string
}

func (r hardRow) track() playlists.Track {
	return playlists.Track{Title: r.Title, Artist: r.Artist, Album: r.Album, AlbumBy: r.AlbumArtist, MBID: r.MBID, Duration: r.Duration, ISRC: r.ISRC}
}

func hardCases(t testing.TB) (cases []hardCase) {
	f, err := os.Open("testdata/hard-cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c hardCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	return cases
}

func TestHardCasesOfOtherMatchers(t *testing.T) {
	t.Parallel()
	for _, c := range hardCases(t) {
		t.Run(c.Note, func(t *testing.T) {
			t.Parallel()
			var songs []Song
			for i, l := range c.Local {
				songs = append(songs, Song{ID: fmt.Sprint(i), Track: l.track()})
			}
			r := NewIndex(songs).Resolve([]playlists.Track{c.Remote.track()}, SameRecording)[0]
			if classRank(r.Class) < classRank(c.MaxClass) {
				t.Errorf("%s: class %s, at most %s is honest; %v", c.Source, r.Class, c.MaxClass, r.Why)
			}
			if c.Expect == nil {
				return
			}
			want := fmt.Sprint(*c.Expect)
			if len(r.Candidates) == 0 || r.Candidates[0].Song != want {
				t.Errorf("%s: class %s, candidates %v, want song %s first", c.Source, r.Class, r.Candidates, want)
			}
			if Automatic := c.MaxClass.Automatic(); Automatic != r.Class.Automatic() || Automatic && r.Song != want {
				t.Errorf("%s: class %s song %q, want %s song %s; %v", c.Source, r.Class, r.Song, c.MaxClass, want, r.Why)
			}
		})
	}
}
