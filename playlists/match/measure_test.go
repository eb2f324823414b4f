//go:build measure

package match

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/songferry/songferry/playlists"
)

// These measurements read public data sets from the folder named by SONGFERRY_MATCH_DATA:
//
//	SONGFERRY_MATCH_DATA=… make bench-match
//
// musicbrainz20k/{1..5}.csv is the Leipzig "MusicBrainz 20K" set (CC-BY, Saeedi, Peukert, Rahm, ADBIS 2017),
// itunes-amazon/{train,valid}.csv the DeepMatcher pairs. Set SONGFERRY_MATCH_ERRORS to list what went wrong.

func dataFolder(t *testing.T) string {
	dir := os.Getenv("SONGFERRY_MATCH_DATA")
	if dir == "" {
		t.Skip("SONGFERRY_MATCH_DATA does not name the folder of the data sets: accuracy is not measured")
	}
	return dir
}

type labelled struct {
	cluster string
	track   playlists.Track
}

func readCSV(t *testing.T, path string) []map[string]string {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func musicBrainz(t *testing.T) (sources [5][]labelled) {
	for i := range sources {
		for _, m := range readCSV(t, filepath.Join(dataFolder(t), "musicbrainz20k", fmt.Sprint(i+1, ".csv"))) {
			sources[i] = append(sources[i], labelled{m["cluster_id"], playlists.Track{
				Title: m["title"], Artist: m["artist"], Album: m["album"], Duration: seconds(m["length"], i == 4), Number: number(m["number"]), Year: year(m["year"]),
			}})
		}
	}
	return sources
}

var minSec = regexp.MustCompile(`^(\d+)m (\d+)sec$`)

// seconds reads the set's five notations of a length: 03:39, 129 (s), 4.367 (min), 1m 58sec, 321266 (ms).
func seconds(s string, millis bool) int {
	s = strings.TrimSpace(s)
	if m := minSec.FindStringSubmatch(s); m != nil {
		return 60*number(m[1]) + number(m[2])
	}
	if min, sec, ok := strings.Cut(s, ":"); ok {
		return 60*number(min) + number(sec)
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, " ", ""), 64)
	switch {
	case err != nil:
		return 0
	case strings.Contains(s, "."):
		return int(60*f + 0.5)
	case millis:
		return int(f/1000 + 0.5)
	}
	return int(f)
}

func number(s string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(s))
	return n
}

func year(s string) int {
	n := number(strings.Trim(s, "' "))
	switch {
	case n == 0, n > 100:
		return n
	case n < 30:
		return 2000 + n
	}
	return 1900 + n
}

// tally counts answers to rows whose truth is known.
type tally struct {
	present, absent               int
	right, wrong, wrongAbsent     int // automatic
	reviewRight, reviewRightFirst int
}

func (c tally) String() string {
	auto := c.right + c.wrong + c.wrongAbsent
	return fmt.Sprintf("present %d absent %d · auto P %.5f R %.4f · auto+review R %.4f (first candidate %.4f) · auto though absent %.4f %% · wrong %d+%d",
		c.present, c.absent, ratio(c.right, auto), ratio(c.right, c.present), ratio(c.right+c.reviewRight, c.present),
		ratio(c.right+c.reviewRightFirst, c.present), 100*ratio(c.wrongAbsent, c.absent), c.wrong, c.wrongAbsent)
}

func ratio(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

func TestMeasureMusicBrainz20K(t *testing.T) {
	sources := musicBrainz(t)
	errors := os.Getenv("SONGFERRY_MATCH_ERRORS")
	var all tally
	start, rows := time.Now(), 0
	for b := range sources {
		ix, in := libraryOf(sources[b])
		for a := range sources {
			if a == b {
				continue
			}
			var c tally
			for _, w := range sources[a] {
				rows++
				r := ix.Resolve([]playlists.Track{w.track}, SameRecording)[0]
				what := c.count(r, w.cluster, in[w.cluster])
				if what != "" && strings.Contains(errors, what) {
					report(t, what, ix, w, r, in)
				}
			}
			t.Logf("%d→%d %v", a+1, b+1, c)
			all.add(c)
		}
	}
	t.Logf("all %v · %.0f rows/s", all, float64(rows)/time.Since(start).Seconds())
}

// libraryOf makes a library whose song ids are the clusters.
func libraryOf(rows []labelled) (*Index, map[string]bool) {
	in := make(map[string]bool)
	var songs []Song
	for _, l := range rows {
		songs, in[l.cluster] = append(songs, Song{ID: l.cluster, Track: l.track}), true
	}
	return NewIndex(songs), in
}

func (c *tally) count(r Resolution, truth string, present bool) string {
	if present {
		c.present++
	} else {
		c.absent++
	}
	auto := r.Class.Automatic()
	switch {
	case auto && r.Song == truth:
		c.right++
		return ""
	case auto && present:
		c.wrong++
		return "wrong"
	case auto:
		c.wrongAbsent++
		return "wrong"
	case !present:
		return ""
	}
	if r.Class == Review && slices.ContainsFunc(r.Candidates, func(k Candidate) bool { return k.Song == truth }) {
		c.reviewRight++
		if r.Candidates[0].Song == truth {
			c.reviewRightFirst++
		}
		return "review"
	}
	return "missed"
}

func (c *tally) add(o tally) {
	c.present, c.absent, c.right, c.wrong, c.wrongAbsent = c.present+o.present, c.absent+o.absent, c.right+o.right, c.wrong+o.wrong, c.wrongAbsent+o.wrongAbsent
	c.reviewRight, c.reviewRightFirst = c.reviewRight+o.reviewRight, c.reviewRightFirst+o.reviewRightFirst
}

func report(t *testing.T, what string, ix *Index, w labelled, r Resolution, in map[string]bool) {
	line := func(k playlists.Track) string {
		return fmt.Sprintf("%q by %q on %q %d", k.Title, k.Artist, k.Album, k.Duration)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", what, line(w.track))
	if in[w.cluster] {
		s, _ := ix.Song(w.cluster)
		fmt.Fprintf(&b, "   truth %s\n", line(s.Track))
	}
	for _, c := range r.Candidates {
		s, _ := ix.Song(c.Song)
		fmt.Fprintf(&b, "   %s %.3f %s %v\n", r.Class, c.Score, line(s.Track), c.Why)
	}
	t.Log(b.String())
}

// TestMeasureITunesAmazon resolves the left record of each pair against a library of the right one alone.
func TestMeasureITunesAmazon(t *testing.T) {
	for _, name := range []string{"train", "valid"} {
		counts := make(map[string]int)
		for _, m := range readCSV(t, filepath.Join(dataFolder(t), "itunes-amazon", name+".csv")) {
			left, right := pairSide(m, "left_"), pairSide(m, "right_")
			r := NewIndex([]Song{{ID: "1", Track: right}}).Resolve([]playlists.Track{left}, SameRecording)[0]
			what := fmt.Sprint(m["label"], " ", r.Class.Automatic())
			counts[what]++
			if (what == "0 true" || what == "1 false") && strings.Contains(os.Getenv("SONGFERRY_MATCH_ERRORS"), "pairs") {
				t.Logf("%s %s: %q %q %q %d / %q %q %q %d %v", what, r.Class, left.Title, left.Artist, left.Album, left.Duration,
					right.Title, right.Artist, right.Album, right.Duration, r.Candidates)
			}
		}
		tp, fp, fn := counts["1 true"], counts["0 true"], counts["1 false"]
		p, rec := ratio(tp, tp+fp), ratio(tp, tp+fn)
		t.Logf("%s P %.4f R %.4f F1 %.4f %v", name, p, rec, 2*p*rec/(p+rec), slices.Sorted(maps.Keys(counts)))
	}
}

func pairSide(m map[string]string, side string) playlists.Track {
	return playlists.Track{Title: m[side+"Song_Name"], Artist: m[side+"Artist_Name"], Album: m[side+"Album_Name"], Duration: seconds(m[side+"Time"], false)}
}
