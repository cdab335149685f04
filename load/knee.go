package load

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// A Probe is one rate that was tried in the search for the knee.
type Probe struct {
	Rate     float64 `json:"rate_rps"`
	Kept     bool    `json:"kept"`
	Measured string  `json:"measured"` // of the first objective that was broken, or of the first one
}

// A Knee is the highest rate at which the objectives are kept: between Kept and
// Broken.
type Knee struct {
	Kept   float64 `json:"kept_rps"`   // highest rate that was kept; 0: none
	Broken float64 `json:"broken_rps"` // lowest rate that was not; 0: none up to RateMax
	Probes []Probe `json:"probes"`
}

// Bounds of a search for the knee.
const (
	probesMax = 12
	kneeWidth = 1.05 // Broken to Kept
)

// ErrNoKnee says that not even the lowest rate keeps the objectives.
var ErrNoKnee = errors.New("load: not even one request a second keeps the objectives")

// FindKnee doubles the rate from start until the objectives are broken, and then
// halves the stretch between, at most twelve probes in all. try measures one
// rate.
func FindKnee(ctx context.Context, start float64, try func(context.Context, float64) (kept bool, measured string, err error)) (*Knee, error) {
	k := &Knee{Probes: []Probe{}}
	rate := math.Min(math.Max(start, 1), RateMax)
	for len(k.Probes) < probesMax && !k.narrow() {
		kept, measured, err := try(ctx, rate)
		if err != nil {
			return k, fmt.Errorf("load: probe at %.0f/s: %w", rate, err)
		}
		k.Probes = append(k.Probes, Probe{rate, kept, measured})
		if kept {
			k.Kept = rate
		} else {
			k.Broken = rate
		}
		rate = k.next()
	}
	if k.Kept == 0 && k.Broken <= 1 {
		return k, ErrNoKnee
	}
	return k, nil
}

// narrow tells whether the search is over.
func (k *Knee) narrow() bool {
	switch {
	case k.Kept >= RateMax, k.Kept == 0 && k.Broken > 0 && k.Broken <= 1:
		return true
	}
	return k.Kept > 0 && k.Broken > 0 && k.Broken/k.Kept <= kneeWidth
}

// next is the rate of the next probe: twice the highest kept, half the lowest
// broken, or the geometric middle of the two.
func (k *Knee) next() float64 {
	switch {
	case k.Broken == 0:
		return math.Min(2*k.Kept, RateMax)
	case k.Kept == 0:
		return math.Max(k.Broken/2, 1)
	}
	return math.Sqrt(k.Kept * k.Broken)
}
