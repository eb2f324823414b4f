package federation

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/songferry/songferry/playlists"
)

const (
	maxActivity        = 1 << 20 // bytes of an incoming activity
	maxWaitingOfDomain = 1_000   // activities of one domain that wait to be acted on
)

// receive is the inbox: it verifies an activity and keeps it, nothing else. The order is that of the cheapest refusal
// first: size, type, shape, then the signature, which may cost a fetch of the key.
func (f *Federation) receive(w http.ResponseWriter, r *http.Request) {
	status, err := f.take(r)
	if err == nil {
		w.WriteHeader(status)
		return
	}
	f.log.Info("activity refused", "status", status, "error", err)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "300")
	}
	http.Error(w, refusal(status, err), status)
}

// refusal is what the sender may read. Of a signature it is the reason only: why a key could not be had tells what this
// server can reach.
func refusal(status int, err error) string {
	var s *SignatureError
	if errors.As(err, &s) {
		return s.Reason
	}
	if text := playlists.Say(err); text != "" {
		return text
	}
	return http.StatusText(status)
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
	e, err := f.parse(r.Context(), body)
	if err != nil {
		return http.StatusBadRequest, err
	}
	if e.Type == "Delete" && e.ObjectID == e.Actor {
		return f.takeFarewell(r, body, e)
	}
	if status, err := f.authenticate(r, body, e); err != nil {
		return status, err
	}
	return f.keepIfUseful(r.Context(), e)
}

// takeFarewell takes the Delete of an actor by itself. Servers tell everyone they know of every account that is deleted:
// of an actor we never saw, that is dropped before its key, which is gone too, is asked for. The answer is always the
// same, since it must not tell strangers who is known here.
func (f *Federation) takeFarewell(r *http.Request, body []byte, e envelope) (status int, err error) {
	known, err := f.knows(r.Context(), e.Actor)
	if err != nil {
		return f.problemStatus(err), err
	}
	if !known {
		return http.StatusAccepted, nil
	}
	status, err = f.authenticate(r, body, e)
	if playlists.CodeOf(err) == playlists.Gone && status == http.StatusUnauthorized && f.isGone(r.Context(), e.Actor) {
		err = nil // the key went with its owner, so nobody can verify it; its own server says the same
	}
	if err != nil {
		f.log.Info("deletion of an actor not believed", "host", hostOf(e.Actor), "status", status, "error", err)
		return http.StatusAccepted, nil
	}
	return f.keepActivity(r.Context(), e)
}

// isGone asks an actor's own server.
func (f *Federation) isGone(ctx context.Context, actor string) bool {
	gone, err := f.client.IsGone(ctx, actor, f.signAs(ctx, instanceID))
	if err != nil {
		f.log.Info("deletion of an actor not confirmed", "host", hostOf(actor), "error", err)
	}
	return gone && err == nil
}

func (f *Federation) knows(ctx context.Context, actor string) (bool, error) {
	return f.any(ctx, `SELECT (SELECT COUNT(*) FROM remote_actors WHERE id = $1) + (SELECT COUNT(*) FROM followers WHERE follower = $1)
		+ (SELECT COUNT(*) FROM sources WHERE actor = $1) + (SELECT COUNT(*) FROM rosters WHERE person = $1) + (SELECT COUNT(*) FROM proven WHERE actor = $1)`, actor)
}

// authenticate: the key's owner is the activity's actor, and both ids are of that actor's host.
func (f *Federation) authenticate(r *http.Request, body []byte, e envelope) (status int, err error) {
	if f.isOwnHost(hostOf(e.Actor)) {
		return http.StatusForbidden, playlists.Problemf(playlists.Forbidden, nil, "Accounts of this server do not write to it from outside.")
	}
	if err := f.policy.AllowsActor(e.Actor); playlists.CodeOf(err) == playlists.Unavailable {
		return http.StatusServiceUnavailable, err
	} else if err != nil {
		return http.StatusForbidden, err
	}
	key, err := Verify(r, body, f.addr(), f, f.now())
	if err != nil {
		var s *SignatureError
		if errors.As(err, &s) {
			return s.Status, err
		}
		return f.problemStatus(err), err
	}
	if key.Owner != e.Actor {
		return http.StatusForbidden, playlists.Problemf(playlists.Forbidden, nil, "The signature is not by the activity's actor.")
	}
	return http.StatusAccepted, nil
}

// keepIfUseful keeps a verified activity if somebody here may have to act on it. The rest, such as the posts that a
// server sends to every shared inbox it knows, takes no room.
func (f *Federation) keepIfUseful(ctx context.Context, e envelope) (status int, err error) {
	useful, err := f.useful(ctx, e)
	if err != nil {
		return f.problemStatus(err), err
	}
	if !useful {
		return http.StatusAccepted, nil
	}
	return f.keepActivity(ctx, e)
}
