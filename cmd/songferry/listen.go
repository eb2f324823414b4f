package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/net/netutil"

	"github.com/songferry/songferry/playlists"
)

// listeners are where a daemon is asked. tls and metrics are nil when nobody wants them.
type listeners struct{ plain, tls, metrics net.Listener }

// maxConnections is how many may be open at a listener; who comes then waits. It is less than the files that a system lets a
// program open.
const maxConnections = 800

// listen opens those that are set.
func (s Settings) listen() (l listeners, err error) {
	for _, one := range []struct {
		setting, address string
		to               *net.Listener
	}{
		{"SONGFERRY_LISTEN", s.Listen, &l.plain},
		{"SONGFERRY_HTTPS_LISTEN", s.HTTPSListen, &l.tls},
		{"SONGFERRY_METRICS_LISTEN", s.MetricsListen, &l.metrics},
	} {
		if one.address == "" {
			continue
		}
		if *one.to, err = net.Listen("tcp", one.address); err != nil {
			*one.to = nil
			return l, errors.Join(explainListen(err, one.address, one.setting), l.Close())
		}
		*one.to = netutil.LimitListener(*one.to, maxConnections)
	}
	return l, nil
}

// Close closes them all.
func (l listeners) Close() error {
	var errs []error
	for _, one := range []net.Listener{l.plain, l.tls, l.metrics} {
		if one != nil {
			errs = append(errs, one.Close())
		}
	}
	return errors.Join(errs...)
}

// explainListen says in words why an address cannot be had.
func explainListen(err error, address, setting string) error {
	why := "it must look like 127.0.0.1:8080, with an address of this machine"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		why = "another program uses that port, perhaps a Songferry that is running already"
	case errors.Is(err, fs.ErrPermission):
		why = "this user may not use that port; those above 1023 are free to all"
	}
	return playlists.Problemf(playlists.Invalid, err, "Songferry cannot listen on %s: %s. Set %s.", address, why, setting)
}

// servers answer at the listeners. metrics is nil when nobody wants them.
type servers struct{ public, metrics *http.Server }

// servers makes them. Bounds of time and size are for strangers, who may be slow on purpose; pages that need longer say so.
func (b *bridge) servers(public http.Handler) servers {
	if b.certificates != nil {
		public = b.certificates.plain(public)
	}
	s := servers{public: &http.Server{
		Handler: public, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: b.complaints(),
	}}
	if b.certificates != nil {
		s.public.TLSConfig = b.certificates.tls()
	}
	if b.metrics != nil {
		s.metrics = b.metrics.server(b.complaints())
	}
	return s
}

// stop ends them in order, until ctx ends.
func (s servers) stop(ctx context.Context) error {
	err := s.public.Shutdown(ctx)
	if s.metrics != nil {
		err = errors.Join(err, s.metrics.Close())
	}
	return err
}

// serveTLS answers at l with the certificate of this bridge's address.
func (b *bridge) serveTLS(ctx context.Context, s *http.Server, l net.Listener) error {
	defer b.certificates.stop()
	if err := b.certificates.begin(ctx); err != nil {
		return err
	}
	return s.ServeTLS(l, "", "")
}
