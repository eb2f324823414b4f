package federation

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// DeliverOnce takes the turn of the host that waited longest of those that answered promptly last time: it sends what is
// due, and returns how many deliveries it tried, at least 1 if there was a turn. A host is only ever talked to by one
// caller, so a slow or dead one holds up nobody else's.
func (f *Federation) DeliverOnce(ctx context.Context) (int, error) { return f.takeTurn(ctx, prompt) }

// GreetOnce is DeliverOnce for the hosts that have never answered.
func (f *Federation) GreetOnce(ctx context.Context) (int, error) { return f.takeTurn(ctx, newcomer) }

// RetryOnce is DeliverOnce, with more patience, for the hosts that failed last time or took long.
func (f *Federation) RetryOnce(ctx context.Context) (int, error) { return f.takeTurn(ctx, late) }

func (f *Federation) takeTurn(ctx context.Context, m manner) (n int, err error) {
	if !f.public() {
		return 0, nil
	}
	t, err := f.nextTurn(ctx, m)
	if t == nil || err != nil {
		return 0, err
	}
	if err = f.policy.AllowsHost(t.host); isForbidden(err) {
		// It was queued before a rule forbade to talk to the host: trying again for two weeks would not help.
		t.note(`DELETE FROM deliveries WHERE host = $1`, t.host)
		err = nil
	} else if err == nil {
		n = f.deliverAll(ctx, t)
	}
	return max(n, 1), errors.Join(err, f.endTurn(ctx, t))
}

// deliverAll sends what is due, until the host fails, takes too long, or the daemon is to stop.
func (f *Federation) deliverAll(ctx context.Context, t *turn) (n int) {
	for _, d := range t.batch {
		if t.failure != nil || ctx.Err() != nil || f.now().Sub(t.start) > deliveryTurn {
			break
		}
		n++
		f.deliver(ctx, t, d)
	}
	return n
}

// deliver sends one activity, and notes what came of it.
func (f *Federation) deliver(ctx context.Context, t *turn, d delivery) {
	key, err := f.namedKey(ctx, d.actor, d.key)
	if err != nil {
		f.log.Error("delivery not signed", "activity", d.activity, "error", err)
		f.postpone(t, d, 0, "This bridge could not sign it.")
		return
	}
	begun := f.now()
	status, after, err := f.post(ctx, t, d, key)
	if err != nil && ctx.Err() != nil {
		return // nobody's failure: the daemon stops, and tries again when it starts
	}
	if err == nil && status >= 300 {
		err = playlists.Problemf(playlists.Unavailable, nil, "The server answered %d.", status)
	}
	if status == 0 || status == http.StatusTooManyRequests || status >= 500 {
		t.failure, t.after = err, after
	} else {
		t.answered(f.now().Sub(begun))
	}
	switch {
	case err == nil:
		t.forget(d)
	case status == http.StatusGone:
		f.log.Info("inbox is gone, dropping its followers", "host", hostOf(d.inbox))
		t.dropInbox(d.inbox)
	default:
		f.log.Warn("delivery failed", "activity", d.activity, "host", hostOf(d.inbox), "status", status, "attempt", d.attempts+1, "error", err)
		f.postpone(t, d, after, playlists.Say(err))
	}
}

// post signs now, since the Date must be fresh, and sends. To sign takes a processor, which many wait for: their host's
// time begins when it is their turn. A host that failed last time must be there before anything is signed for it.
func (f *Federation) post(ctx context.Context, t *turn, d delivery, key SigningKey) (status int, after time.Duration, err error) {
	if t.manner == late && !t.reached {
		if err := f.client.Reach(ctx, d.inbox); err != nil {
			return 0, 0, err
		}
		t.reached = true
	}
	signed := f.signing.begin(t.manner)
	defer signed()
	ctx, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	return f.client.Post(ctx, d.inbox, []byte(d.body), func(r *http.Request, s Scheme) error {
		defer signed()
		return Sign(s, r, []byte(d.body), key, f.now())
	})
}

// signing lets as many sign at a time as there are processors.
type signing struct {
	all  chan struct{}
	late chan struct{} // those who wait for late hosts: few, so that hosts that answer hardly wait for them
}

func newSigning(processors int) signing {
	return signing{make(chan struct{}, processors), make(chan struct{}, processors)}
}

// begin waits until somebody may sign for a host of a manner. Who is done calls end, more than once if that is simpler.
func (s signing) begin(m manner) (end func()) {
	if m == late {
		s.late <- struct{}{}
	}
	s.all <- struct{}{}
	return sync.OnceFunc(func() {
		<-s.all
		if m == late {
			<-s.late
		}
	})
}

func (f *Federation) postpone(t *turn, d delivery, after time.Duration, text string) {
	due, more := retryAt(d.attempts+1, f.now(), after)
	if !more {
		f.log.Warn("delivery given up", "activity", d.activity, "host", hostOf(d.inbox), "attempts", d.attempts+1)
		t.forget(d)
		return
	}
	t.note(`UPDATE deliveries SET attempts = attempts + 1, due = $1, error = $2 WHERE activity = $3 AND inbox = $4`,
		due.UnixMilli(), text, d.activity, d.inbox)
}

func (t *turn) forget(d delivery) { t.done = append(t.done, d) }

// dropInbox notes that an inbox is gone, with its followers and what waits for it.
func (t *turn) dropInbox(inbox string) {
	t.note(`DELETE FROM followers WHERE inbox = $1`, inbox)
	t.note(`DELETE FROM proven WHERE inbox = $1`, inbox)
	t.note(`DELETE FROM deliveries WHERE host = $1 AND inbox = $2`, t.host, inbox)
}
