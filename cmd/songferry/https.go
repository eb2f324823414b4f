package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"path/filepath"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"github.com/songferry/songferry/playlists"
)

// certificates gets and renews the certificate of this bridge's address, for machines without a proxy. It answers the challenges of
// ACME (RFC 8555) in the TLS handshake (RFC 8737) and, where port 80 leads to SONGFERRY_LISTEN, by HTTP.
type certificates struct {
	cache  *certmagic.Cache
	config *certmagic.Config
	issuer *certmagic.ACMEIssuer
	host   string
}

// newCertificates returns nil when HTTPS is a proxy's work.
func (b *bridge) newCertificates() (*certificates, error) {
	if b.settings.HTTPSListen == "" {
		return nil, nil
	}
	origin := b.origin()
	if origin == nil || origin.Scheme != "https" {
		return nil, playlists.Problemf(playlists.Invalid, nil, "A certificate is for a name: set SONGFERRY_URL to https:// and the name of this machine, or leave SONGFERRY_HTTPS_LISTEN out.")
	}
	c := &certificates{host: origin.Hostname()}
	c.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return c.config, nil },
		Logger:           zap.NewNop(), // what matters comes by OnEvent, in this program's own log
	})
	c.config = certmagic.New(c.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: filepath.Join(b.settings.Data, "certificates")}, Logger: zap.NewNop(), OnEvent: b.certificateEvent,
	})
	c.issuer = certmagic.NewACMEIssuer(c.config, certmagic.ACMEIssuer{
		CA: b.settings.ACMEDirectory, Email: b.settings.ACMEEmail, Agreed: true, Logger: zap.NewNop(),
	})
	c.config.Issuers = []certmagic.Issuer{c.issuer}
	return c, nil
}

// certificateEvent logs how it goes.
func (b *bridge) certificateEvent(_ context.Context, event string, data map[string]any) error {
	switch event {
	case "cert_obtained":
		b.log.Info("a certificate was obtained", "host", data["identifier"])
	case "cert_failed":
		b.log.Error("no certificate could be obtained; it is tried again. Does the name lead to this machine, and ports 443 and 80 to this program?",
			"host", data["identifier"], "error", data["error"])
	}
	return nil
}

// begin gets the certificate in the background, and goes on renewing it until ctx ends. Until it is there handshakes fail.
func (c *certificates) begin(ctx context.Context) error {
	if err := c.config.ManageAsync(ctx, []string{c.host}); err != nil {
		return fmt.Errorf("certificate for %s: %w", c.host, err)
	}
	return nil
}

// tls is how connections are encrypted.
func (c *certificates) tls() *tls.Config {
	t := c.config.TLSConfig()
	t.NextProtos = append([]string{"h2", "http/1.1"}, t.NextProtos...)
	t.MinVersion = tls.VersionTLS12
	return t
}

// plain answers challenges that come without TLS, and sends people who came without it to where it is.
func (c *certificates) plain(next http.Handler) http.Handler {
	return c.issuer.HTTPChallengeHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil && r.Host == c.host && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			http.Redirect(w, r, "https://"+c.host+r.URL.RequestURI(), http.StatusPermanentRedirect)
			return
		}
		next.ServeHTTP(w, r)
	}))
}

func (c *certificates) stop() { c.cache.Stop() }
