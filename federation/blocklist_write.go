package federation

import (
	"encoding/csv"
	"io"
	"strconv"
)

// blocklistHeader is Mastodon's (export_domain_blocks_controller.rb).
var blocklistHeader = []string{"#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"}

// WriteBlocklist writes the blocked and limited domains among rules as Mastodon exports and imports them. Private
// comments stay here.
func WriteBlocklist(w io.Writer, rules []DomainRule) error {
	return writeList(w, blocklistHeader, rules, func(r DomainRule) []string {
		if r.Severity == Allow {
			return nil
		}
		return []string{r.Domain, string(r.Severity), strconv.FormatBool(r.RejectMedia), strconv.FormatBool(r.RejectReports),
			r.PublicComment, strconv.FormatBool(r.Obfuscate)}
	})
}

// WriteAllowlist writes the allowed domains among rules as Mastodon exports and imports them.
func WriteAllowlist(w io.Writer, rules []DomainRule) error {
	return writeList(w, blocklistHeader[:1], rules, func(r DomainRule) []string {
		if r.Severity != Allow {
			return nil
		}
		return []string{r.Domain}
	})
}

// writeList writes a row for each rule that has one. A rule that stands in the settings and in the database has one.
func writeList(w io.Writer, header []string, rules []DomainRule, row func(DomainRule) []string) error {
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	last := ""
	for _, r := range rules {
		cells := row(r)
		if cells == nil || r.Domain == last {
			continue
		}
		last = r.Domain
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
