package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/songferry/songferry/migrations"
	"github.com/songferry/songferry/playlists"
	"github.com/songferry/songferry/subsonicbridge/subsonictest"
)

type demoCommand struct {
	Once    bool   `help:"Exit after the summary: with 0 only if Bob's server really holds the playlist."`
	ListenA string `name:"listen-a" default:"127.0.0.1:0" placeholder:"ADDRESS" help:"Where Alice's bridge listens (default: a free port)."`
	ListenB string `name:"listen-b" default:"127.0.0.1:0" placeholder:"ADDRESS" help:"Where Bob's bridge listens (default: a free port)."`
}

// demoPassword is everybody's on the demo's music servers, which only this machine reaches.
const demoPassword = "demo"

// demoTime bounds how long the demo waits for each thing to happen.
const demoTime = time.Minute

// Run plays the main job with everything real but the music: two bridges in their own folders, on their own ports,
// each with a music server of its own, talking over HTTP.
func (c demoCommand) Run(ctx context.Context, s *Settings, t terminal) (err error) {
	folder, err := os.MkdirTemp("", "songferry-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	d := &demo{out: t.Out, folder: folder, log: demoLog(*s, t.Err)}
	defer func() { err = errors.Join(err, d.stop()) }()
	if err := d.play(ctx, c); err != nil || c.Once {
		return err
	}
	d.say("\nBoth bridges stay up until you press Ctrl-C. Open in a browser:\n  %s   the playlist as Alice's friends see it", d.page)
	d.say("  %s/playlists   Alice's bridge: sign in as alice, with the password %s", d.alice.origin(), demoPassword)
	d.say("  %s/following   what Bob follows: sign in as bob, with the same password", d.bob.origin())
	d.say("  %s/review      the songs that only Bob can decide about", d.bob.origin())
	<-ctx.Done()
	return nil
}

// demoLog is silent unless somebody asks for more.
func demoLog(s Settings, w io.Writer) *slog.Logger {
	if s.LogLevel == "info" {
		s.LogLevel = "error"
	}
	return s.logger(w)
}

type demo struct {
	out    io.Writer
	folder string
	log    *slog.Logger
	page   string
	alice  *demoSide
	bob    *demoSide
}

// demoSide is one person's half: a music server, and a bridge with one account.
type demoSide struct {
	*bridge
	account playlists.Account
	music   *subsonictest.Server
	ids     []string // of the songs on the music server, in their order
	titles  map[string]string
	stop    func() error
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

func (d *demo) play(ctx context.Context, c demoCommand) (err error) {
	if d.alice, err = d.side(ctx, "alice", "Alice", c.ListenA, subsonictest.Navidrome, aliceSongs()); err != nil {
		return err
	}
	if d.bob, err = d.side(ctx, "bob", "Bob", c.ListenB, subsonictest.Gonic, bobSongs()); err != nil {
		return err
	}
	ids := d.alice.ids
	list := d.alice.music.AddPlaylist("alice", "Road trip", ids[:len(ids)-1]...)
	d.say("1. Two people, two music servers, two bridges.\n   Alice has %d songs and a playlist \"Road trip\"; Bob has %d songs, tagged by somebody else.", len(ids), len(d.bob.ids))
	handle, err := d.publish(ctx)
	if err != nil {
		return err
	}
	if err := d.follow(ctx, handle); err != nil {
		return err
	}
	return d.edit(ctx, list, ids)
}

// side starts a music server and a bridge, and connects them.
func (d *demo) side(ctx context.Context, name, display, listen string, dialect subsonictest.Dialect, songs []playlists.Track) (*demoSide, error) {
	side := &demoSide{music: subsonictest.NewServer(dialect), titles: map[string]string{}}
	side.music.AddUser(name, demoPassword)
	for _, song := range songs {
		id := side.music.AddSong(song)
		side.ids, side.titles[id] = append(side.ids, id), song.Title
	}
	music, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, errors.Join(playlists.Problemf(playlists.Invalid, err, "The demo cannot listen on %s: another program may use that port.", listen), music.Close())
	}
	settings := Settings{URL: "http://" + l.Addr().String(), Data: filepath.Join(d.folder, name), PollInterval: 500 * time.Millisecond,
		RefreshInterval: time.Minute, Mode: "open", PrivateNetworks: []string{"127.0.0.0/8", "::1/128"}}
	if side.bridge, err = openBridge(ctx, settings, migrations.Upgrade, d.log.With("bridge", name)); err != nil {
		return nil, errors.Join(err, l.Close(), music.Close())
	}
	side.stop = side.start(ctx, l, music)
	if side.account, err = side.store.AddAccount(ctx, playlists.Account{Handle: name, Name: display, Language: "en", Admin: true}); err != nil {
		return side, err
	}
	_, err = side.subsonic.Connect(ctx, side.account.ID, "http://"+music.Addr().String(), name, demoPassword)
	return side, err
}

// start runs the bridge and its music server, and returns what stops them.
func (s *demoSide) start(ctx context.Context, l, music net.Listener) func() error {
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{Handler: s.music, ReadHeaderTimeout: 10 * time.Second}
	var running sync.WaitGroup
	var served error
	running.Go(func() { _ = server.Serve(music) }) // ends with ErrServerClosed
	running.Go(func() { served = s.serve(ctx, listeners{plain: l}) })
	return func() error {
		cancel()
		closed := server.Close()
		running.Wait()
		return errors.Join(served, closed, s.Close())
	}
}

func (d *demo) stop() error {
	var errs []error
	for _, s := range []*demoSide{d.alice, d.bob} {
		if s != nil && s.stop != nil {
			errs = append(errs, s.stop())
		}
	}
	return errors.Join(errs...)
}

// publish waits until Alice's bridge has read her playlist, and publishes it.
func (d *demo) publish(ctx context.Context) (handle string, err error) {
	if err := d.alice.subsonic.PollAccount(ctx, d.alice.account.ID); err != nil {
		return "", err
	}
	lists, err := d.alice.store.List(ctx, d.alice.account.ID)
	if err != nil {
		return "", err
	}
	l, err := choose(lists, "Road trip")
	if err != nil {
		return "", err
	}
	pub, err := d.alice.store.Publish(ctx, l.ID, playlists.Public)
	if err != nil {
		return "", err
	}
	handle, d.page = d.alice.address(pub)
	d.say("\n2. Alice publishes it.\n   Friends follow %s, anyone can look at %s", handle, d.page)
	return handle, nil
}

// follow lets Bob follow by handle, and shows what became of every track.
func (d *demo) follow(ctx context.Context, handle string) error {
	d.say("\n3. Bob follows %s. His bridge asks hers for the list and looks for each track in his own files:", handle)
	found, err := d.bob.fed.Lookup(ctx, d.bob.account.ID, handle)
	if err != nil {
		return err
	}
	want, err := d.bob.fed.Subscribe(ctx, d.bob.account.ID, found, handle, playlists.Sync, playlists.Keep)
	if err != nil {
		return err
	}
	result, err := d.bob.subsonic.MirrorWant(ctx, want.ID, func(int, int) {})
	if err != nil {
		return err
	}
	for _, row := range summaryOf(result.Name, result.ServerID, result.Rows).Tracks {
		d.say("   %-8s %s – %s%s", word(row), row.Artist, row.Title, reason(row))
	}
	held, err := d.wait(ctx, "the playlist on Bob's server", func(titles []string) bool { return len(titles) == result.Found && result.Found > 0 })
	if err != nil {
		return err
	}
	d.say("   Bob's server now has the playlist %q with %d of %d tracks:", d.bobsList(), len(held), result.Total)
	for i, title := range held {
		d.say("   %2d. %s", i+1, title)
	}
	return nil
}

// edit changes Alice's playlist on her music server, and waits until the change is on Bob's.
func (d *demo) edit(ctx context.Context, list string, ids []string) error {
	// Alice's bridge learns of followers by the Follow that Bob's sends: from then on it tells of changes at once.
	if err := d.waitFor(ctx, "Bob's Follow", func() (bool, error) {
		lists, err := d.alice.store.List(ctx, d.alice.account.ID)
		if err != nil || len(lists) == 0 {
			return false, err
		}
		followers, err := d.alice.fed.Followers(ctx, lists[0].Publication.PublicID)
		return len(followers) > 0, err
	}); err != nil {
		return err
	}
	last := ids[len(ids)-1]
	added := d.alice.titles[last]
	d.say("\n4. Alice adds %q to the top of her playlist, with any music app.", added)
	started := time.Now()
	d.alice.music.SetPlaylist(list, append([]string{last}, ids[:len(ids)-1]...)...)
	held, err := d.wait(ctx, "the change on Bob's server", func(titles []string) bool { return len(titles) > 0 && titles[0] == added })
	if err != nil {
		return err
	}
	d.say("   %.1f seconds later it stands first of %d in Bob's.", time.Since(started).Seconds(), len(held))
	d.say("\nDone: no music was copied, and no company was in the middle.")
	return nil
}

// wait waits until the playlist on Bob's server is as done wants it, and returns its titles.
func (d *demo) wait(ctx context.Context, what string, done func(titles []string) bool) (titles []string, err error) {
	err = d.waitFor(ctx, what, func() (bool, error) {
		titles = d.bobsTitles()
		return done(titles), nil
	})
	return titles, err
}

func (d *demo) waitFor(ctx context.Context, what string, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, demoTime)
	defer cancel()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return playlists.Problemf(playlists.Unavailable, ctx.Err(), "The demo waited a minute for %s. SONGFERRY_LOG_LEVEL=debug shows why.", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (d *demo) bobsTitles() []string {
	list, _ := d.bob.music.PlaylistNamed("bob", d.bobsList())
	var titles []string
	for _, id := range list.Songs {
		titles = append(titles, d.bob.titles[id])
	}
	return titles
}

func (d *demo) bobsList() string { return "Road trip · Alice" }
