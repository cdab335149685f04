//go:build !unix

package runner

import "syscall"

// OwnGroup changes nothing where there are no process groups.
func OwnGroup() *syscall.SysProcAttr { return nil }
