package web

import (
	"context"
	"net/url"

	"github.com/songferry/songferry/playlists"
)

// ownAsks returns what a child asks, and what was refused lately, by playlist. A grown-up asks nothing.
func (s *site) ownAsks(ctx context.Context, v visitor) (map[playlists.ID]playlists.Ask, error) {
	if !v.Child {
		return nil, nil
	}
	asks, err := s.Store.AsksOf(ctx, v.ID)
	all := make(map[playlists.ID]playlists.Ask, len(asks))
	for _, a := range asks {
		all[a.Playlist] = a
	}
	return all, err
}

// withdrawAsk takes back that a child wants to share a playlist, or puts away that the answer was no.
func (s *site) withdrawAsk(ctx context.Context, p playlists.Playlist, _ url.Values, w words) (string, error) {
	refused, err := s.Store.WithdrawAsk(ctx, p.Owner, p.ID)
	if refused {
		return w.say("The answer was no."), err
	}
	return w.say("You have taken the question back."), err
}
