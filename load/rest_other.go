//go:build !linux

package load

import "time"

func sharpen() {}

func rest(d time.Duration) { time.Sleep(d) }

// busy is not known here: a generator that ran out of processor time is told by
// its lateness alone.
func busy() time.Duration { return 0 }
