package federation

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/songferry/songferry/playlists"
)

const (
	maxActivity      = 1 << 20 // bytes of an incoming activity
	maxWaitingOfHost = 1_000   // activities of one host that wait to be acted on
)

// receive is the inbox: it verifies an activity and keeps it, nothing else. The order is that of the cheapest refusal
// first: size, type, shape, then the signature, which may cost a fetch of the key.
func (f *Federation) receive(w http.ResponseWriter, r *http.Request) {
	status, err := f.take(r)
	if err != nil {
		f.log.Info("activity refused", "status", status, "error", err)
		text := playlists.Say(err)
		if text == "" {
			text = http.StatusText(status)
		}
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "300")
		}
		http.Error(w, text, status)
		return
	}
	w.WriteHeader(status)
}

func (f *Federation) take(r *http.Request) (status int, err error) {
	if !isActivityType(r.Header.Get("Content-Type")) {
		return http.StatusUnsupportedMediaType, playlists.Problemf(playlists.Invalid, nil, "An inbox takes application/activity+json.")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxActivity+1))
	if err != nil {
		return http.StatusBadRequest, err
	}
	if len(body) > maxActivity {
		return http.StatusRequestEntityTooLarge, playlists.Problemf(playlists.Invalid, nil, "An activity may have at most 1 MiB.")
	}
	e, err := parseEnvelope(body)
	if err != nil {
		return http.StatusBadRequest, err
	}
	if drop, err := f.deleteOfStranger(r.Context(), e); drop || err != nil {
		return statusOr(http.StatusAccepted, err), err
	}
	if status, err := f.authenticate(r, body, e); err != nil {
		return status, err
	}
	return f.keepActivity(r.Context(), e, body)
}

// deleteOfStranger: servers tell everyone they know of every account that is deleted. Of an actor we never saw, that
// is dropped before its key, which is gone too, is asked for.
func (f *Federation) deleteOfStranger(ctx context.Context, e envelope) (bool, error) {
	if e.Type != "Delete" || e.ObjectID != e.Actor {
		return false, nil
	}
	known, err := f.knows(ctx, e.Actor)
	return !known, err
}

func (f *Federation) knows(ctx context.Context, actor string) (bool, error) {
	var n int
	err := f.db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM remote_actors WHERE id = $1) + (SELECT COUNT(*) FROM followers WHERE follower = $1)
		+ (SELECT COUNT(*) FROM sources WHERE actor = $1)`, actor).Scan(&n)
	return n > 0, err
}

// authenticate: the key's owner is the activity's actor, and both ids are of that actor's host.
func (f *Federation) authenticate(r *http.Request, body []byte, e envelope) (status int, err error) {
	host := hostOf(e.Actor)
	if f.isOwnHost(host) {
		return http.StatusForbidden, playlists.Problemf(playlists.Forbidden, nil, "Accounts of this server do not write to it from outside.")
	}
	if err := errors.Join(f.policy.AllowsHost(host), f.policy.AllowsActor(e.Actor)); err != nil {
		return http.StatusForbidden, err
	}
	if !sameHost(hostOf(e.ID), host) {
		return http.StatusBadRequest, playlists.Problemf(playlists.Invalid, nil, "The activity's id is not of its actor's server.")
	}
	key, err := Verify(r, body, f.addr.Host(), f, f.now())
	if err != nil {
		var s *SignatureError
		if errors.As(err, &s) {
			return s.Status, err
		}
		return http.StatusInternalServerError, err
	}
	if key.Owner != e.Actor {
		return http.StatusForbidden, playlists.Problemf(playlists.Forbidden, nil, "The signature is not by the activity's actor.")
	}
	return http.StatusAccepted, nil
}

// keepActivity keeps a verified activity unless it was kept before.
func (f *Federation) keepActivity(ctx context.Context, e envelope, body []byte) (status int, err error) {
	host := hostOf(e.Actor)
	var waiting int
	if err := f.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM inbox WHERE host = $1 AND due > 0`, host).Scan(&waiting); err != nil {
		return http.StatusInternalServerError, err
	}
	if waiting >= maxWaitingOfHost {
		return http.StatusTooManyRequests, playlists.Problemf(playlists.Unavailable, nil, "Too many activities of %s are waiting: try again later.", host)
	}
	now := f.now().UnixMilli()
	_, err = f.db.ExecContext(ctx, `INSERT INTO inbox (id, actor, host, type, object, body, received, due, attempts, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, '') ON CONFLICT (id, actor) DO NOTHING`,
		e.ID, e.Actor, host, e.Type, e.ObjectID, string(body), now)
	return statusOr(http.StatusAccepted, err), err
}

func statusOr(status int, err error) int {
	if err != nil {
		return http.StatusInternalServerError
	}
	return status
}
