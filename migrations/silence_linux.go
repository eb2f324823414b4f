package migrations

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix" // the standard library does not know TCP_USER_TIMEOUT
)

// boundSilence ends a connection over which nothing arrives any more. Without it Linux sends again for a quarter of an hour, during
// which it does not ask whether the peer is there (RFC 5482).
func boundSilence(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var set error
	err := c.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silentTime.Milliseconds()))
	})
	return errors.Join(err, set)
}
