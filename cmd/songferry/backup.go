package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/songferry/songferry/playlists"
)

type backupCommand struct {
	Out          string `short:"o" placeholder:"FILE" help:"Write it here, not into the folder of backups; - for the standard output."`
	PasswordFile string `placeholder:"FILE" help:"Encrypt it with the password in this file; - for the standard input. Or set SONGFERRY_BACKUP_PASSWORD."`
}

func (backupCommand) Help() string {
	return "A backup is everything: the database and the key file, in one file that `songferry restore` takes. It may be made while `songferry serve` runs. Whoever has it can publish in your name: keep it safe, and encrypt it if it goes to other machines."
}

// Run makes a backup and prints where it is.
func (c backupCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	password, err := passwordFor(t, c.PasswordFile)
	if err != nil {
		return err
	}
	return withBridge(ctx, s, t, func(b *bridge) error {
		switch c.Out {
		case "-":
			return b.archive(ctx, t.Out, s.Data, password)
		case "":
			if err := b.backUp(ctx, password); err != nil {
				return err
			}
			all, err := b.listBackups()
			if err != nil {
				return err
			}
			sayBackedUp(t, all[0].Path, password)
			return nil
		}
		if _, err := os.Lstat(c.Out); err == nil {
			return playlists.Problemf(playlists.Invalid, nil, "There is a file %s already. Name another, so that no older backup is lost.", c.Out)
		}
		if password == "" && strings.HasSuffix(c.Out, encryptedEnd) {
			return playlists.Problemf(playlists.Invalid, nil, "A backup named %s is taken for an encrypted one, and there is no password. Give one with --password-file FILE, or set %s.", c.Out, backupPassword)
		}
		if err := b.backUpTo(ctx, c.Out, password); err != nil {
			return err
		}
		sayBackedUp(t, c.Out, password)
		return nil
	})
}

// passwordFor is the password of a backup: that in a file, or the one that is set, or "".
func passwordFor(t terminal, file string) (string, error) {
	if file == "" {
		return secret(backupPassword)
	}
	return passwordIn(file, t.In)
}

func sayBackedUp(t terminal, path, password string) {
	fmt.Fprintf(t.Out, "Backed up to %s.\n", path)
	if password == "" {
		fmt.Fprintln(t.Out, "It is not encrypted: whoever has it can publish in your name.")
	}
}
