package load

import (
	"fmt"
	"runtime"
	"time"
)

// Bounds beyond which a generator is said not to have kept its plan.
const (
	lateMost = 10 * time.Millisecond // p99 of the lateness, or a tenth of the p99 of the response time
	cpuMost  = 0.85                  // of the machine's processors
	keptMost = 0.99                  // of the planned requests that were sent
)

// judge says whether the plan was kept, and if not, what stood in the way. A
// closed loop has none.
func (r *Result) judge() {
	var late, short, sockets bool
	most := int64(0)
	for _, a := range r.Arms {
		if a.Planned == 0 {
			continue
		}
		p99 := a.Tally.Lateness.Quantile(0.99)
		late = late || p99 > max(lateMost, a.Tally.Response.Quantile(0.99)/10)
		short = short || float64(a.Tally.Requests) < keptMost*float64(a.Planned)
		sockets = sockets || a.Tally.Failures[Failure{NoReply, 0, "out of sockets"}] > 0
		most = max(most, a.Most)
	}
	if !late && !short && !sockets {
		return
	}
	r.Saturated = append(r.Saturated, r.reasons(sockets, most)...)
}

func (r *Result) reasons(sockets bool, most int64) (list []string) {
	if sockets {
		list = append(list, "sockets: connections could not be opened")
	}
	if r.CPU > cpuMost {
		list = append(list, fmt.Sprintf("CPU: the generator used %.0f %% of the processors", 100*r.CPU))
	}
	switch {
	case len(list) > 0:
	case most >= int64(r.Workers):
		list = append(list, fmt.Sprintf("workers: all %d had a request under way, and the next had to wait", most))
	default:
		list = append(list, fmt.Sprintf("wake-ups: starts were late although at most %d of %d workers were busy; the machine has other work to do", most, r.Workers))
	}
	return list
}

// share is the part of the machine's processors that was used.
func share(used, elapsed time.Duration) float64 {
	if elapsed <= 0 {
		return 0
	}
	return used.Seconds() / elapsed.Seconds() / float64(runtime.NumCPU())
}
