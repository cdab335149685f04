package load

import (
	"fmt"
	"time"
)

// An Estimate is what a run will send, about.
type Estimate struct {
	Requests uint64 // 0: nobody knows, since the loop is closed
	Objects  uint64 // that it makes
	Bytes    int64  // of bodies, sent
	Time     time.Duration
}

// estimateOf is how many requests an estimate looks at.
const estimateOf = 1000

// Estimate tells what the experiment will send, preparation included.
func (x *Experiment) Estimate() Estimate {
	arms := uint64(len(x.Arms))
	e := Estimate{Time: x.total()}
	planned, open, _ := x.Planned()
	before := x.Workload.Needs(planned)
	e.Objects, e.Requests = before*arms, before*arms
	mean := int64(0)
	for n := range uint64(estimateOf) {
		mean += x.Workload.sizeOf(n)
	}
	e.Bytes = int64(before*arms) * (mean / estimateOf)
	if !open {
		e.Requests = 0
		return e
	}
	made, sent := uint64(0), int64(0)
	for seq := range uint64(estimateOf) {
		h := x.Workload.Hit(seq)
		sent += h.Size
		if h.Op.writes() {
			made++
		}
	}
	e.Requests += planned * arms
	e.Objects += planned * arms * made / estimateOf
	e.Bytes += int64(float64(planned*arms) / estimateOf * float64(sent))
	return e
}

// String is the estimate in words.
func (e Estimate) String() string {
	if e.Requests == 0 {
		return fmt.Sprintf("as many requests as are answered in %v", e.Time.Round(100*time.Millisecond))
	}
	return fmt.Sprintf("about %d requests, %d objects and %.1f MB of bodies in %v", e.Requests, e.Objects, float64(e.Bytes)/1e6, e.Time.Round(100*time.Millisecond))
}
