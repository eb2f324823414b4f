package web

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/songferry/songferry/playlists"
)

// proxies knows which proxies are believed when they say for whom they ask: those of the settings, and those that administrators
// said yes to. It notes others, to ask about them.
//
// Only addresses of private networks and of this machine are asked about: behind a public one could be anybody, who had only to
// send a header for an administrator to be asked. It is the one address, not its network: in that of a container also stands
// the gateway, by which some systems let all visitors in. A proxy that comes back with another address is asked about again.
type proxies struct {
	db  *sql.DB
	set []netip.Prefix // in the settings
	now func() time.Time
	log *slog.Logger

	mu      sync.Mutex
	read    bool           // the rows are
	checked time.Time      // when they were last asked for
	decided []decidedProxy // the rows, by address
	all     []netip.Prefix // that are believed
	seen    netip.Addr     // the last one that nobody has decided about
	at      time.Time      // when it was seen
}

// decidedProxy is what an administrator said about one.
type decidedProxy struct {
	Address netip.Addr
	Trusted bool
	Decided time.Time
}

const (
	maxProxies = 100            // that are decided about
	seenFresh  = 24 * time.Hour // how long one that was seen is asked about

	proxiesFresh = time.Second // how long the rows are believed: another process may have been told
	proxiesTime  = time.Second // how long requests may wait for them
)

func newProxies(c Config) *proxies {
	return &proxies{db: c.DB, set: c.TrustedProxies, all: c.TrustedProxies, now: c.Now, log: c.Log}
}

// peerOf is who sent a request to this machine, zero if that is no address.
func peerOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}

// speaksForOthers reports whether a request says for whom it was sent.
func speaksForOthers(r *http.Request) bool { return r.Header.Get("X-Forwarded-For") != "" }

// mayBeAskedAbout reports whether an address can be that of the owner's own proxy only.
func mayBeAskedAbout(a netip.Addr) bool { return a.IsPrivate() || a.IsLoopback() }

// trusted returns all networks that are believed.
func (p *proxies) trusted(ctx context.Context) []netip.Prefix {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ensure(ctx)
	return p.all
}

// trusts reports whether a request comes straight from a trusted proxy.
func (p *proxies) trusts(r *http.Request) bool { return within(peerOf(r), p.trusted(r.Context())) }

// sets is trusts for what the settings say alone.
func (p *proxies) sets(r *http.Request) bool { return within(peerOf(r), p.set) }

// note remembers who speaks for others and is not known.
func (p *proxies) note(r *http.Request) {
	peer := peerOf(r)
	if !speaksForOthers(r) || !mayBeAskedAbout(peer) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ensure(r.Context())
	if p.isOpen(peer) {
		p.seen, p.at = peer, p.now()
	}
}

// question returns the proxy to ask an administrator about who sent a request, "" for none. The one that they come by themselves is
// surely there. An address from which they come without one is a way that others come too, such as a container's gateway: there
// anybody could have sent the header.
func (p *proxies) question(r *http.Request) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	peer := peerOf(r)
	if speaksForOthers(r) && mayBeAskedAbout(peer) && p.isOpen(peer) {
		return peer.String()
	}
	if p.seen.IsValid() && p.seen != peer && p.isOpen(p.seen) && p.now().Sub(p.at) < seenFresh {
		return p.seen.String()
	}
	return ""
}

// isOpen reports whether nobody has decided about an address; mu is held.
func (p *proxies) isOpen(a netip.Addr) bool {
	return p.read && !within(a, p.all) && !slices.ContainsFunc(p.decided, func(d decidedProxy) bool { return d.Address == a })
}

// list returns what was decided.
func (p *proxies) list(ctx context.Context) []decidedProxy {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ensure(ctx)
	return slices.Clone(p.decided)
}

// ensure reads the rows, if they are not fresh. Until that succeeds, what was read before holds, at first the settings. mu is held.
func (p *proxies) ensure(ctx context.Context) {
	now := p.now()
	if p.read && now.Sub(p.checked).Abs() < proxiesFresh {
		return
	}
	p.checked = now
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), proxiesTime)
	defer cancel()
	if err := p.load(ctx); err != nil {
		p.log.Warn("proxies not read", "error", err)
	}
}

func (p *proxies) load(ctx context.Context) error {
	rows, err := playlists.Collect(ctx, p.db, func(row playlists.Scanner) (d decidedProxy, err error) {
		var address string
		var at int64
		if err := row.Scan(&address, &d.Trusted, &at); err != nil {
			return d, err
		}
		d.Decided = playlists.FromMillis(at)
		d.Address, err = netip.ParseAddr(address)
		return d, err
	}, `SELECT address, trusted, decided FROM proxies ORDER BY address`)
	if err != nil {
		return err
	}
	p.read, p.decided, p.all = true, rows, slices.Clone(p.set)
	for _, d := range rows {
		if d.Trusted {
			p.all = append(p.all, netip.PrefixFrom(d.Address, d.Address.BitLen()))
		}
	}
	return nil
}

// decide keeps what an administrator says about an address.
func (p *proxies) decide(ctx context.Context, a netip.Addr, trusted bool) error {
	if !mayBeAskedAbout(a) {
		return playlists.Problemf(playlists.Invalid, nil, "%s is not an address of a private network. Whoever has a proxy elsewhere names it in SONGFERRY_TRUSTED_PROXIES.", a)
	}
	if len(p.list(ctx)) >= maxProxies {
		return playlists.Problemf(playlists.Invalid, nil, "There are %d decisions about proxies. Forget some of them first.", maxProxies)
	}
	return p.change(ctx, `INSERT INTO proxies (address, trusted, decided) VALUES ($1, $2, $3)
		ON CONFLICT (address) DO UPDATE SET trusted = excluded.trusted, decided = excluded.decided`, a.String(), trusted, playlists.Millis(p.now()))
}

// forget makes an address one that nobody decided about.
func (p *proxies) forget(ctx context.Context, a netip.Addr) error {
	return p.change(ctx, `DELETE FROM proxies WHERE address = $1`, a.String())
}

func (p *proxies) change(ctx context.Context, statement string, args ...any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.db.ExecContext(ctx, statement, args...); err != nil {
		return err
	}
	return p.load(ctx)
}
