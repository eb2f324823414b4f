package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/match"
)

// maxMatchLine bounds a line of a match file, in bytes.
const maxMatchLine = 1 << 20

// matchBatch is how many wanted rows are held in memory and resolved together.
const matchBatch = 1000

// matchReport is how many rows lie between two lines of progress.
const matchReport = 10 * matchBatch

// matchRow is a line of the library or of the wanted rows.
type matchRow struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Artist  string   `json:"artist"`
	Artists []string `json:"artists"`
	Album   string   `json:"album"`
	AlbumBy string   `json:"albumArtist"`
	// Seconds; some programs write a fraction.
	Duration float64  `json:"duration"`
	Track    int      `json:"track"`
	Disc     int      `json:"disc"`
	Year     int      `json:"year"`
	MBID     string   `json:"mbid"`
	ISRC     []string `json:"isrc"`
}

func (r matchRow) track() playlists.Track {
	t := playlists.Track{
		Title: r.Title, Artist: r.Artist, Album: r.Album, AlbumBy: r.AlbumBy, Duration: wholeSeconds(r.Duration),
		Number: r.Track, Disc: r.Disc, Year: r.Year, MBID: r.MBID, ISRC: r.ISRC,
	}
	for _, a := range r.Artists {
		t.Artists = append(t.Artists, playlists.Artist{Name: a})
	}
	return t
}

// wholeSeconds rounds, and takes what cannot be the length of a track for unknown.
func wholeSeconds(s float64) int {
	if s < 0 || s > 7*24*3600 {
		return 0
	}
	return int(s + 0.5)
}

// matchAnswer is a line of the output, one per wanted row.
type matchAnswer struct {
	Wanted     string           `json:"wanted"`
	Class      match.Class      `json:"class"`
	Song       string           `json:"song"`
	Score      float64          `json:"score"`
	Why        []string         `json:"why"`
	Candidates []matchCandidate `json:"candidates"`
}

type matchCandidate struct {
	Song  string   `json:"song"`
	Score float64  `json:"score"`
	Why   []string `json:"why"`
}

// runMatch resolves the wanted rows against the library, both JSON Lines, and writes one line per wanted row to out,
// in order. Counts and times go to progress, as does a line now and then while it works.
func runMatch(library, wanted io.Reader, policy match.Policy, out, progress io.Writer) error {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // readLibrary changes it
	start := time.Now()
	ix, indexing, err := readLibrary(library)
	if err != nil {
		return err
	}
	fmt.Fprintf(progress, "%d songs read in %.2f s, indexed in %.2f s\n", ix.Len(), (time.Since(start) - indexing).Seconds(), indexing.Seconds())
	m := matcher{index: ix, policy: policy, indexing: indexing, out: bufio.NewWriter(out), progress: progress, counts: make(map[match.Class]int)}
	if err := eachMatchRow(wanted, "wanted", m.add); err != nil {
		return errors.Join(err, m.finish()) // what came before the bad line is answered
	}
	return m.finish()
}

// From so many songs on less garbage may lie about, so that a million fit into 256 MB. An index has few pointers, which makes
// collecting it cheap.
const (
	manySongs     = 250_000
	manyGCPercent = 10
)

// readLibrary reads and indexes a library in batches, and returns the time that indexing took.
func readLibrary(library io.Reader) (ix *match.Index, indexing time.Duration, err error) {
	b := match.NewBuilder()
	batch := make([]match.Song, 0, matchBatch)
	songs := 0
	index := func() {
		if songs < manySongs && songs+len(batch) >= manySongs {
			debug.SetGCPercent(manyGCPercent)
		}
		songs += len(batch)
		start := time.Now()
		for i := range batch {
			b.Add(&batch[i])
		}
		batch = batch[:0]
		indexing += time.Since(start)
	}
	err = eachMatchRow(library, "library", func(r matchRow) error {
		batch = append(batch, match.Song{ID: r.ID, Track: r.track()})
		if len(batch) == matchBatch {
			index()
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	index()
	start := time.Now()
	ix = b.Index()
	return ix, indexing + time.Since(start), nil
}

// matcher resolves rows in batches.
type matcher struct {
	index    *match.Index
	policy   match.Policy
	out      *bufio.Writer
	progress io.Writer

	ids      []string
	tracks   []playlists.Track
	counts   map[match.Class]int
	done     int
	indexing time.Duration
	matching time.Duration
}

func (m *matcher) add(r matchRow) error {
	m.ids, m.tracks = append(m.ids, r.ID), append(m.tracks, r.track())
	if len(m.ids) < matchBatch {
		return nil
	}
	return m.flush()
}

func (m *matcher) flush() error {
	start := time.Now()
	found := m.index.Resolve(m.tracks, m.policy)
	m.matching += time.Since(start)
	lines := json.NewEncoder(m.out)
	lines.SetEscapeHTML(false)
	for i, r := range found {
		m.counts[r.Class]++
		if err := lines.Encode(answerOf(m.ids[i], r)); err != nil {
			return fmt.Errorf("writing the answers: %w", err)
		}
	}
	before := m.done
	m.done += len(m.ids)
	if before/matchReport != m.done/matchReport {
		fmt.Fprintf(m.progress, "%d rows matched\n", m.done)
	}
	m.ids, m.tracks = m.ids[:0], m.tracks[:0]
	return nil
}

func (m *matcher) finish() error {
	if err := m.flush(); err != nil {
		return err
	}
	if err := m.out.Flush(); err != nil {
		return fmt.Errorf("writing the answers: %w", err)
	}
	c := m.counts
	fmt.Fprintf(m.progress, "%d rows: %d exact, %d likely, %d to review, %d missing\n", m.done, c[match.Exact], c[match.Likely], c[match.Review], c[match.Missing])
	fmt.Fprintf(m.progress, "index %.2f s, matching %.2f s, %.0f tracks/s\n", m.indexing.Seconds(), m.matching.Seconds(), rate(m.done, m.matching))
	return nil
}

func rate(n int, d time.Duration) float64 { return float64(n) / max(d.Seconds(), 1e-9) }

func answerOf(wanted string, r match.Resolution) matchAnswer {
	a := matchAnswer{Wanted: wanted, Class: r.Class, Song: r.Song, Score: r.Score, Why: sentences(r.Why), Candidates: []matchCandidate{}}
	for _, c := range r.Candidates {
		a.Candidates = append(a.Candidates, matchCandidate{c.Song, c.Score, sentences(c.Why)})
	}
	return a
}

func sentences(why []match.Reason) []string {
	out := make([]string, len(why))
	for i, w := range why {
		out[i] = w.String()
	}
	return out
}

// eachMatchRow calls fn with every row of a JSON Lines file. name is what errors call the file. Empty lines are passed over.
func eachMatchRow(file io.Reader, name string, fn func(matchRow) error) error {
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, 64<<10), maxMatchLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(line) == 0 {
			continue
		}
		r, err := parseMatchRow(line)
		if err != nil {
			return playlists.Problemf(playlists.Invalid, err, "Line %d of the %s file cannot be used: %s.", n, name, whatIsWrong(err))
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return playlists.Problemf(playlists.Invalid, lines.Err(), "Line %d of the %s file is longer than a megabyte. One JSON object stands on each line.", n+1, name)
	}
	if err := lines.Err(); err != nil {
		return playlists.Problemf(playlists.Unavailable, err, "The %s file could not be read after line %d.", name, n)
	}
	return nil
}

var (
	errNoID    = errors.New(`it has no "id"`)
	errNoTitle = errors.New(`it has no "title"`)
)

func parseMatchRow(line []byte) (matchRow, error) {
	var r struct {
		matchRow
		Title *string `json:"title"` // may be empty, as files without tags are, but must be there
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return matchRow{}, err
	}
	switch {
	case r.ID == "":
		return matchRow{}, errNoID
	case r.Title == nil:
		return matchRow{}, errNoTitle
	}
	r.matchRow.Title = *r.Title
	return r.matchRow, nil
}

// whatIsWrong says in a person's words why a line is no row.
func whatIsWrong(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errNoID), errors.Is(err, errNoTitle):
		return err.Error()
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Sprintf("%q is not of the right kind (it holds a %s)", strings.TrimPrefix(wrong.Field, "matchRow."), wrong.Value)
	}
	return "it is not a JSON object"
}
