package federation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songferry/songferry/playlists"
)

const (
	// MaxBlocklist is the size of the largest file that ReadBlocklist accepts, in bytes.
	MaxBlocklist      = 20 << 20
	maxBlocklistRows  = 100_000
	maxBlocklistCells = 64
)

// Blocklist is what a file says about domains.
type Blocklist struct {
	Rules  []DomainRule // one for each domain, the strictest, in the order of the file
	Masked []string     // names that the list's makers hid (ex***le.com): whom they mean is anybody's guess
	Noop   int          // rows that limit nothing here
}

// ReadBlocklist reads a list in Mastodon's format (export_domain_blocks_controller.rb): a table whose header names the
// columns #domain, #severity, #reject_media, #reject_reports, #public_comment and #obfuscate, in any order; a header
// #domain alone is Mastodon's list of allowed domains (export_domain_allows_controller.rb). A file without header, as
// older lists are, has a blocked domain in each line. Lines that begin with another # are comments.
//
// as, unless it is "", is what the list does to its domains whatever it says itself. Every error is a Problem with code
// Invalid that names the line.
func ReadBlocklist(data []byte, as Severity) (Blocklist, error) {
	if len(data) > MaxBlocklist {
		return Blocklist{}, badList(nil, "The list is larger than %d MB, the most that Songferry reads.", MaxBlocklist>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line := invalidLine(data); line > 0 {
		return Blocklist{}, badList(nil, "Line %d is not text in UTF-8. Save the list as CSV in UTF-8.", line)
	}
	in := csv.NewReader(bytes.NewReader(withoutComments(data)))
	in.Comma = blocklistSeparator(data)
	in.FieldsPerRecord = -1
	r := listReader{as: as, at: map[string]int{}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return r.list, nil
		}
		if err != nil {
			return Blocklist{}, badRow(err)
		}
		line, _ := in.FieldPos(0)
		if err := r.row(row, line); err != nil {
			return Blocklist{}, err
		}
	}
}

func badList(cause error, say string, args ...any) error {
	return playlists.Problemf(playlists.Invalid, cause, say, args...)
}

func badRow(err error) error {
	var parse *csv.ParseError
	line := 0
	if errors.As(err, &parse) {
		line = parse.StartLine
	}
	return badList(err, "Line %d cannot be read: its quotation marks do not match.", line)
}

// invalidLine returns the number of the first line that is not UTF-8, 0 when all are.
func invalidLine(data []byte) int {
	if utf8.Valid(data) {
		return 0
	}
	for n, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return n + 1
		}
	}
	return 0 // not reached: no rune of UTF-8 holds a line break
}

// withoutComments empties the lines that are comments, so that a quotation mark in one quotes nothing, and leaves the
// others where they are. A line within quotes is none.
func withoutComments(data []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(data))
	quoted, first := false, true
	for line := range bytes.Lines(data) {
		if text := bytes.TrimSpace(line); !quoted && len(text) > 0 {
			if text[0] == '#' && !(first && isHeader(string(text))) {
				line = []byte("\n")
			} else {
				first = false
			}
		}
		if bytes.Count(line, []byte{'"'})%2 == 1 {
			quoted = !quoted
		}
		out.Write(line)
	}
	return out.Bytes()
}

// isHeader reports whether the first line that is no comment names columns.
func isHeader(line string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;\t", r) }),
		func(cell string) bool { return columnOf(cell) == "domain" })
}

// columnOf returns the name of a column without its #, quotes and case.
func columnOf(cell string) string {
	return strings.TrimPrefix(strings.ToLower(strings.Trim(strings.TrimSpace(cell), `"`)), "#")
}

// blocklistSeparator: spreadsheets of some languages write semicolons.
func blocklistSeparator(data []byte) rune {
	for line := range bytes.Lines(data) {
		if isHeader(string(line)) && !bytes.ContainsRune(line, ',') {
			if bytes.ContainsRune(line, ';') {
				return ';'
			}
			if bytes.ContainsRune(line, '\t') {
				return '\t'
			}
		}
		if text := bytes.TrimSpace(line); len(text) > 0 && text[0] != '#' {
			break
		}
	}
	return ','
}
