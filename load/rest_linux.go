package load

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// sharpen makes the sleeps of this thread exact to the nanosecond, as far as the
// machine can; Linux adds 50 µs otherwise.
func sharpen() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) } // without it the sleeps are only later

// rest sleeps on this thread, without the runtime's timers.
func rest(d time.Duration) {
	ts := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&ts, nil) // whoever is woken early looks at the clock again
}

// busy is the processor time that this process has used.
func busy() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
