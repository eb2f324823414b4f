package main

import (
	"os/exec"
	"syscall"
)

// endsWithUs makes the system kill a process when this test binary is gone, however it ended.
func endsWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
