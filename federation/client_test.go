package federation

import "net/netip"

// loopback is a ClientConfig for the instances of federationtest.
func loopback() ClientConfig {
	return ClientConfig{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, UserAgent: "Songferry/test"}
}
