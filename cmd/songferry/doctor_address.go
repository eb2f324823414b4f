package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/songferry/songferry/federation"
	"github.com/songferry/songferry/playlists"
)

// examineDaemon looks whether `songferry serve` runs on this machine.
func (b *bridge) examineDaemon(ctx context.Context, note noter) {
	switch err := askReady(ctx, b.settings); {
	case err == nil:
		note("daemon", well, "It runs at %s.", b.settings.Listen)
	case playlists.Say(err) != "":
		note.problem("daemon", err)
	default:
		note("daemon", notWell, "It cannot be asked: %v.", err)
	}
}

// examineAddress goes the way that others go to this bridge.
func (b *bridge) examineAddress(ctx context.Context, note noter) {
	origin := b.origin()
	if origin == nil {
		note("address", unsure, "There is no public address, so this bridge receives but cannot be followed. The pages ask for it when you first share with everyone, or set SONGFERRY_URL.")
		return
	}
	home := origin.String()
	seen, header, err := fetchText(ctx, home+"/here")
	if err != nil {
		note("address", notWell, "%s does not answer: %v. Does the name lead to this machine, is the proxy up, and does HTTPS work there?", home, err)
		return
	}
	if local, err := b.settings.localURL(); err == nil {
		if own, _, err := fetchText(ctx, local+"/here"); err == nil && own != seen {
			note("address", notWell, "At %s something else answers than this bridge. Does the name lead to this machine, and the proxy to %s?", home, b.settings.Listen)
			return
		}
	}
	note("address", well, "%s leads here.", home)
	if header.Get("Songferry-Proxy") == "unknown" {
		note("proxy", notWell, "The proxy that the request came by is not trusted, so all visitors share one limit. If it stands on this machine or in a private network, the pages ask an administrator whether it is yours: press “Trust it”. Else set SONGFERRY_TRUSTED_PROXIES to its network.")
	} else {
		note("proxy", well, "Nothing says for others whom it speaks for, but who is trusted.")
	}
	b.examineOutside(ctx, home, note)
}

// examineOutside looks at this bridge as other servers do, which reach public addresses only, and compares clocks with them.
func (b *bridge) examineOutside(ctx context.Context, home string, note noter) {
	networks, err := b.settings.privateNetworks()
	if err != nil {
		note.problem("outside", err)
		return
	}
	clocks := &clocks{off: map[string]time.Duration{}}
	client := federation.NewClient(federation.ClientConfig{AllowPrivate: networks, Timeout: reachTime, SawDate: clocks.saw,
		UserAgent: func() string { return "Songferry/" + version() }})
	accounts, err := b.store.Accounts(ctx)
	if err != nil {
		note.problem("outside", err)
		return
	}
	for _, a := range accounts {
		if a.Handle == "" {
			continue
		}
		handle := "@" + a.Handle + "@" + b.origin().Host
		if _, err := client.WebFinger(ctx, handle); err != nil {
			note("outside", notWell, "Others do not find %s: %s", handle, inWords(err))
		} else {
			note("outside", well, "Others find %s.", handle)
		}
		break // one stands for all: the answers differ in their names only
	}
	b.examineClock(ctx, client, clocks, note)
}

// maxClocks is how many other servers are asked for the time.
const maxClocks = 3

// examineClock compares this machine's clock with those of servers that this bridge knows anyhow.
func (b *bridge) examineClock(ctx context.Context, client *federation.Client, c *clocks, note noter) {
	hosts, err := b.fed.Hosts(ctx, maxClocks)
	if err != nil {
		note.problem("clock", err)
		return
	}
	for _, host := range hosts {
		// Its answer is of no interest, only its time.
		_, _ = client.Get(ctx, "https://"+host+"/.well-known/nodeinfo", "application/json", nil, federation.Conditional{})
	}
	switch off, n := c.least(); {
	case n == 0:
		note("clock", unsure, "No other server could be asked for the time.")
	case off.Abs() > 30*time.Second:
		note("clock", notWell, "This machine's clock is %s off those of other servers, which will refuse what it signs. Set it, best by NTP.", off.Round(time.Second))
	default:
		note("clock", well, "It agrees with that of another server.")
	}
}

// clocks are how far other servers' clocks are off ours.
type clocks struct {
	mu  sync.Mutex
	off map[string]time.Duration
}

func (c *clocks) saw(host string, date time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off[host] = time.Until(date)
}

// least returns what the clock that agrees best with ours is off: one that agrees is enough.
func (c *clocks) least() (off time.Duration, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.off {
		if n == 0 || o.Abs() < off.Abs() {
			off = o
		}
		n++
	}
	return off, n
}

// fetchText reads a short text, as a browser would.
func fetchText(ctx context.Context, address string) (string, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		var cause interface{ Unwrap() error }
		if errors.As(err, &cause) {
			err = cause.Unwrap() // without the address, which the sentence has
		}
		return "", nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 4<<10))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("it answers %s", res.Status)
	}
	return string(text), res.Header, err
}

func inWords(err error) string {
	if say := playlists.Say(err); say != "" {
		return say
	}
	return err.Error() + "."
}
