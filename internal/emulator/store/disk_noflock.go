//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package store

import (
	"fmt"
	"os"
	"runtime"
)

// lock refuses: without it two processes could use one directory.
func lock(string) (*os.File, error) {
	return nil, fmt.Errorf("a store in a directory needs file locks, which are not made use of on %s", runtime.GOOS)
}
