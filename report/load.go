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
}

// SuccessPercent is the part of the requests that succeeded, 0 to 100.
func (l Load) SuccessPercent() float64 { return 100 * l.Success }

// Latency is a distribution in milliseconds.
type Latency struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P95  float64 `json:"p95"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
	Max  float64 `json:"max"`
}

// A Point is one quantile (0 to 1) of a curve.
type Point struct {
	Quantile float64 `json:"quantile"`
	MS       float64 `json:"ms"`
}

// A Moment is one step of a timeline.
type Moment struct {
	AtMS    float64 `json:"at_ms"` // from the start of the workload
	DoneRPS float64 `json:"throughput_rps"`
	Errors  float64 `json:"error_ratio"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
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
