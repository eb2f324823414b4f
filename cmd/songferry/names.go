package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/songferry/songferry/playlists"
)

// asArgument names an account on a command line: by its handle, or by its ID while it has none.
func asArgument(a playlists.Account) string { return cmp.Or(a.Handle, string(a.ID)) }

// named returns the things that have a name: those that have it exactly or, if there is none, in other capitals.
func named[T any](things []T, name string, names func(T) []string) []T {
	found := having(things, names, func(n string) bool { return n == name })
	if len(found) == 0 {
		found = having(things, names, func(n string) bool { return strings.EqualFold(n, name) })
	}
	return found
}

// having returns the things with a name that is meant. Nothing is called "".
func having[T any](things []T, names func(T) []string, meant func(string) bool) (out []T) {
	for _, t := range things {
		if slices.ContainsFunc(names(t), func(n string) bool { return n != "" && meant(n) }) {
			out = append(out, t)
		}
	}
	return out
}

// whereListed adds, to the problem that there is no such thing, the command that lists those there are.
func whereListed(err error, command string) error {
	if playlists.CodeOf(err) != playlists.NotFound {
		return err
	}
	return playlists.Problemf(playlists.NotFound, err, "%s `songferry %s` shows those there are.", playlists.Say(err), command)
}

// account returns the account that somebody means: by its handle, its ID or its name or, where nobody is called so, by the
// name that it signs in with at its music server.
func (b *bridge) account(ctx context.Context, text string) (playlists.Account, error) {
	a, err := b.store.FindAccount(ctx, text)
	if playlists.CodeOf(err) != playlists.NotFound {
		return a, err
	}
	all, err := b.store.Accounts(ctx)
	if err != nil {
		return playlists.Account{}, err
	}
	users := map[playlists.ID]string{}
	for _, a := range all {
		status, err := b.subsonic.Status(ctx, a.ID)
		if err != nil && playlists.CodeOf(err) != playlists.NotFound { // it has no music server yet
			return playlists.Account{}, err
		}
		users[a.ID] = status.User
	}
	return playlists.OneAccount(named(all, text, func(a playlists.Account) []string { return []string{users[a.ID]} }), text)
}
