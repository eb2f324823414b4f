package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/playlists/codes"
)

// dataView is what settings_data.html shows: what is kept of a person, for how long, and the ways out.
type dataView struct {
	Name    string
	Named   bool // the account is on the fediverse
	Kept    kept
	Problem string
}

// kept is for how long what is kept, as the code has it.
type kept struct {
	Versions                                                                                            int // of a playlist
	Changes, Notices, Inbox, Sent, Strangers, Reactions, Requests, Codes, Sessions, Browsers, Invitings int // days
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

func keptHere() kept {
	return kept{
		Versions: playlists.KeepRevisions, Changes: days(playlists.KeepJournal), Notices: days(playlists.KeepNotices),
		Inbox: days(federation.KeepInbox), Sent: days(federation.KeepActivities), Strangers: days(federation.KeepActors),
		Reactions: days(federation.KeepReactions), Requests: days(federation.KeepRequests), Codes: days(codes.Kept),
		Sessions: days(sessionTime), Browsers: days(knownTime), Invitings: days(invitationTime),
	}
}

func (s *site) dataPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showOwn(w, r, "settings_data", page{Title: s.words(r).say("My data"), Content: dataView{Name: v.Name, Named: v.Handle != "", Kept: keptHere()}})
}

// deleteAccount deletes the visitor's account, once they have typed its name.
func (s *site) deleteAccount(w http.ResponseWriter, r *http.Request, v visitor) error {
	form, err := readForm(w, r, maxForm)
	if err != nil {
		return err
	}
	err = playlists.Problemf(playlists.Invalid, nil, "Type the name exactly as it stands there: %s.", v.Name)
	if cleanLine(form, "name") == v.Name {
		err = s.forgetAccount(r.Context(), v.ID)
	}
	if say := s.words(r).problem(err); say != "" {
		return s.write(w, r, statusOfForm(err), "settings_data", page{Title: s.words(r).say("My data"),
			Content: dataView{Name: v.Name, Named: v.Handle != "", Kept: keptHere(), Problem: say}})
	}
	if err != nil {
		return err
	}
	return s.signOut(w, r)
}

// forgetAccount deletes an account, and what the pages keep of it.
func (s *site) forgetAccount(ctx context.Context, id playlists.ID) error {
	if err := s.Store.DeleteAccount(ctx, id); err != nil {
		return err
	}
	return errors.Join(Forget(ctx, s.DB, id), s.Notify.Forget(ctx, id))
}
