package federation

import (
	"context"
	"database/sql"
	"sync"
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

// any reports whether a query that counts finds something. query is a constant.
func (f *Federation) any(ctx context.Context, query string, args ...any) (bool, error) {
	var n int
	err := f.scanRow(ctx, query, args, &n)
	return n > 0, err
}
