package main

import (
	"context"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/notify"
)

// noticeWords says notices in federation's words.
func (b *bridge) noticeWords(ctx context.Context, a playlists.Account, notices []playlists.Notice) (all []notify.Line, err error) {
	said, err := b.fed.SayNotices(ctx, a, notices)
	for _, n := range said {
		all = append(all, notify.Line{Kind: n.Kind, At: n.At, Text: n.Text(), HTML: n.HTML})
	}
	return all, err
}
