package main

import (
	"context"
	"time"

	"github.com/songferry/songferry/federation"
)

// reachTime is how long somebody waits for this bridge to find itself at the address that they say it has.
const reachTime = 10 * time.Second

// reach reads an address as other servers would: a public one, by HTTPS, with a certificate that fits.
func (b *bridge) reach(ctx context.Context, address string) ([]byte, error) {
	networks, err := b.settings.privateNetworks()
	if err != nil {
		return nil, err
	}
	client := federation.NewClient(federation.ClientConfig{AllowPrivate: networks, Timeout: reachTime, UserAgent: func() string { return "Songferry/" + version() }})
	doc, err := client.Get(ctx, address, "text/plain", nil, federation.Conditional{})
	if err != nil {
		return nil, err
	}
	return doc.Body, nil
}
