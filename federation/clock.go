package federation

import (
	"net/http"
	"sync"
	"time"
)

const (
	maxClockError = 30 * time.Second // Funkwhale refuses what is signed at another time than that
	warnClockNot  = time.Hour        // how long a warning is not repeated
)

// clockDoubt is what other servers' clocks make us believe of our own.
type clockDoubt struct {
	mu     sync.Mutex
	domain string        // who last saw another time, "" when the last one agreed
	off    time.Duration // by how much
	warned time.Time
}

// compareClocks warns when this machine's clock seems wrong, since others will refuse what it signs. One server alone is
// not believed: its clock may be the wrong one, or a lie.
func (f *Federation) compareClocks(host string, date time.Time) {
	now := f.now()
	if off, sure := f.clock.doubt(domainOf(host), date.Sub(now), now); sure {
		f.log.Warn("the clock of this machine seems to be wrong, so that other servers may refuse what it sends: set it, best by NTP",
			"seconds", int(off.Seconds()), "host", host)
	}
}

// doubt notes by how much a domain's clock is off ours, and reports whether it is time to believe it.
func (c *clockDoubt) doubt(domain string, off time.Duration, now time.Time) (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if off.Abs() <= maxClockError {
		c.domain = ""
		return 0, false
	}
	agreed := c.domain != "" && c.domain != domain && (off-c.off).Abs() <= maxClockError
	c.domain, c.off = domain, off
	if !agreed || !c.warned.IsZero() && now.Sub(c.warned).Abs() < warnClockNot {
		return 0, false
	}
	c.warned = now
	return off, true
}

// sawDate tells what time a host says it is, as far as its answer is fresh: what comes out of a cache has an Age.
func (c *Client) sawDate(host string, resp *http.Response) {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil || c.config.SawDate == nil || resp.StatusCode >= 300 || resp.Header.Get("Age") != "" {
		return
	}
	c.config.SawDate(host, date)
}
