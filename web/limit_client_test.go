package web

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestTheClientIsWhoTheLastTrustedProxyNames(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:5000", nil, "192.0.2.1/32"},
		{"192.0.2.1:5000", []string{"198.51.100.7"}, "192.0.2.1/32"}, // not a proxy of ours
		{"127.0.0.1:5000", nil, "127.0.0.1/32"},
		{"127.0.0.1:5000", []string{"198.51.100.7"}, "198.51.100.7/32"},
		{"[::ffff:127.0.0.1]:5000", []string{"::ffff:198.51.100.7"}, "198.51.100.7/32"},
		{"127.0.0.1:5000", []string{"203.0.113.1, 198.51.100.7"}, "198.51.100.7/32"}, // what a client wrote itself
		{"127.0.0.1:5000", []string{"203.0.113.1", "198.51.100.7"}, "198.51.100.7/32"},
		{"127.0.0.1:5000", []string{"203.0.113.1, 198.51.100.7, 10.1.2.3"}, "198.51.100.7/32"}, // two proxies
		{"127.0.0.1:5000", []string{"10.1.2.3,10.4.5.6"}, "10.1.2.3/32"},
		{"127.0.0.1:5000", []string{"198.51.100.7:4711"}, "198.51.100.7/32"},
		{"127.0.0.1:5000", []string{"[2001:db8:1:2:3:4:5:6]:4711"}, "2001:db8:1:2::/64"},
		{"127.0.0.1:5000", []string{"2001:db8:1:2:ffff::1"}, "2001:db8:1:2::/64"},
		{"[fd00::1]:5000", []string{"2001:db8:1:2::1"}, "2001:db8:1:2::/64"},
		{"127.0.0.1:5000", []string{"198.51.100.7, unknown"}, "127.0.0.1/32"},
		{"127.0.0.1:5000", []string{"198.51.100.7, "}, "127.0.0.1/32"},
		{"127.0.0.1:5000", []string{"<script>"}, "127.0.0.1/32"},
		{"[fe80::1%eth0]:5000", nil, "fe80::/64"},
		{"@", []string{"198.51.100.7"}, "invalid Prefix"},
	} {
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.forwarded, "Forwarded": {"for=203.0.113.99"}}}
		if got := clientOf(r, trusted).String(); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
