package federation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/songferry/songferry/playlists"
)

// keepRules keeps rules in place of those that they contradict: a block takes away all else about its domain, all else
// takes away a block. The statements are prepared once: while a long list is written, nobody else writes to SQLite.
func keepRules(ctx context.Context, tx *sql.Tx, rules []DomainRule) (err error) {
	contrary, err := tx.PrepareContext(ctx, `DELETE FROM domain_rules WHERE domain = $1 AND (severity = 'suspend') <> $2`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, contrary.Close()) }()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO domain_rules (`+ruleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (domain, severity) DO UPDATE SET reject_reports = excluded.reject_reports, reject_media = excluded.reject_media,
			obfuscate = excluded.obfuscate, public_comment = excluded.public_comment, private_comment = excluded.private_comment`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for _, r := range rules {
		if _, err := contrary.ExecContext(ctx, r.Domain, r.Severity == Suspend); err != nil {
			return err
		}
		_, err := insert.ExecContext(ctx, r.Domain, r.Severity, r.RejectReports, r.RejectMedia, r.Obfuscate,
			playlists.CleanLines(r.PublicComment, maxComment), playlists.CleanLines(r.PrivateComment, maxComment), playlists.Millis(r.Since))
		if err != nil {
			return err
		}
	}
	return nil
}
