package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/web"
)

type serveCommand struct {
	Jobs []string `default:"all" placeholder:"NAME" help:"Which jobs this process does, beside answering: all, none, or some by their names. Where several processes work on one database, each job needs at least one that does it."`
}

func (serveCommand) Help() string {
	return settingsHelp() + "\n\nJobs: " + strings.Join(jobNames(), ", ") + "."
}

// Run starts the daemon and returns when ctx ends, after an orderly stop.
func (c serveCommand) Run(ctx context.Context, s *Settings, t terminal) error {
	settings := *s
	var err error
	if settings.jobs, err = readJobs(c.Jobs); err != nil {
		return err
	}
	b, err := openBridge(ctx, settings, migrations.Upgrade, s.logger(t.Err))
	if err != nil {
		return err
	}
	if err := b.prepare(ctx); err != nil {
		return errors.Join(err, b.Close())
	}
	l, err := s.listen()
	if err != nil {
		return errors.Join(err, b.Close())
	}
	if l.metrics != nil {
		b.metrics = newMetrics(b)
	}
	if err := b.greet(ctx, l); err != nil {
		return errors.Join(err, l.Close(), b.Close())
	}
	return errors.Join(b.serve(ctx, l), b.Close())
}

// prepare makes what only a bridge that is asked needs.
func (b *bridge) prepare(ctx context.Context) error {
	if err := b.fed.MakeKey(ctx); err != nil {
		return explainTrouble(err)
	}
	name, err := b.settings.database()
	if err != nil {
		return err
	}
	if b.changes, err = migrations.WatchChanges(ctx, name); err != nil {
		return err
	}
	b.certificates, err = b.newCertificates()
	return err
}

// greet tells the log what an administrator should know at the start.
func (b *bridge) greet(ctx context.Context, l listeners) error {
	b.log.Info("listening", "address", l.plain.Addr().String(), "url", b.settings.URL, "version", version())
	if about, err := os.Stat(b.settings.keyPath()); err == nil && isOpen(about) {
		b.log.Warn("others on this machine may read the key file, which opens all saved logins: chmod 600", "file", b.settings.keyPath())
	}
	if b.origin() == nil {
		b.log.Info("no public address is set, so this bridge receives playlists but cannot be followed", "setting", "SONGFERRY_URL")
	}
	return b.readySetup(ctx)
}

// readJobs reads which jobs are wanted; nil: all.
func readJobs(names []string) ([]string, error) {
	known, wanted := jobNames(), []string{}
	for _, name := range names {
		switch {
		case name == "all":
			return nil, nil
		case name == "none":
		case !slices.Contains(known, name):
			return nil, playlists.Problemf(playlists.Invalid, nil, "There is no job %q. There are all, none, and %s.", name, strings.Join(known, ", "))
		default:
			wanted = append(wanted, name)
		}
	}
	return wanted, nil
}

// jobNames are those of allJobs.
func jobNames() (names []string) {
	for _, j := range (&bridge{}).allJobs() {
		names = append(names, j.name)
	}
	return names
}

// jobs is what this process does of allJobs. Whatever that is, it also says that it is there, and looks what others were told.
func (b *bridge) jobs() []job {
	all := b.allJobs()
	if b.settings.jobs != nil {
		all = slices.DeleteFunc(all, func(j job) bool { return !slices.Contains(b.settings.jobs, j.name) })
	}
	return append(all,
		job{"origin", 1, time.Second, rings, b.fed.LearnOriginOnce},
		job{"presence", 1, 10 * time.Second, silent, b.present.HoldOnce})
}

// allJobs is what the daemon does by itself: its table of contents. Each is repeated at once while it finds work, else
// when a job did something that rings, at the latest after its interval.
func (b *bridge) allJobs() []job {
	return []job{
		{"poll", 32, time.Second, rings, b.subsonic.PollOnce},       // people's music servers → journal
		{"announce", 1, time.Second, rings, b.fed.AnnounceOnce},     // journal → activities
		{"news", 1, time.Second, rings, b.fed.NewsOnce},             // journal → posts that people on microblogs read
		{"deliver", 512, time.Second, silent, b.fed.DeliverOnce},    // activities → other servers' inboxes, a host at a time
		{"greet", 256, 5 * time.Second, silent, b.fed.GreetOnce},    // the same for hosts that have not answered yet,
		{"retry", 64, 5 * time.Second, silent, b.fed.RetryOnce},     // … and for those that failed or were slow
		{"inbox", 1, time.Second, rings, b.fed.InboxOnce},           // our inbox → followers, and what to read again
		{"subscribe", 1, time.Second, rings, b.fed.SubscribeOnce},   // wants → Follows
		{"enforce", 1, time.Second, rings, b.fed.EnforceOnce},       // rules about domains → what they end, and what goes on
		{"roster", 2, time.Second, rings, b.fed.RosterOnce},         // followed persons' lists of playlists → wants
		{"refresh", 4, time.Second, rings, b.fed.RefreshOnce},       // followed playlists → journal
		{"renew", 2, time.Second, rings, b.fed.RenewOnce},           // actors elsewhere that say that they changed
		{"mirror", 2, time.Second, rings, b.subsonic.MirrorOnce},    // journal → people's music servers
		{"lookup", 2, time.Second, silent, b.lookups.LookupOnce},    // what people look at before they want it → what it is
		{"messages", 2, time.Second, rings, b.fed.MessagesOnce},     // notices and direct messages → direct messages
		{"notify", 4, 5 * time.Second, silent, b.notify.NotifyOnce}, // notices → where people want them beside
		{"backup", 1, 10 * time.Minute, silent, b.BackupOnce},       // everything → a file
		{"tidy", 1, time.Hour, silent, func(ctx context.Context) (int, error) { return 0, b.tidy(ctx) }},
	}
}

func (b *bridge) tidy(ctx context.Context) error {
	return errors.Join(b.store.Tidy(ctx), b.subsonic.Tidy(ctx), b.fed.Tidy(ctx), b.notify.Tidy(ctx), web.Tidy(ctx, b.db, b.store, time.Now()))
}

// stopTime is how long requests may take to end once the daemon is told to stop.
const stopTime = 10 * time.Second

// serve answers requests and runs the jobs until ctx ends. Order of the stop: take nothing in (listeners, then open
// requests), then end the jobs, then the caller closes the database. What a job had not finished is a row that the
// next start finds.
func (b *bridge) serve(ctx context.Context, l listeners) error {
	bell, stopping := newBell(), make(chan struct{})
	servers := b.servers(ringAfterPost(b.handler(stopping), bell))
	servers.public.RegisterOnShutdown(func() { close(stopping) })
	jobCtx, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	debug.FreeOSMemory() // reading the pages' words and checking the database took more than is left of them
	var running sync.WaitGroup
	for i, j := range b.jobs() {
		c := crew{job: j, pulse: b.pulse, log: b.log.With("job", j.name), bell: bell, running: &running, turn: time.Duration(i) * turnTime}
		running.Go(func() { c.lead(jobCtx) })
	}
	failed := make(chan error, 3)
	go func() { failed <- servers.public.Serve(l.plain) }()
	if l.tls != nil {
		go func() { failed <- b.serveTLS(jobCtx, servers.public, l.tls) }()
	}
	if l.metrics != nil {
		go func() { failed <- servers.metrics.Serve(l.metrics) }()
	}
	var err error
	select {
	case <-ctx.Done():
		b.log.Info("stopping")
		deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		err = servers.stop(deadline)
		cancel()
	case err = <-failed:
		err = errors.Join(fmt.Errorf("http server: %w", err), servers.stop(ctx))
	}
	stopJobs()
	running.Wait()
	b.log.Info("stopped")
	return err
}

// job is one kind of background work.
type job struct {
	name  string
	loops int           // how many may run at a time; rows are leased, so more is safe
	every time.Duration // at the latest
	rings bool          // what it did may be work for others
	once  func(context.Context) (int, error)
}

const (
	rings  = true
	silent = false
)

// crew is the loops of one job. The first waits for work; whoever finds some, or is long about it, calls another, which
// goes when it finds none. So a job at rest costs one loop.
type crew struct {
	job
	log     *slog.Logger
	pulse   *pulse
	bell    *bell
	running *sync.WaitGroup // loops, and calls that wait
	turn    time.Duration   // how long after the others it looks for work

	mu     sync.Mutex
	called int // loops beside the first; mu
}

// callTime is how long a loop may be about something before another looks whether there is more.
const callTime = 50 * time.Millisecond

// lead repeats the job until ctx ends. An error is logged, once for each cause, and never stops it.
func (c *crew) lead(ctx context.Context) {
	pause(ctx, c.turn)
	for ctx.Err() == nil {
		rung := c.rung()
		n, err := c.work(ctx)
		if n > 0 && err == nil {
			continue
		}
		if n > 0 {
			rung = c.rung() // its own ring must not wake a job that fails
		}
		select {
		case <-ctx.Done():
		case <-rung:
			pause(ctx, ringTime)
		case <-time.After(untilNext(c.pulse.interval(c.job)) + c.turn):
		}
	}
}

// rung returns a channel that is closed when the bell rings. What is done now and then only does not listen: it does not wait for
// what others did, and costs more than a look.
func (c *crew) rung() <-chan struct{} {
	if c.every >= time.Minute {
		return nil
	}
	return c.bell.next()
}

// help repeats the job as long as it finds work.
func (c *crew) help(ctx context.Context) {
	defer c.leave()
	for ctx.Err() == nil {
		if n, err := c.work(ctx); n == 0 || err != nil {
			return
		}
	}
}

// work does the job once.
func (c *crew) work(ctx context.Context) (n int, err error) {
	c.running.Add(1)
	long := time.AfterFunc(callTime, func() {
		defer c.running.Done()
		c.call(ctx)
	})
	start := time.Now()
	c.pulse.begin(c.name, start)
	n, err = c.try(ctx)
	c.pulse.end(c.name, start, time.Now(), n, err)
	if long.Stop() {
		c.running.Done()
	}
	switch {
	case err == nil:
		c.pulse.complaints.works(c.log, c.name, c.pulse.trouble() == nil)
	case ctx.Err() == nil:
		c.pulse.complaints.fails(c.log, c.name, err, time.Now())
	}
	if n > 0 && c.rings {
		c.bell.ring()
	}
	if n > 0 && err == nil {
		c.call(ctx)
	}
	return n, err
}

// call starts another loop if there may be one.
func (c *crew) call(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.called+1 < c.loops && ctx.Err() == nil {
		c.called++
		c.running.Go(func() { c.help(ctx) })
	}
}

func (c *crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.called--
}

// turnTime is from one job's look for work to the next one's, also at the start. Most looks are over by then while there is no work,
// so that the jobs of a bridge at rest need a connection or two to the database, and not one each. SQLite takes a megabyte for each,
// which is not all given back when it is closed.
const turnTime = 3 * time.Millisecond

// untilNext is how long it is to the next multiple of d: all jobs come then, in turn, and the machine rests meanwhile.
func untilNext(d time.Duration) time.Duration {
	now := time.Now()
	return now.Truncate(d).Add(d).Sub(now)
}

// try turns a panic into an error: one hostile document must not stop a kind of work for good.
func (j job) try(ctx context.Context) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = playlists.Panicked(r)
		}
	}()
	return j.once(ctx)
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
