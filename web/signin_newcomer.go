package web

import (
	"context"
	"errors"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// newcomer makes an account for somebody who has one on the family's music server and none here. Without the name by
// which others shall know them, view asks for it first, and account is "". refused is why nobody else here is known by
// what they gave.
func (s *site) newcomer(ctx context.Context, view *signInView, password string, refused error) (account playlists.ID, err error) {
	if s.FamilyServer == "" || playlists.CodeOf(refused) != playlists.Forbidden {
		return "", refused
	}
	admission, err := s.Music.Ask(ctx, subsonicbridge.Anywhere, s.FamilyServer, view.Name, password)
	switch {
	case playlists.CodeOf(err) == playlists.Forbidden:
		return "", refused
	case err != nil:
		return "", errors.Join(err, refused) // a wrong password all the same, where another server said so
	case admission.Account != "":
		return admission.Account, nil
	}
	if view.New = true; view.Called == "" {
		return "", nil
	}
	a, err := s.addMember(ctx, playlists.Account{Name: view.Called, MaxAudience: playlists.Link}, admission)
	return a.ID, err
}
