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

// any reports whether a query that counts finds something. query is a constant.
func (f *Federation) any(ctx context.Context, query string, args ...any) (bool, error) {
	s, err := f.prepared(ctx, query)
	if err != nil {
		return false, err
	}
	var n int
	err = s.QueryRowContext(ctx, args...).Scan(&n)
	return n > 0, err
}
