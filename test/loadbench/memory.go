package main

import (
	"os"
	"syscall"
)

// memoryOf is the most memory that a process had, in bytes.
func memoryOf(s *os.ProcessState) int64 {
	u, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return u.Maxrss << 10
}
