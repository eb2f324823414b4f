package main

import "testing"

func TestTheDaemonIsReadyBeforeSetUpAndStopsInOrder(t *testing.T) {
	t.Parallel()
	i := install(t)
	d := i.serve()

	if got := i.must("healthcheck"); got != "ready\n" {
		t.Errorf("healthcheck printed %q", got)
	}
	d.stop()

	s := i.run("healthcheck")
	if s.code != 1 || s.out != "" {
		t.Errorf("after the daemon ended, healthcheck exits with %d and prints %q", s.code, s.out)
	}
}
