package federation

import (
	"context"
	"database/sql"
	"sync"

	"github.com/songferry/songferry/playlists"
)

// statements holds the statements that every request runs, prepared: to read their text takes longer than to run them.
// Their texts are constants, so there are only so many.
type statements struct{ byText sync.Map }

// prepared returns the statement of a constant text. It is closed with the database.
func (f *Federation) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := f.statements.byText.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := f.db.PrepareContext(context.WithoutCancel(ctx), text)
	if err != nil {
		return nil, err
	}
	if kept, made := f.statements.byText.LoadOrStore(text, s); made {
		return kept.(*sql.Stmt), s.Close() // another request was faster
	}
	return s, nil
}

// scanRow runs a query for one row, as sql.DB's QueryRowContext and Scan do. query is a constant.
func (f *Federation) scanRow(ctx context.Context, query string, args []any, into ...any) error {
	s, err := f.prepared(ctx, query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(ctx, args...).Scan(into...)
}

// exec runs a statement. text is a constant.
func (f *Federation) exec(ctx context.Context, text string, args ...any) error {
	s, err := f.prepared(ctx, text)
	if err == nil {
		_, err = s.ExecContext(ctx, args...)
	}
	return err
}

// preparing is the database with its queries prepared. Their texts are constants.
type preparing struct {
	*sql.DB
	f *Federation
}

func (p preparing) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.f.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// statement is one to run: a constant text and its arguments.
type statement struct {
	text string
	args []any
}

// execAll runs statements in one transaction.
func (f *Federation) execAll(ctx context.Context, all []statement) error {
	if len(all) == 0 {
		return nil
	}
	prepared := make([]*sql.Stmt, len(all))
	for i, s := range all { // before the transaction: it takes a connection
		var err error
		if prepared[i], err = f.prepared(ctx, s.text); err != nil {
			return err
		}
	}
	return playlists.InTx(ctx, f.db, func(tx *sql.Tx) error {
		for i, s := range all {
			if _, err := tx.StmtContext(ctx, prepared[i]).ExecContext(ctx, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// any reports whether a query that counts finds something. query is a constant.
func (f *Federation) any(ctx context.Context, query string, args ...any) (bool, error) {
	var n int
	err := f.scanRow(ctx, query, args, &n)
	return n > 0, err
}
