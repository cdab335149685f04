package load

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An Objective is what a measured arm must keep: error_rate<0.1%, p99<50ms,
// throughput>1000.
type Objective struct {
	Text  string
	value func(*ArmResult) float64
	less  bool
	bound float64
	unit  func(float64) string
}

var objectiveForm = regexp.MustCompile(`^\s*([a-z0-9_]+)\s*([<>])\s*(\S+)\s*$`)

// quantiles are the names under which objectives speak of response times.
var quantiles = map[string]float64{"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "p9999": 0.9999}

// ParseObjective reads METRIC<BOUND or METRIC>BOUND. Metrics are error_rate (all
// that is no success) and throttle_rate with a share or per cent, throughput
// (successes a second) with a number, and p50 to p9999, service_p50 … and
// lateness_p50 … with a duration.
func ParseObjective(text string) (Objective, error) {
	words := objectiveForm.FindStringSubmatch(text)
	if words == nil {
		return Objective{}, fmt.Errorf("load: objective %q: expected METRIC<BOUND or METRIC>BOUND, such as p99<50ms", text)
	}
	o := Objective{Text: text, less: words[2] == "<"}
	var err error
	switch metric, bound := words[1], words[3]; metric {
	case "error_rate":
		o.value, o.unit = func(a *ArmResult) float64 { return 1 - part(a.Tally.Classes[OK], a.Tally.Requests) }, percent
		o.bound, err = shareOf(bound)
	case "throttle_rate":
		o.value, o.unit = func(a *ArmResult) float64 { return part(a.Tally.Classes[Throttled], a.Tally.Requests) }, percent
		o.bound, err = shareOf(bound)
	case "throughput":
		o.value, o.unit = func(a *ArmResult) float64 { return a.Throughput() }, func(v float64) string { return fmt.Sprintf("%.1f/s", v) }
		o.bound, err = strconv.ParseFloat(strings.TrimSuffix(bound, "/s"), 64)
	default:
		err = o.latency(metric, bound)
	}
	if err != nil {
		return Objective{}, fmt.Errorf("load: objective %q: %w", text, err)
	}
	return o, nil
}

// latency is an objective on a quantile of times.
func (o *Objective) latency(metric, bound string) error {
	kind, name, ok := strings.Cut(metric, "_")
	if !ok {
		kind, name = "response", metric
	}
	q, known := quantiles[name]
	if !known || kind != "response" && kind != "service" && kind != "lateness" {
		return fmt.Errorf("expected error_rate, throttle_rate, throughput, p50, p90, p95, p99, p999 or p9999, the latter also as service_p99 and lateness_p99; got %q", metric)
	}
	d, err := time.ParseDuration(bound)
	if err != nil || d <= 0 {
		return fmt.Errorf("expected a duration such as 50ms, got %q", bound)
	}
	o.bound, o.unit = d.Seconds(), func(v float64) string { return time.Duration(v * 1e9).Round(time.Microsecond).String() }
	o.value = func(a *ArmResult) float64 {
		h := &a.Tally.Response
		switch kind {
		case "service":
			h = &a.Tally.Service
		case "lateness":
			h = &a.Tally.Lateness
		}
		return h.Quantile(q).Seconds()
	}
	return nil
}

func shareOf(text string) (float64, error) {
	digits, cent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(digits, 64)
	if cent {
		v /= 100
	}
	if err != nil || v < 0 || v > 1 {
		return 0, fmt.Errorf("expected a share such as 0.1%% or 0.001, got %q", text)
	}
	return v, nil
}

// Check tells whether an arm keeps the objective, and what was measured.
func (o Objective) Check(a *ArmResult) (kept bool, measured string) {
	v := o.value(a)
	return (v < o.bound) == o.less && v != o.bound, o.unit(v)
}

// Throughput is the successes a second while the arm was measured.
func (a *ArmResult) Throughput() float64 {
	if a.Elapsed <= 0 {
		return 0
	}
	return float64(a.Tally.Classes[OK]) / a.Elapsed.Seconds()
}
