package main

import (
	"context"
	"time"
)

// examinePeople asks everybody's music server.
func (b *bridge) examinePeople(ctx context.Context, note noter) {
	accounts, err := b.store.Accounts(ctx)
	if err != nil {
		note.problem("people", err)
		return
	}
	if len(accounts) == 0 {
		note("people", unsure, "Nobody has an account yet. The log of `songferry serve` names a page and a code to begin with.")
	}
	for _, a := range accounts {
		if err := b.subsonic.Ping(ctx, a.ID); err != nil {
			note("music", notWell, "%s: %s", a.Called(), inWords(err))
			continue
		}
		note("music", well, "%s: the music server answers.", a.Called())
	}
}

// examineOthers names what last went wrong with other servers. That is mostly theirs to mend.
func (b *bridge) examineOthers(ctx context.Context, note noter) {
	out, err := b.fed.Backlog(ctx)
	if err != nil {
		note.problem("others", err)
		return
	}
	for _, h := range out.Hosts {
		if h.Failures > 0 {
			note("others", unsure, "%s has not taken what waits for it since %s: %s", h.Host, h.Since.Format("2 January"), h.Error)
		}
	}
	for _, u := range out.Unread {
		note("others", unsure, "A playlist at %s could not be read the last time: %s", u.Host, u.Error)
	}
	if out.Out.N > 0 && time.Since(out.Out.Since) < time.Hour {
		note("others", well, "%s on the way to %s.", count(out.Out.N, "message"), count(out.InAll, "server"))
	}
}
