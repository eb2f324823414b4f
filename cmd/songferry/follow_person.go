package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// personSummary is what following a person, or copying all their playlists once, comes to.
type personSummary struct {
	Person    string    `json:"person"`
	Handle    string    `json:"handle"`
	Playlists []summary `json:"playlists"`
}

// followPerson keeps that the account wants every playlist of a person, and writes those there are to its music server.
func (b *bridge) followPerson(ctx context.Context, t terminal, a playlists.Account, p federation.Person, target string, w playlists.OnWithdraw, asJSON bool) error {
	want, err := b.fed.FollowPerson(ctx, a.ID, p, target, w)
	if err != nil {
		return err
	}
	wants, err := b.wantsOf(ctx, want)
	if err != nil {
		return err
	}
	out := personSummary{Person: p.Name, Handle: p.Handle, Playlists: []summary{}}
	for _, w := range wants {
		sum, err := b.mirrored(ctx, t, w)
		if err != nil {
			return err
		}
		if out.Playlists = append(out.Playlists, sum); !asJSON {
			sum.print(t.Out)
		}
	}
	if asJSON {
		return printJSON(t.Out, out)
	}
	printWays(t.Out, asArgument(a), out.Playlists...)
	fmt.Fprintf(t.Out, "Following %s: %s now, and those to come. They are kept in step while `songferry serve` runs.\n", p.Name, count(len(p.Playlists), "playlist"))
	return nil
}

// wantsOf returns the wants that were made because a person is followed and that are not over, oldest first.
func (b *bridge) wantsOf(ctx context.Context, p playlists.PersonWant) (out []playlists.Want, err error) {
	all, err := b.store.AccountWants(ctx, p.Account)
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Person == p.ID && all[i].Ended.IsZero() {
			out = append(out, all[i])
		}
	}
	return out, err
}

// copyPerson copies each playlist of a person once. One that cannot be copied does not keep the others from it.
func (b *bridge) copyPerson(ctx context.Context, t terminal, a playlists.Account, p federation.Person, asJSON bool) error {
	out := personSummary{Person: p.Name, Handle: p.Handle, Playlists: []summary{}}
	var failed error
	for _, actor := range p.Playlists {
		sum, err := b.copyOnce(ctx, t, a, actor)
		if err != nil {
			failed = errors.Join(failed, err)
			fmt.Fprintln(t.Err, "songferry:", sentenceOf(err))
			continue
		}
		if out.Playlists = append(out.Playlists, sum); !asJSON {
			sum.print(t.Out)
		}
	}
	if asJSON {
		failed = errors.Join(failed, printJSON(t.Out, out))
	} else {
		printWays(t.Out, asArgument(a), out.Playlists...)
	}
	if failed != nil {
		return playlists.Problemf(playlists.CodeOf(failed), failed, "%d of %s of %s were copied.", len(out.Playlists), count(len(p.Playlists), "playlist"), p.Name)
	}
	return nil
}

func sentenceOf(err error) string {
	if say := playlists.Say(err); say != "" {
		return say
	}
	return err.Error()
}

func (b *bridge) copyOnce(ctx context.Context, t terminal, a playlists.Account, target string) (summary, error) {
	found, err := b.fed.Lookup(ctx, a.ID, target)
	if err != nil {
		return summary{}, err
	}
	want, err := b.fed.Subscribe(ctx, a.ID, found, target, playlists.Once, playlists.Keep)
	if err != nil {
		return summary{}, err
	}
	return b.mirrored(ctx, t, want)
}
