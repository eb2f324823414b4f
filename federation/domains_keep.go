package federation

import (
	"context"
	"database/sql"

	"github.com/songferry/songferry/playlists"
)

// keepRules keeps rules in place of those that they contradict: a block takes away all else about its domain, all else
// takes away a block.
func keepRules(ctx context.Context, tx *sql.Tx, rules []DomainRule) error {
	for _, r := range rules {
		_, err := tx.ExecContext(ctx, `DELETE FROM domain_rules WHERE domain = $1 AND (severity = 'suspend') <> $2`, r.Domain, r.Severity == Suspend)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO domain_rules (`+ruleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (domain, severity) DO UPDATE SET reject_reports = excluded.reject_reports, reject_media = excluded.reject_media,
				obfuscate = excluded.obfuscate, public_comment = excluded.public_comment, private_comment = excluded.private_comment`, r.Domain, r.Severity, r.RejectReports, r.RejectMedia, r.Obfuscate,
			playlists.CleanLines(r.PublicComment, maxComment), playlists.CleanLines(r.PrivateComment, maxComment), playlists.Millis(r.Since))
		if err != nil {
			return err
		}
	}
	return nil
}
