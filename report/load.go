package report

// A Load is one measured workload: one key strategy at one rate, all rounds
// together. Durations are milliseconds, rates per second.
type Load struct {
	Name       string         `json:"name"` // identifies it in comparisons
	Dialect    string         `json:"dialect"`
	Target     string         `json:"target"`
	Operation  string         `json:"operation"`
	Keys       string         `json:"keys"` // key strategy
	Rounds     int            `json:"rounds"`
	RateRPS    float64        `json:"rate_rps"`       // offered; 0 in a closed loop
	DoneRPS    float64        `json:"throughput_rps"` // completed with success
	DurationMS float64        `json:"duration_ms"`
	Requests   int64          `json:"requests"`
	Success    float64        `json:"success_ratio"` // 0 to 1
	Bytes      int64          `json:"bytes"`         // moved, both ways
	Statuses   map[string]int `json:"statuses"`      // "200", "503", …; "0" for no reply
	Service    Latency        `json:"service_ms"`    // from the actual start
	Response   Latency        `json:"response_ms"`   // from the planned start
	Lateness   Latency        `json:"lateness_ms"`   // actual start minus planned start
	Saturated  bool           `json:"saturated"`     // the client or the target could not keep up: percentiles are too good
	Warnings   []string       `json:"warnings"`
	Curve      []Point        `json:"curve"`    // response time by quantile
	Timeline   []Moment       `json:"timeline"` // in equal steps

	SentRPS    float64       `json:"sent_rps"`    // requests that were sent, whatever became of them
	GoodBPS    float64       `json:"goodput_bps"` // bytes of the bodies of successes, both ways, a second
	Failures   []Failure     `json:"failures"`    // by class, status and code; the most frequent first, at most 100 and "other"
	Operations []OpLoad      `json:"operations"`
	Saturation []string      `json:"saturation"` // why the generator did not keep its plan; empty when it did
	FirstKeys  []string      `json:"first_keys"`
	Spread     *KeySpread    `json:"spread"` // null where nothing was written
	Hot        *HotRange     `json:"hot"`    // null where no range of keys stands out
	Heat       *HeatMap      `json:"heat"`   // null where nothing was sent
	Objectives []ObjectiveOf `json:"objectives"`
	Knee       *Knee         `json:"knee"` // null unless the highest rate was searched for
}

// Throttled is the class of failures by which a store asks for patience.
const Throttled = "throttled"

// A Failure is one way in which requests failed.
type Failure struct {
	Class    string  `json:"class"`  // throttled, refused, server, wrong, no-reply
	Status   int     `json:"status"` // 0 where there was no reply
	Code     string  `json:"code"`   // of the target, or why there was no reply
	Requests int64   `json:"requests"`
	Ratio    float64 `json:"ratio"` // of all requests, 0 to 1
}

// An OpLoad is what was measured of one operation of a mix.
type OpLoad struct {
	Operation string  `json:"operation"`
	Requests  int64   `json:"requests"`
	Success   float64 `json:"success_ratio"`
	Response  Latency `json:"response_ms"` // of the successes, from the planned start
}

// A KeySpread tells how the keys of a load fall over an index in byte order.
type KeySpread struct {
	Keys     int64   `json:"keys"`         // that were looked at, from the first one written
	Ranges   int     `json:"ranges"`       // into which the index is split by the keys before
	Used     int     `json:"used"`         // of them that the next keys go to
	Busiest  float64 `json:"busiest"`      // share of the next keys that go to one range, 0 to 1
	Entropy  float64 `json:"entropy_bits"` // of the first four bytes
	Listings int     `json:"listings"`     // it takes to find a directory; 0: keys have none
}

// A HotRange is a group of keys that the store throttles.
type HotRange struct {
	Prefix  string  `json:"prefix"`
	Share   float64 `json:"share"`    // of the throttled requests that have the prefix, 0 to 1
	FirstMS float64 `json:"first_ms"` // start of the first of them, from that of the run
}

// A HeatMap counts requests by key range and time. The ranges hold equally many
// keys of the load. Rows are moments, of which those without a request are left
// out; each has a number for each range.
type HeatMap struct {
	StepMS    float64   `json:"step_ms"`
	Ranges    []string  `json:"ranges"` // the first key of each
	AtMS      []float64 `json:"at_ms"`
	Requests  [][]int   `json:"requests"`
	Throttled [][]int   `json:"throttled"`
}

// An ObjectiveOf is an objective and what a load made of it.
type ObjectiveOf struct {
	Text     string `json:"text"`
	Measured string `json:"measured"`
	Kept     bool   `json:"kept"`
}

// A Knee is the highest rate at which the objectives are kept.
type Knee struct {
	KeptRPS   float64 `json:"kept_rps"`   // highest rate that was kept; 0: none
	BrokenRPS float64 `json:"broken_rps"` // lowest rate that was not; 0: none that was tried
	Probes    []Probe `json:"probes"`
	Text      string  `json:"text"` // the finding in one line
}

// A Probe is one rate of a search.
type Probe struct {
	RPS      float64 `json:"rate_rps"`
	Kept     bool    `json:"kept"`
	Measured string  `json:"measured"`
}

// SuccessPercent is the part of the requests that succeeded, 0 to 100.
func (l Load) SuccessPercent() float64 { return 100 * l.Success }

// Latency is a distribution in milliseconds.
type Latency struct {
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p999"`
	P9999 float64 `json:"p9999"`
	Max   float64 `json:"max"`
}

// A Point is one quantile (0 to 1) of a curve.
type Point struct {
	Quantile float64 `json:"quantile"`
	MS       float64 `json:"ms"`
}

// A Moment is one step of a timeline.
type Moment struct {
	AtMS      float64 `json:"at_ms"` // from the start of the workload
	DoneRPS   float64 `json:"throughput_rps"`
	Errors    float64 `json:"error_ratio"`
	Throttled float64 `json:"throttled_ratio"`
	CoveredMS float64 `json:"covered_ms"` // of the step in which the load was sent
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

// A Comparison sets one load against another.
type Comparison struct {
	Metric     string   `json:"metric"` // throughput_rps, response_ms.p99, success_ratio, …
	Baseline   string   `json:"baseline"`
	Candidate  string   `json:"candidate"`
	Before     float64  `json:"baseline_value"`
	After      float64  `json:"candidate_value"`
	Change     float64  `json:"change"`      // candidate / baseline - 1
	ChangeLow  float64  `json:"change_low"`  // bounds of the confidence interval
	ChangeHigh float64  `json:"change_high"` //
	Confidence float64  `json:"confidence"`  // 0.95
	P          float64  `json:"p"`           // of the test for no difference
	Rounds     int      `json:"rounds"`
	Differs    bool     `json:"differs"` // false: no difference was found
	Text       string   `json:"text"`    // the finding in one line
	Warnings   []string `json:"warnings"`
}
