package federation

import (
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// listReader gathers the rows of a list.
type listReader struct {
	as      Severity
	started bool
	columns []string       // nil: there is no header
	rows    int            // without the header
	at      map[string]int // where a domain's rule stands in list.Rules
	list    Blocklist
}

func (l *listReader) row(cells []string, line int) error {
	if len(cells) > maxBlocklistCells {
		return badList(nil, "Line %d has more than %d columns.", line, maxBlocklistCells)
	}
	first := !l.started
	l.started = true
	if first && slices.ContainsFunc(cells, func(c string) bool { return columnOf(c) == "domain" }) {
		for _, c := range cells {
			l.columns = append(l.columns, columnOf(c))
		}
		return nil
	}
	if l.rows++; l.rows > maxBlocklistRows {
		return badList(nil, "The list has more than %d rows, the most that Songferry reads.", maxBlocklistRows)
	}
	domain := strings.TrimSpace(l.cell(cells, "domain"))
	if domain == "" && strings.TrimSpace(strings.Join(cells, "")) == "" {
		return nil
	}
	if isMasked(domain) {
		l.list.Masked = append(l.list.Masked, playlists.CleanText(domain, 100))
		return nil
	}
	r, err := l.rule(cells, line)
	if err != nil {
		return err
	}
	if r.Domain, err = RuleDomain(domain); err != nil {
		return badList(err, "Line %d: %s", line, playlists.SentenceOf(err))
	}
	if first && isLabel(r.Domain) { // the head of a table of another kind
		return badList(nil, "Line %d: %q looks like the name of a column, but none is named domain. If a domain is meant, begin the list with a line #domain,#severity.", line, r.Domain)
	}
	l.keep(r)
	return nil
}

// isLabel reports whether a domain is a word without a dot, as no server's is.
func isLabel(domain string) bool { return !strings.ContainsAny(domain, ".:") }

// cell returns what a row has in a column; without a header there is only the domain, which a remark may follow.
func (l *listReader) cell(cells []string, column string) string {
	i := slices.Index(l.columns, column)
	if l.columns == nil && column == "domain" {
		domain, _, _ := strings.Cut(cells[0], "#")
		return domain
	}
	if i < 0 || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(cells[i])
}

// isMasked reports whether parts of a name are hidden. A "*." in front means the domain with all that is below it.
func isMasked(domain string) bool {
	return strings.ContainsAny(strings.TrimPrefix(domain, "*."), "*•…")
}

// rule reads all of a row but its domain.
func (l *listReader) rule(cells []string, line int) (DomainRule, error) {
	severity, err := l.severity(cells, line)
	return DomainRule{
		Severity: severity, PublicComment: l.cell(cells, "public_comment"),
		RejectMedia: isTrue(l.cell(cells, "reject_media")), RejectReports: isTrue(l.cell(cells, "reject_reports")), Obfuscate: isTrue(l.cell(cells, "obfuscate")),
	}, err
}

// severity of a row: a list that names none blocks (Mastodon: row.fetch('#severity', :suspend)), except one that has no
// column but the domain, which is of those allowed. "" is for a row that limits nothing here.
func (l *listReader) severity(cells []string, line int) (Severity, error) {
	switch text := strings.ToLower(l.cell(cells, "severity")); {
	case l.as != "":
		return l.as, nil
	case text == "noop":
		return "", nil
	case text == string(Suspend), text == string(Silence):
		return Severity(text), nil
	case text != "":
		return "", badList(nil, "Line %d: the severity %q is none of suspend, silence and noop.", line, playlists.CleanText(text, 40))
	case len(l.columns) == 1:
		return Allow, nil
	}
	return Suspend, nil
}

// isTrue reads a switch as Mastodon does, which writes true and false.
func isTrue(cell string) bool {
	return slices.Contains([]string{"true", "t", "1", "yes", "on"}, strings.ToLower(cell))
}

// keep adds a rule; of two about one domain the stricter stays.
func (l *listReader) keep(r DomainRule) {
	i, again := l.at[r.Domain]
	switch {
	case r.Severity == "":
		l.list.Noop++
	case !again:
		l.at[r.Domain] = len(l.list.Rules)
		l.list.Rules = append(l.list.Rules, r)
	case r.Severity == Suspend && l.list.Rules[i].Severity == Silence:
		l.list.Rules[i] = r
	}
}
