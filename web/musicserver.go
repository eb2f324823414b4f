package web

import (
	"context"

	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge"
)

// musicServer is how an account's music server is doing.
type musicServer struct {
	subsonicbridge.ConnectionStatus
	Trouble string // why it cannot be read, "" when all is well
	Read    string // when it was read, such as "5 minutes ago", "" when it never was
}

func (s *site) musicServer(ctx context.Context, w words, account playlists.ID) (m musicServer, err error) {
	m.ConnectionStatus, err = s.Music.Status(ctx, account)
	if playlists.CodeOf(err) == playlists.NotFound { // none is connected
		return musicServer{Trouble: w.problem(err)}, nil
	}
	m.Trouble = m.LastError.In(w.say)
	if m.Paused {
		m.Trouble += " " + w.say("It has refused the login for a week, so nothing is updated. Nothing is taken back, and all goes on once it lets you in.")
	}
	if !m.LastPoll.IsZero() {
		m.Read = w.ago(s.Now().Sub(m.LastPoll))
	}
	return m, err
}
