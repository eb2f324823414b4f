package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
)

type migrateCommand struct {
	From string `enum:"sqlite," default:"" placeholder:"sqlite" help:"Move everything from the SQLite file in the data folder …"`
	To   string `enum:"postgres," default:"" placeholder:"postgres" help:"… into the PostgreSQL database that SONGFERRY_DATABASE names."`
}

func (migrateCommand) Help() string {
	return "Brings the database up to date, which `songferry serve` does by itself. With --from sqlite --to postgres it moves a bridge that is stopped into PostgreSQL, under the same addresses and with the same keys: all or nothing, and compared before it is kept."
}

func (c migrateCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	if (c.From == "") != (c.To == "") {
		return playlists.Problemf(playlists.Invalid, nil, "--from sqlite and --to postgres go together.")
	}
	if c.From != "" {
		return s.moveToPostgres(ctx, t)
	}
	if err := s.missBridge(); err != nil {
		return err
	}
	b, err := openBridge(ctx, *s, migrations.Upgrade, s.logger(t.Err))
	if err != nil {
		return err
	}
	fmt.Fprintln(t.Out, "The database is up to date.")
	return b.Close()
}

// movedEnd is what the name of a database ends in that is in PostgreSQL now: nobody is to go on from it under the same address.
const movedEnd = ".moved"

// moveToPostgres copies the file in the data folder. It may be repeated at whatever point it was broken off.
func (s Settings) moveToPostgres(ctx context.Context, t terminal) error {
	address, err := s.database()
	if err != nil {
		return err
	}
	if !migrations.IsPostgres(address) {
		return playlists.Problemf(playlists.Invalid, nil, "Set SONGFERRY_DATABASE to the PostgreSQL database that is to be filled, postgres://user:password@host:5432/name.")
	}
	path := filepath.Join(s.Data, "songferry.db")
	if len(existing(path)) == 0 {
		return playlists.Problemf(playlists.Invalid, nil, "There is no %s. Set SONGFERRY_DATA to the folder that `songferry serve` used.", path)
	}
	alone, err := s.keepOut(path)
	if err != nil {
		return err
	}
	defer alone.Close()
	if err := copyBetween(ctx, path, address); err != nil {
		return err
	}
	if err := os.Rename(path, path+movedEnd); err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "All is in PostgreSQL now. Start `songferry serve` with the same SONGFERRY_DATABASE and the same key file.\nThe file is %s%s: delete it once you have seen that all is well, and never start it again.\n", path, movedEnd)
	return nil
}

func copyBetween(ctx context.Context, path, address string) (err error) {
	from, err := migrations.Open(ctx, path, migrations.Upgrade)
	if err != nil {
		return explainOpen(err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := migrations.Open(ctx, address, migrations.Upgrade)
	if err != nil {
		return explainOpen(err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	err = migrations.Copy(ctx, from, to)
	if errors.Is(err, migrations.ErrNotEmpty) {
		return arrived(ctx, from, to)
	}
	return explainTrouble(err)
}

// arrived fails unless what a database holds is what an earlier try has copied there.
func arrived(ctx context.Context, from, to *sql.DB) error {
	same, err := migrations.Same(ctx, from, to)
	if err == nil && !same {
		err = playlists.Problemf(playlists.Invalid, nil, "The PostgreSQL database has accounts already, of another bridge or a later time. Name an empty one.")
	}
	return err
}
