package guard_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/songferry/songferry/playlists/guard"
)

func TestA02A03OnlyPublicAddressesMayBeDialled(t *testing.T) {
	t.Parallel()
	check := guard.PublicOr(nil)
	for _, address := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"198.18.0.1", "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]",
		"[2001::7f00:1]", "[2001:db8::1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fe80::1%eth0]", "[fec0::1]", "[ff02::1]", "[100::1]", "[3fff::1]",
	} {
		if err := check(networkOf(address), address+":443", nil); err == nil {
			t.Errorf("%s may be dialled", address)
		}
	}
	for _, address := range []string{"8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]"} {
		if err := check(networkOf(address), address+":8443", nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := check("udp4", "8.8.8.8:443", nil); err == nil {
		t.Error("udp may be dialled")
	}
}

func networkOf(address string) string {
	if strings.HasPrefix(address, "[") {
		return "tcp6"
	}
	return "tcp4"
}

func TestAllowedPrivateNetworksMayBeDialledAlsoInTheClear(t *testing.T) {
	t.Parallel()
	allowed := []netip.Prefix{netip.MustParsePrefix("192.168.7.0/24"), netip.MustParsePrefix("fd00:7::/32")}
	secure, plain := guard.PublicOr(allowed), guard.Within(allowed)
	for _, c := range []struct {
		address       string
		secure, plain bool
	}{
		{"192.168.7.9", true, true},
		{"[fd00:7::1]", true, true},
		{"192.168.8.9", false, false},
		{"[fd00:8::1]", false, false},
		{"127.0.0.1", false, false},
		{"8.8.8.8", true, false},
		{"[2606:4700::1111]", true, false},
	} {
		if err := secure(networkOf(c.address), c.address+":443", nil); (err == nil) != c.secure {
			t.Errorf("https %s: %v", c.address, err)
		}
		if err := plain(networkOf(c.address), c.address+":80", nil); (err == nil) != c.plain {
			t.Errorf("http %s: %v", c.address, err)
		}
	}
}
